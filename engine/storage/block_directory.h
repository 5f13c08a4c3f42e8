// What is known of the blocks of one order of a run without reading them.
//
// Blocks are stored under run:4 order:1 block:4, big-endian, blocks counted from 0. Their records are stored, up to
// kDirectoryChunk of them together, under keys of the same form, chunks counted from 0, in a family of their own:
//
//     blocks:4  records:2  columns:1  0:1       blocks of the whole order, records of this chunk
//     offset:4 for each column                   of the column (column.h), counted from the chunk's start
//     columns
//
// The columns are, one value a record: rows, deletes, the first row's columns, the last row's columns, then minimum and
// maximum of each row column but the leading one, whose bounds are the first and the last row's. An order without rows
// has one chunk with 0 records and 0 columns. Integers are little-endian.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/key_value.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

inline constexpr std::size_t kDirectoryChunk = 1024;

// Key of a block, or of a chunk of records.
class BlockKey {
 public:
  BlockKey(std::uint32_t run, OrderTag order, std::uint32_t number) noexcept;
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 9> bytes_;
};

struct BlockRecord {
  std::uint64_t rows = 0;
  std::uint64_t deletes = 0;
  RowValues first{};
  RowValues last{};
  RowValues min{};  // of every column; [0] is first[0]
  RowValues max{};  // of every column; [0] is last[0]
};

// Appends one chunk. Precondition: records.size() <= kDirectoryChunk.
void encode_directory_chunk(std::size_t row_columns, std::uint32_t blocks, std::span<const BlockRecord> records,
                            std::string& out);

// Immutable, hence thread-safe. Costs 96 bytes a block of three columns, 128 a block of four.
class BlockDirectory {
 public:
  // Of an order without rows.
  explicit BlockDirectory(OrderTag order);
  // Reads all chunks. Throws Error(corruption) when one is missing, damaged or contradicts another.
  BlockDirectory(const KeyValueSource& source, std::uint32_t run, OrderTag order);

  [[nodiscard]] std::size_t blocks() const noexcept { return rows_before_.size() - 1; }
  [[nodiscard]] std::size_t row_columns() const noexcept { return row_columns_; }
  [[nodiscard]] RowCounts counts() const noexcept { return counts_between(0, blocks()); }

  // Of one block. The rows have row_columns() values.
  [[nodiscard]] const std::uint64_t* first(std::size_t block) const noexcept {
    return edges_.data() + block * 2 * row_columns_;
  }
  [[nodiscard]] const std::uint64_t* last(std::size_t block) const noexcept { return first(block) + row_columns_; }
  [[nodiscard]] std::size_t rows(std::size_t block) const noexcept {
    return static_cast<std::size_t>(rows_before_[block + 1] - rows_before_[block]);
  }
  [[nodiscard]] std::uint64_t deletes(std::size_t block) const noexcept {
    return deletes_before_[block + 1] - deletes_before_[block];
  }
  [[nodiscard]] std::uint64_t min(std::size_t block, std::size_t column) const noexcept;
  [[nodiscard]] std::uint64_t max(std::size_t block, std::size_t column) const noexcept;
  // False when no row of the block has all its columns within `bounds`.
  [[nodiscard]] bool may_hold(std::size_t block, const ColumnBounds& bounds) const noexcept;

  // Of blocks [first, last) together.
  [[nodiscard]] RowCounts counts_between(std::size_t first, std::size_t last) const noexcept;

  // The first block, `from` or later, with a row that is not before `prefix`: the one to enter for a search. blocks()
  // when there is none. Costs the logarithm of the distance from `from`.
  [[nodiscard]] std::size_t lower_block(std::span<const std::uint64_t> prefix, std::size_t from = 0) const noexcept;
  // The first block, `from` or later, all of whose rows are after `prefix`: one past the last that can hold it.
  [[nodiscard]] std::size_t upper_block(std::span<const std::uint64_t> prefix, std::size_t from = 0) const noexcept;

  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  void append_chunk(std::string_view bytes, std::uint32_t& blocks);

  std::size_t row_columns_;
  std::vector<std::uint64_t> edges_;           // for each block: first row, last row
  std::vector<std::uint64_t> bounds_;          // for each block: min, max of each column but the leading one
  std::vector<std::uint64_t> rows_before_;     // of all blocks before; one more than there are blocks
  std::vector<std::uint64_t> deletes_before_;  // likewise
};

}  // namespace akyn::storage
