// Sorts any number of rows in bounded memory.
//
//     RowSorter sorter(3, limits);
//     sorter.add(columns); ...
//     for (sorter.finish(); sorter.next(batch);) ...
//
// Rows are collected until the memory is full, sorted, and put into a temporary file, packed as blocks (block.h: two to
// six bytes a column); in the end all these chunks are merged. Chunks of a level are merged into one of the next when
// there are kMergeWays of them, so that a merge never reads more than a few hundred.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/storage/row_cursor.h"
#include "engine/storage/spill_file.h"

namespace akyn::storage {

// One thread at a time. Functions throw Error(io), and Error(corruption) when the temporary file has been damaged.
class RowSorter {
 public:
  static constexpr std::size_t kMergeWays = 64;

  // Rows of 1 to kMaxColumns (block.h) columns, sorted by all of them from left to right. Rows that come twice come out
  // once.
  RowSorter(std::size_t columns, const SortLimits& limits);
  ~RowSorter();
  RowSorter(const RowSorter&) = delete;
  RowSorter& operator=(const RowSorter&) = delete;

  // Appends rows, given as columns of equal length.
  void add(std::span<const std::span<const std::uint64_t>> columns);
  // Appends one row. Precondition: it has as many values as there are columns.
  void add_row(std::span<const std::uint64_t> row);
  // Rows added, duplicates included.
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

  // Ends the adding and starts the reading.
  void finish();
  // Replaces `out` with the next rows, in columns 0, 1, ...; false at the end. Precondition: max_rows > 0.
  bool next(RowBatch& out, std::size_t max_rows = kBatchRows);

  class Engine;  // what does it, for one number of columns

 private:
  std::unique_ptr<Engine> engine_;
  std::size_t columns_;
  std::uint64_t rows_ = 0;
};

}  // namespace akyn::storage
