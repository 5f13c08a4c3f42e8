// Puts the rows of joins together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/exec/batch.h"
#include "engine/exec/operator.h"

namespace akyn::exec {

// Collects pairs of rows of a left and a right batch, and writes them out column by column.
class JoinOutput {
 public:
  static constexpr std::uint32_t kNoRow = ~std::uint32_t{0};

  // `columns` of the result, each from the left side where that has it, else from the right one, else unbound. Those in
  // `loose` are from the right side in rows where the left one does not bind them.
  JoinOutput(const std::vector<Slot>& columns, const std::vector<Slot>& left, const std::vector<Slot>& right,
             const std::vector<Slot>& loose = {});

  // Left rows of pairs that have not been written.
  [[nodiscard]] const std::vector<std::uint32_t>& left_rows() const noexcept { return left_rows_; }
  // Keeps only the pairs with these numbers, which ascend.
  void select(const std::vector<std::uint32_t>& pairs);

  // The pairs of this one, to be written in the columns of another.
  [[nodiscard]] JoinOutput with_columns_of(const JoinOutput& other) const {
    JoinOutput result = *this;
    result.sources_ = other.sources_;
    result.needs_right_ = other.needs_right_;
    return result;
  }

  // False when no column comes from the right side: then a left row with its number of matches is all there is to say.
  [[nodiscard]] bool needs_right() const noexcept { return needs_right_; }

  [[nodiscard]] std::size_t pending() const noexcept { return left_rows_.size(); }
  // A pair; right: kNoRow for none. `times`: the solutions of the right row, or of all that match.
  void add(std::size_t left_row, std::uint32_t right_row, std::uint64_t times) {
    left_rows_.push_back(static_cast<std::uint32_t>(left_row));
    right_rows_.push_back(right_row);
    times_.push_back(times);
    any_times_ = any_times_ || times != 1;
  }
  // Rows [first, last) of the left side by themselves.
  void add_left(std::size_t first, std::size_t last);

  // Appends the pairs to `out`, whose rows it counts, and forgets them.
  void flush(const Batch& left, const Batch& right, Batch& out);

 private:
  enum class From : std::uint8_t { left, right, either, nowhere };
  struct Source {
    From from;
    std::size_t place;
    std::size_t right_place = 0;  // of either
  };
  std::vector<Source> sources_;
  bool needs_right_ = false;
  std::vector<std::uint32_t> left_rows_;
  std::vector<std::uint32_t> right_rows_;
  std::vector<std::uint64_t> times_;
  bool any_times_ = false;
};

}  // namespace akyn::exec
