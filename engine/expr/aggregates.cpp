#include "engine/expr/aggregates.h"

#include <unordered_set>
#include <utility>

#include "engine/expr/operators.h"

namespace akyn::expr {
namespace {

class Count final : public Aggregate {
 public:
  void add(const Result& value) override {
    if (value) ++count_;
  }
  [[nodiscard]] Result result() const override { return Value::integer(count_); }

 private:
  std::int64_t count_ = 0;
};

// Sum by op:numeric-add, from integer 0; an error stays one.
class Sum : public Aggregate {
 public:
  void add(const Result& value) override {
    ++count_;
    if (!sum_) return;
    sum_ = value && value->is_numeric() ? expr::add(*sum_, *value) : std::nullopt;
  }
  [[nodiscard]] Result result() const override { return sum_; }

 protected:
  std::int64_t count_ = 0;
  Result sum_ = Value::integer(std::int64_t{0});
};

class Average final : public Sum {
 public:
  [[nodiscard]] Result result() const override {
    if (count_ == 0 || !sum_) return sum_;
    return divide(*sum_, Value::integer(count_));
  }
};

// By the total order, so that the answer does not depend on the sequence of values. ORDER BY puts errors before all
// values: one is the smallest of its group, and never the largest but among errors.
class Extreme final : public Aggregate {
 public:
  explicit Extreme(bool largest) : largest_(largest) {}

  void add(const Result& value) override {
    if (failed_) return;
    if (!value) {
      failed_ = !largest_;
      if (failed_) best_.reset();
      return;
    }
    if (!best_) {
      best_ = value;
      return;
    }
    const std::strong_ordering order = order_compare(&*value, &*best_);
    if (largest_ ? order > 0 : order < 0) best_ = value;
  }
  [[nodiscard]] Result result() const override { return best_; }

 private:
  bool largest_;
  bool failed_ = false;
  Result best_;
};

class Sample final : public Aggregate {
 public:
  void add(const Result& value) override {
    if (!sample_) sample_ = value;
  }
  [[nodiscard]] Result result() const override { return sample_; }

 private:
  Result sample_;
};

class GroupConcat final : public Aggregate {
 public:
  GroupConcat(std::string separator, RoomCheck check_room)
      : separator_(std::move(separator)), check_room_(std::move(check_room)), text_(check_room_) {}

  void add(const Result& value) override {
    if (failed_) return;
    if (!value || !(value->is_literal() || value->is_iri())) {
      failed_ = true;
      static_cast<void>(text_.take());
      return;
    }
    if (!empty_) text_.append(separator_);
    empty_ = false;
    text_.append(value->lexical_form());
  }
  [[nodiscard]] Result result() const override {
    if (failed_) return std::nullopt;
    ask_for_room(check_room_, text_.text().size());
    return Value::string(text_.text());
  }
  [[nodiscard]] std::size_t memory() const noexcept override { return text_.capacity(); }

 private:
  std::string separator_;
  RoomCheck check_room_;
  GrowingText text_;
  bool empty_ = true;
  bool failed_ = false;
};

// Passes each term on once. Errors are passed on too: all of them together are one error or none.
class Distinct final : public Aggregate {
 public:
  explicit Distinct(std::unique_ptr<Aggregate> aggregate) : aggregate_(std::move(aggregate)) {}

  void add(const Result& value) override {
    if (value) {
      const auto [place, fresh] = seen_.insert(value->term());
      if (!fresh) return;
      bytes_ += sizeof(Term) + 2 * sizeof(void*) + place->value().size();
    }
    aggregate_->add(value);
  }
  [[nodiscard]] Result result() const override { return aggregate_->result(); }
  [[nodiscard]] std::size_t memory() const noexcept override { return bytes_ + aggregate_->memory(); }

 private:
  std::unique_ptr<Aggregate> aggregate_;
  std::unordered_set<Term> seen_;
  std::size_t bytes_ = 0;
};

std::unique_ptr<Aggregate> make_plain(AggregateKind kind, const AggregateOptions& options) {
  switch (kind) {
    case AggregateKind::count:
      return std::make_unique<Count>();
    case AggregateKind::sum:
      return std::make_unique<Sum>();
    case AggregateKind::avg:
      return std::make_unique<Average>();
    case AggregateKind::min:
      return std::make_unique<Extreme>(false);
    case AggregateKind::max:
      return std::make_unique<Extreme>(true);
    case AggregateKind::sample:
      return std::make_unique<Sample>();
    case AggregateKind::group_concat:
    case AggregateKind::custom:
      break;
  }
  return std::make_unique<GroupConcat>(options.separator.value_or(" "), options.check_room);
}

}  // namespace

std::unique_ptr<Aggregate> make_aggregate(AggregateKind kind, const AggregateOptions& options) {
  std::unique_ptr<Aggregate> aggregate = make_plain(kind, options);
  // The extremes and a sample are the same with and without duplicates.
  const bool matters = kind != AggregateKind::min && kind != AggregateKind::max && kind != AggregateKind::sample;
  if (options.distinct && matters) return std::make_unique<Distinct>(std::move(aggregate));
  return aggregate;
}

}  // namespace akyn::expr
