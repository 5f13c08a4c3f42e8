// The rows of a range of one order of a block run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/loaded_block.h"
#include "engine/storage/row_cursor.h"

namespace akyn::storage {

// A piece is what is left of a block. Blocks are read when a row of them is needed, not before.
class BlockCursor final : public RowSource {
 public:
  // As BlockRun::cursor(); `bounds` may be absent.
  BlockCursor(const BlockRun& run, OrderTag order, const RowRange& range, ColumnMask columns,
              const std::optional<ColumnBounds>& bounds);

  void seek(const RowPrefix& prefix) override;
  [[nodiscard]] RowCounts remaining_counts() override;
  [[nodiscard]] ScanStatistics statistics() const override { return statistics_; }

  [[nodiscard]] bool at_end() override { return block_ == stop_; }
  [[nodiscard]] std::size_t ahead() override { return end_ - row_; }
  [[nodiscard]] bool has_deletes() override { return directory_.deletes(block_) != 0; }
  [[nodiscard]] RowValues first_row() override;
  [[nodiscard]] RowValues last_row() override;
  [[nodiscard]] std::size_t ahead_before(const RowPrefix& prefix) override;
  [[nodiscard]] RowSpans peek(std::size_t count) override;
  void skip(std::size_t count) override;
  void read(std::size_t count, RowBatch& out) override;

 private:
  // Makes `block`, or the first one after it that the bounds allow, the current one; its first row the next.
  void enter(std::size_t block);
  LoadedBlock& loaded();
  [[nodiscard]] RowValues row_at(std::size_t row);
  // A block's rows up to the end of the range. Reads the last block when the range ends inside it.
  [[nodiscard]] std::size_t end_of(std::size_t block, LoadedBlock& bytes);

  const BlockRun& run_;
  const BlockDirectory& directory_;
  OrderTag order_;
  ColumnMask columns_;
  RowPrefix upper_;
  std::optional<ColumnBounds> bounds_;
  std::size_t stop_ = 0;            // blocks from here on are beyond the range
  std::size_t block_ = 0;           // the current block; stop_ at the end
  std::size_t row_ = 0;             // the next row of the block
  std::size_t end_ = 0;             // past its last row in the range; more than row_ unless at the end
  LoadedBlock bytes_;               // of the current block, once needed
  std::vector<std::uint64_t> few_;  // what peek() gives of few rows, column by column
  std::optional<RowCounts> tail_;   // rows of the range in its last block, once counted
  ScanStatistics statistics_;
};

}  // namespace akyn::storage
