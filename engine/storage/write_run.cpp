#include "engine/storage/write_run.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/block_run_writer.h"
#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

using ColumnSpans = std::array<std::span<const std::uint64_t>, kMaxRowColumns + 1>;

// Calls write(order) for each order of the partitions, in the order of their keys; write returns what the order holds.
template <class Write>
void for_each_order(BlockRunInfo& info, bool default_graph, bool named_graphs, const Write& write) {
  const auto take = [&info](RowCounts& counts, OrderTag order, OrderTag first, const RowCounts& written) {
    if (order == first) {
      counts = written;
    } else if (counts != written) {
      throw Error(ErrorCode::corruption, "the orders of the rows for run " + std::to_string(info.run) + " differ");
    }
  };
  if (default_graph) {
    for (const Permutation permutation : kTripleOrders) {
      const OrderTag order = order_tag(Partition::default_graph, permutation);
      take(info.default_graph, order, 0, write(order));
    }
  }
  if (named_graphs) {
    for (const Permutation permutation : kQuadOrders) {
      const OrderTag order = order_tag(Partition::named_graphs, permutation);
      take(info.named_graphs, order, kNamedGraphTag, write(order));
    }
  }
}

// The rows of a batch whose graph is not dead.
class DeadFilter {
 public:
  DeadFilter(const Version& version, OrderTag order, std::size_t columns)
      : version_(version),
        columns_(columns),
        graph_column_(starts_with_graph(permutation_of(order)) ? 0 : 3),
        active_(order >= kNamedGraphTag && !version.dead.empty()) {}

  // Replaces the columns when some of their rows have to go.
  void apply(ColumnSpans& columns) {
    if (!active_) return;
    kept_.clear();
    const auto graphs = columns[graph_column_];
    for (std::uint32_t row = 0; row < graphs.size(); ++row) {
      if (!version_.is_dead(graphs[row])) kept_.push_back(row);
    }
    if (kept_.size() == graphs.size()) return;
    for (std::size_t i = 0; i < columns_; ++i) {
      values_[i].clear();
      for (const std::uint32_t row : kept_) values_[i].push_back(columns[i][row]);
      columns[i] = values_[i];
    }
  }

 private:
  const Version& version_;
  std::size_t columns_;
  std::size_t graph_column_;
  bool active_;
  std::vector<std::uint32_t> kept_;
  std::array<std::vector<std::uint64_t>, kMaxRowColumns + 1> values_;
};

}  // namespace

BlockRunInfo write_run(StagedFiles& files, std::uint32_t run, const DeltaChunk& rows, std::size_t block_rows) {
  BlockRunInfo info;
  info.run = run;
  info.marked = rows.has_deletes();
  for_each_order(info, rows.counts(0).rows() != 0, rows.counts(kNamedGraphTag).rows() != 0, [&](OrderTag order) {
    BlockRunWriter writer(run, order, info.marked, files.sink(Family::blocks), files.sink(Family::directory),
                          block_rows);
    const SortedRows sorted = rows.sorted(order);
    const std::size_t row_columns = sorted.row_columns();
    ColumnSpans columns{};
    for (std::size_t i = 0; i < row_columns; ++i) columns[i] = sorted.column(i);
    std::vector<std::uint64_t> inserts;
    if (info.marked) {
      if (sorted.marks().empty()) inserts.assign(sorted.rows(), kInsertMark);
      columns[row_columns] = sorted.marks().empty() ? std::span<const std::uint64_t>(inserts) : sorted.marks();
    }
    writer.add(std::span(columns).first(row_columns + (info.marked ? 1 : 0)));
    return writer.finish();
  });
  return info;
}

BlockRunInfo write_merged_run(StagedFiles& files, std::uint32_t run, const Version& version,
                              std::span<const Layer> layers, bool oldest, std::size_t block_rows,
                              const std::function<bool()>& stopped) {
  // Read past the cache: everything once, and soon to be gone.
  const RunSources sources(version.rocks, 0, false);
  std::vector<std::unique_ptr<BlockRun>> runs;
  BlockRunInfo info;
  info.run = run;
  bool default_graph = false;
  bool named_graphs = false;
  for (const Layer& layer : layers) {
    const BlockRunInfo& part = layer.run->info();
    runs.push_back(std::make_unique<BlockRun>(part, sources.blocks, sources.directory));
    info.marked = info.marked || (part.marked && !oldest);
    default_graph = default_graph || part.default_graph.rows() != 0;
    named_graphs = named_graphs || part.named_graphs.rows() != 0;
  }
  for_each_order(info, default_graph, named_graphs, [&](OrderTag order) {
    const std::size_t row_columns = order_columns(order);
    const std::size_t columns = row_columns + (info.marked ? 1 : 0);
    auto mask = all_columns(order);
    if (info.marked) mask = static_cast<ColumnMask>(mask | column_bit(kMarkColumn));
    std::vector<std::unique_ptr<RowSource>> parts;
    for (const auto& part : runs) {
      if (part->info().counts(order).rows() != 0) parts.push_back(part->cursor(order, RowRange::all(), mask));
    }
    MergedCursor merged(std::move(parts), row_columns, mask, oldest ? MergeKind::state : MergeKind::changes);
    BlockRunWriter writer(run, order, info.marked, files.sink(Family::blocks), files.sink(Family::directory),
                          block_rows);
    DeadFilter filter(version, order, columns);
    RowBatch batch;
    while (merged.next(batch)) {
      if (stopped()) throw Error(ErrorCode::cancelled, "the store is being closed");
      ColumnSpans spans{};
      for (std::size_t i = 0; i < row_columns; ++i) spans[i] = batch.column(i);
      if (info.marked) spans[row_columns] = batch.column(kMarkColumn);
      filter.apply(spans);
      writer.add(std::span(spans).first(columns));
    }
    return writer.finish();
  });
  return info;
}

}  // namespace akyn::storage
