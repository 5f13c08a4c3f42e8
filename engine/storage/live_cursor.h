// Rows without those of dead graphs (graph_map.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

struct Version;

// Costs nothing where the version has no dead graphs, and one comparison a row where it has. One thread at a time.
class LiveCursor final : public RowCursor {
 public:
  // Opens rows of an order, the given columns of them.
  using Open = std::function<std::unique_ptr<RowCursor>(ColumnMask columns)>;

  // What is dead, `version` says, which must outlive the cursor. `columns` are those to be given; `open` is asked for
  // the graphs, too, where there is something to be left out.
  LiveCursor(const Version& version, OrderTag order, ColumnMask columns, const Open& open);

  using RowCursor::next;
  bool next(RowBatch& out, std::size_t max_rows) override;
  void seek(const RowPrefix& prefix) override { rows_->seek(prefix); }
  // An estimate where there are dead graphs.
  [[nodiscard]] std::uint64_t remaining() override { return rows_->remaining(); }
  [[nodiscard]] ScanStatistics statistics() const override { return rows_->statistics(); }

 private:
  // Whether a graph is dead; rows of one graph tend to come together.
  [[nodiscard]] bool is_dead(std::uint64_t instance);

  const Version& version_;
  ColumnMask columns_;
  std::optional<std::size_t> graph_column_;  // when there are rows to be left out
  std::unique_ptr<RowCursor> rows_;
  RowBatch read_;
  std::vector<std::uint32_t> kept_;
  std::uint64_t last_instance_ = 0;  // no graph's
  bool last_dead_ = false;
};

}  // namespace akyn::storage
