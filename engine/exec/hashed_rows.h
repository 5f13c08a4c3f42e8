// Rows found by some of their columns: the right side of a hash join.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/exec/batch.h"
#include "engine/exec/row_table.h"
#include "engine/exec/run.h"

namespace akyn::exec {

// Holds rows with the numbers of solutions they stand for; those with the same keys are a list, in the order they came.
//
// Memory is charged. With `bounded`, rows that would leave too little of the query's memory limit are turned away;
// without, they are an Error(limit). One thread at a time; the Run must outlive it.
class HashedRows {
 public:
  static constexpr std::uint32_t kNone = RowTable::kNone;

  // `keys`: places of the keys among the columns, of which there are `width`. `merged`: rows of the same keys are one,
  // which stands for the solutions of all of them; then the keys are all columns.
  HashedRows(Run& run, std::vector<std::size_t> keys, std::size_t width, bool merged, bool bounded);

  // Adds a batch, and sets `later` to the places of its rows that there was no room for.
  void add(const Batch& batch, std::vector<std::uint32_t>& later);

  // Sets rows[i] to the first row with the keys of row i of a batch, kNone where there is none. `keys`: places there.
  void find(const Batch& batch, const std::vector<std::size_t>& keys, std::vector<std::uint32_t>& rows);
  // The next one with the same keys; kNone behind the last.
  [[nodiscard]] std::uint32_t next(std::uint32_t row) const noexcept { return merged_ ? kNone : next_[row]; }
  [[nodiscard]] std::uint64_t count(std::uint32_t row) const noexcept { return counts_[row]; }
  // The rows; of merged ones, none.
  [[nodiscard]] const Batch& rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t size() const noexcept { return counts_.size(); }

  // Replaces `out` by rows [first, first + kBatchRows), counted; false when there are none.
  [[nodiscard]] bool copy(std::size_t first, Batch& out) const;

 private:
  void set_columns(const Batch& batch, const std::vector<std::size_t>& keys);
  void add_merged(const Batch& batch, std::vector<std::uint32_t>& later);
  [[nodiscard]] std::size_t row_bytes() const noexcept;
  // Makes room for so many rows; false when there is none.
  [[nodiscard]] bool reserve(std::size_t rows);

  Run& run_;
  std::vector<std::size_t> keys_;
  std::size_t width_;
  bool merged_;
  bool bounded_;
  RowTable table_;
  Charge charge_;
  Batch rows_;
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> first_;  // by number of the keys
  std::vector<std::uint32_t> last_;
  std::size_t capacity_ = 0;
  // Of one batch.
  std::vector<std::span<const std::uint64_t>> columns_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> fresh_;
};

}  // namespace akyn::exec
