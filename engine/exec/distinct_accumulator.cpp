// DISTINCT in aggregates: each list of arguments once in a group.
#include <algorithm>
#include <utility>

#include "engine/exec/accumulator.h"
#include "engine/exec/row_table.h"

namespace akyn::exec {
namespace {

// Hands the first row of each list of arguments on, uncounted. Errors are passed on as one more value: all of them
// together are one error or none.
class Distinct : public Accumulator {
 public:
  Distinct(std::vector<std::size_t> arguments, std::unique_ptr<Accumulator> aggregate)
      : arguments_(std::move(arguments)), aggregate_(std::move(aggregate)) {}
  void resize(std::size_t groups) override { aggregate_->resize(groups); }
  void add(const GroupedRows& rows) override {
    groups_.clear();
    if (rows.runs.empty()) {
      groups_.assign(rows.groups.begin(), rows.groups.end());
    } else {
      for (const GroupedRun& run : rows.runs) groups_.resize(run.last, run.group);
    }
    fresh_.clear();
    find_fresh(rows.batch, groups_, fresh_);
    if (fresh_.empty()) return;
    some_.reset(rows.batch.width());
    for (const std::size_t argument : arguments_) {
      const std::span<const std::uint64_t> cells = rows.batch.column(argument);
      for (const std::uint32_t row : fresh_) some_.values(argument).push_back(cells[row]);
    }
    for (std::size_t i = 0; i < fresh_.size(); ++i) groups_[i] = groups_[fresh_[i]];
    groups_.resize(fresh_.size());
    some_.set_rows(fresh_.size());
    aggregate_->add({some_, groups_, {}});
  }
  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    aggregate_->results(first, last, out);
  }
  void drop(std::size_t groups) override { aggregate_->drop(groups); }

 protected:
  // Appends the places of the rows whose arguments are the first of their kind in their group.
  virtual void find_fresh(const Batch& batch, std::span<const std::uint32_t> groups,
                          std::vector<std::uint32_t>& fresh) = 0;

  [[nodiscard]] const std::vector<std::size_t>& arguments() const noexcept { return arguments_; }
  [[nodiscard]] std::size_t inner_bytes() const noexcept { return aggregate_->bytes_per_group(); }

 private:
  std::vector<std::size_t> arguments_;
  std::unique_ptr<Accumulator> aggregate_;
  Batch some_;
  std::vector<std::uint32_t> groups_;
  std::vector<std::uint32_t> fresh_;
};

class HashedDistinct final : public Distinct {
 public:
  HashedDistinct(Run& run, std::vector<std::size_t> arguments, std::unique_ptr<Accumulator> aggregate)
      : Distinct(std::move(arguments), std::move(aggregate)),
        run_(run),
        seen_(std::make_unique<RowTable>(run.budget(), this->arguments().size() + 1)) {}
  void drop(std::size_t groups) override {
    Distinct::drop(groups);
    dropped_ += groups;
    keep_from(dropped_);
  }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override {
    return inner_bytes() + 4 * sizeof(std::uint64_t) * (arguments().size() + 1);
  }

 protected:
  void find_fresh(const Batch& batch, std::span<const std::uint32_t> groups,
                  std::vector<std::uint32_t>& fresh) override {
    serials_.resize(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) serials_[i] = dropped_ + groups[i];
    columns_.assign(1, serials_);
    for (const std::size_t argument : arguments()) columns_.push_back(batch.column(argument));
    seen_->add(columns_, batch.rows(), numbers_, fresh);
  }

 private:
  // Forgets what groups before `serial` have seen.
  void keep_from(std::uint64_t serial) {
    auto kept = std::make_unique<RowTable>(run_.budget(), arguments().size() + 1);
    Batch some;
    some.reset(arguments().size() + 1);
    const std::span<const std::uint64_t> serials = seen_->column(0);
    const auto flush = [&] {
      columns_.clear();
      for (std::size_t c = 0; c < some.width(); ++c) columns_.push_back(some.column(c));
      std::vector<std::uint32_t> fresh;
      kept->add(columns_, some.rows(), numbers_, fresh);
      some.reset(arguments().size() + 1);
    };
    for (std::size_t i = 0; i < serials.size(); ++i) {
      if (serials[i] < serial) continue;
      for (std::size_t c = 0; c < some.width(); ++c) some.values(c).push_back(seen_->column(c)[i]);
      some.set_rows(some.rows() + 1);
      if (some.rows() == kBatchRows) flush();
    }
    if (some.rows() > 0) flush();
    seen_ = std::move(kept);
  }

  Run& run_;
  std::unique_ptr<RowTable> seen_;  // the group's serial number, then arguments
  std::uint64_t dropped_ = 0;       // groups; number plus this is a serial number
  std::vector<std::uint64_t> serials_;
  std::vector<std::span<const std::uint64_t>> columns_;
  std::vector<std::uint32_t> numbers_;
};

// Where equal arguments of a group follow each other.
class AdjacentDistinct final : public Distinct {
 public:
  using Distinct::Distinct;
  void drop(std::size_t groups) override {
    Distinct::drop(groups);
    last_group_ -= groups;
  }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return inner_bytes(); }

 protected:
  void find_fresh(const Batch& batch, std::span<const std::uint32_t> groups,
                  std::vector<std::uint32_t>& fresh) override {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      bool same = any_ && groups[i] == last_group_;
      for (std::size_t a = 0; a < arguments().size() && same; ++a) {
        const std::span<const std::uint64_t> cells = batch.column(arguments()[a]);
        same = cells[i] == (i == 0 ? last_[a] : cells[i - 1]);
      }
      if (!same) fresh.push_back(static_cast<std::uint32_t>(i));
      any_ = true;
      last_group_ = groups[i];
    }
    last_.clear();
    for (const std::size_t argument : arguments()) last_.push_back(batch.column(argument).back());
  }

 private:
  bool any_ = false;
  std::size_t last_group_ = 0;
  std::vector<std::uint64_t> last_;
};

}  // namespace

std::unique_ptr<Accumulator> make_distinct(Run& run, const AccumulatorSpec& spec,
                                           std::unique_ptr<Accumulator> aggregate) {
  if (spec.sorted) return std::make_unique<AdjacentDistinct>(spec.arguments, std::move(aggregate));
  return std::make_unique<HashedDistinct>(run, spec.arguments, std::move(aggregate));
}

}  // namespace akyn::exec
