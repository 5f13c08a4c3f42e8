// A block: a few thousand sorted rows of Ids, column by column. The value of one RocksDB key.
//
//     rows:2  columns:1  0:1
//     offset:4 for each column       of the column (column.h), counted from the block's start
//     columns
//
// Rows are sorted by their columns from left to right, without duplicates in the sorted columns. A column that is not
// part of the order (the mark of a delta row) may follow the sorted ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/column.h"

namespace akyn::storage {

inline constexpr std::size_t kMaxColumns = 5;
inline constexpr std::size_t kBlockRows = 4096;  // rows a writer puts into a block

// Columns of equal length, 1 to kMaxColumns of them, of 1 to 65,535 rows. Appends the block.
void encode_block(std::span<const std::span<const std::uint64_t>> columns, std::string& out);

// Reads one block in place; the bytes must outlive it. One thread at a time: it remembers the segment it decoded last.
class BlockReader {
 public:
  BlockReader() = default;
  // Throws Error(corruption) when the bytes cannot be a block.
  explicit BlockReader(std::string_view bytes);

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

  // Decodes rows [first, last) of a column into out, which has last - first places. Throws Error(corruption).
  void decode(std::size_t column, std::size_t first, std::size_t last, std::span<std::uint64_t> out) const;
  [[nodiscard]] std::uint64_t value(std::size_t column, std::size_t row);
  // For searches that decode as little as they can.
  [[nodiscard]] const ColumnReader& column(std::size_t column) const noexcept { return readers_[column]; }

  // The first row whose leading columns are not less than `prefix`; rows() when there is none. Decodes a segment or
  // two of each column of the prefix. Precondition: prefix.size() <= columns().
  [[nodiscard]] std::size_t lower_bound(std::span<const std::uint64_t> prefix);
  // The first row whose leading columns are greater than `prefix`.
  [[nodiscard]] std::size_t upper_bound(std::span<const std::uint64_t> prefix);

 private:
  struct Range {
    std::size_t first;
    std::size_t last;
  };
  // The last segment of a column that was decoded.
  struct Window {
    std::size_t segment = SIZE_MAX;
    std::array<std::uint64_t, kSegmentRows> values;
  };

  // Within sorted rows [range): those equal to `value`, or the empty range where they would be.
  [[nodiscard]] Range equal_range(std::size_t column, std::uint64_t value, Range range);
  [[nodiscard]] std::size_t partition_point(std::size_t column, std::uint64_t value, bool or_equal, Range range);
  const Window& window(std::size_t column, std::size_t segment);

  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::array<ColumnReader, kMaxColumns> readers_;
  std::vector<Window> windows_;  // one a column, made when first needed
};

}  // namespace akyn::storage
