// Writes one order of a block run: rows into blocks, and what the directory keeps of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/storage/block.h"
#include "engine/storage/block_directory.h"
#include "engine/storage/key_value.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

// A block on its way into a run.
struct EncodedBlock {
  BlockRecord record;
  std::string bytes;
};

// A block of these rows, given as columns of equal length, `row_columns` of them sorted by, a column of marks behind
// them when there is one more. Precondition: at least one row, at most 65,535, ascending.
[[nodiscard]] EncodedBlock encode_run_block(std::size_t row_columns,
                                            std::span<const std::span<const std::uint64_t>> columns);

// One thread at a time. Abandoned without finish(), it leaves blocks that no directory names.
class BlockRunWriter {
 public:
  // Blocks go to `blocks` as they fill, records to `directory` in finish(); both must outlive the writer. A marked run
  // has a column of marks after the columns of `order`. Precondition: is_order(order), 1 <= block_rows <= 65,535.
  BlockRunWriter(std::uint32_t run, OrderTag order, bool marked, KeyValueSink& blocks, KeyValueSink& directory,
                 std::size_t block_rows = kBlockRows);
  BlockRunWriter(const BlockRunWriter&) = delete;
  BlockRunWriter& operator=(const BlockRunWriter&) = delete;

  // Appends rows, given as columns of equal length: those of the order, then the marks when the run has them. Every row
  // is after the one before it, also across calls; otherwise throws Error(internal). Throws what the sink throws.
  void add(std::span<const std::span<const std::uint64_t>> columns);

  // Appends a block that somebody else has encoded: its rows are after those before it, and nothing else is added.
  void add(const EncodedBlock& block);

  // Writes the rest. The writer takes no calls afterwards.
  RowCounts finish();

 private:
  using ColumnSpans = std::array<std::span<const std::uint64_t>, kMaxColumns>;

  void check_ascending(const ColumnSpans& columns);
  void write_block(const ColumnSpans& columns);
  void write(const EncodedBlock& block);

  std::uint32_t run_;
  OrderTag order_;
  std::size_t row_columns_;
  std::size_t columns_;  // with the marks
  std::size_t block_rows_;
  KeyValueSink& blocks_;
  KeyValueSink& directory_;

  std::array<std::vector<std::uint64_t>, kMaxColumns> pending_;  // rows of the block that is not full yet
  RowValues last_{};                                             // the last row added
  bool any_ = false;                                             // whether there is one
  std::vector<BlockRecord> records_;
  RowCounts counts_;
  std::string buffer_;
};

}  // namespace akyn::storage
