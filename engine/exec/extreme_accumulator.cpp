// MIN and MAX.
#include <algorithm>

#include "engine/exec/accumulator.h"
#include "engine/exec/value_order.h"

namespace akyn::exec {
namespace {

// No term has this Id.
constexpr std::uint64_t kFailed = ~std::uint64_t{0};

class Extreme final : public Accumulator {
 public:
  Extreme(Run& run, std::size_t argument, bool largest)
      : run_(run), argument_(argument), largest_(largest), order_(run), best_(run) {}
  void resize(std::size_t groups) override { best_.resize(groups); }

  void add(const GroupedRows& rows) override {
    const std::span<const std::uint64_t> cells = rows.batch.column(argument_);
    if (cells.empty()) return;
    // As long as all cells are of one range of Ids, the least value is the least Id.
    std::uint64_t least = cells[0];
    std::uint64_t greatest = cells[0];
    for (const std::uint64_t cell : cells) {
      least = std::min(least, cell);
      greatest = std::max(greatest, cell);
    }
    if (!any_) range_ = order_.ids().range_of(least);
    any_ = true;
    if (least == 0 || !range_.contains(least) || !range_.contains(greatest)) mixed_ = true;
    if (mixed_) {
      order_.expect(cells);
      for_each_row(rows, best_, [&](std::uint64_t& best, std::size_t row) { add_any(best, cells[row]); });
    } else if (rows.runs.size() == 1) {
      std::uint64_t& best = best_[rows.runs[0].group];
      const std::uint64_t cell = largest_ ? greatest : least;
      if (best == 0 || (largest_ ? cell > best : cell < best)) best = cell;
    } else if (largest_) {
      for_each_row(rows, best_, [&](std::uint64_t& best, std::size_t row) { best = std::max(best, cells[row]); });
    } else {
      for_each_row(rows, best_, [&](std::uint64_t& best, std::size_t row) {
        best = std::min(best - 1, cells[row] - 1) + 1;  // 0, no value yet, is above all
      });
    }
  }

  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) out.push_back(best_[group] == kFailed ? 0 : best_[group]);
  }
  void drop(std::size_t groups) override { best_.drop(groups); }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return sizeof(std::uint64_t); }

 private:
  void add_any(std::uint64_t& best, std::uint64_t cell) {
    // Errors come before all values: one is the smallest of its group, and never the largest but among errors.
    if (cell == 0) {
      if (!largest_) best = kFailed;
      return;
    }
    if (best == kFailed || best == cell) return;
    if (best == 0) {
      best = cell;
      return;
    }
    run_.budget().step();
    const std::strong_ordering order = order_.compare(cell, best);
    if (largest_ ? order > 0 : order < 0) best = cell;
  }

  Run& run_;
  std::size_t argument_;
  bool largest_;
  ValueOrder order_;
  GroupStates<std::uint64_t> best_;  // 0: no value yet
  bool any_ = false;
  bool mixed_ = false;  // not all cells so far are of range_
  OrderedRange range_;
};

}  // namespace

std::unique_ptr<Accumulator> make_extreme(Run& run, std::size_t argument, bool largest) {
  return std::make_unique<Extreme>(run, argument, largest);
}

}  // namespace akyn::exec
