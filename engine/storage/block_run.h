// Reads one block run: an immutable set of rows, or of changes to rows, in every order.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/storage/block_directory.h"
#include "engine/storage/key_value.h"
#include "engine/storage/lazy.h"
#include "engine/storage/loaded_block.h"
#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

// What is known of a run without reading it.
struct BlockRunInfo {
  std::uint32_t run = 0;
  bool marked = false;      // a delta run, whose rows are inserts and deletes
  RowCounts default_graph;  // rows in each of the six orders
  RowCounts named_graphs;   // rows in each of the nine

  [[nodiscard]] const RowCounts& counts(OrderTag order) const noexcept {
    return order < kNamedGraphTag ? default_graph : named_graphs;
  }
};

// What a run says of one row.
enum class RowState : std::uint8_t { absent, inserted, deleted };

struct RowEstimate {
  std::int64_t rows = 0;  // inserts less deletes
  bool exact = false;
};

// Thread-safe. Functions throw Error(io), Error(corruption); orders must be is_order().
class BlockRun {
 public:
  // The sources hold the blocks and the directory; both must outlive the run, and the run its cursors.
  BlockRun(const BlockRunInfo& info, const KeyValueSource& blocks, const KeyValueSource& directory);

  [[nodiscard]] const BlockRunInfo& info() const noexcept { return info_; }
  // Loaded when first asked for.
  [[nodiscard]] const BlockDirectory& directory(OrderTag order) const;
  // Of the directories that have been loaded.
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return memory_bytes_; }

  // Rows of the range, exactly. Reads the two blocks at the ends of the range at most, none when the range covers them.
  [[nodiscard]] RowCounts count(OrderTag order, const RowRange& range) const;
  // As far as the directory alone can tell.
  [[nodiscard]] RowEstimate estimate(OrderTag order, const RowRange& range) const;
  // Reads one block at most.
  [[nodiscard]] RowState lookup(OrderTag order, const RowValues& row) const;

  // The rows of the range, the given columns of them. Blocks that the directory knows to hold no row within `bounds`
  // are skipped; rows outside of the bounds may come all the same.
  [[nodiscard]] std::unique_ptr<RowSource> cursor(OrderTag order, const RowRange& range, ColumnMask columns) const;
  [[nodiscard]] std::unique_ptr<RowSource> cursor(OrderTag order, const RowRange& range, ColumnMask columns,
                                                  const ColumnBounds& bounds) const;

  // Reads everything and compares it with the directory.
  void verify(OrderTag order) const;

  // For cursors.
  void load(OrderTag order, std::size_t block, LoadedBlock& out) const;

 private:
  BlockRunInfo info_;
  const KeyValueSource& blocks_;
  const KeyValueSource& directory_;
  mutable std::array<Lazy<std::unique_ptr<const BlockDirectory>>, kOrders> directories_;
  mutable std::atomic<std::size_t> memory_bytes_ = 0;
};

}  // namespace akyn::storage
