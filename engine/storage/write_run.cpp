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

}  // namespace

BlockRunInfo write_run(StagedFiles& files, std::uint32_t run, const DeltaChunk& rows, std::size_t block_rows,
                       const WorkCheck& check) {
  BlockRunInfo info;
  info.run = run;
  info.marked = rows.has_deletes();
  for_each_order(info, rows.counts(0).rows() != 0, rows.counts(kNamedGraphTag).rows() != 0, [&](OrderTag order) {
    if (check) check();
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
  const std::vector<Layer> parts = uncached(version, layers);
  BlockRunInfo info;
  info.run = run;
  bool default_graph = false;
  bool named_graphs = false;
  for (const Layer& part : parts) {
    info.marked = info.marked || (part.run->info().marked && !oldest);
    default_graph = default_graph || part.counts(0).rows() != 0;
    named_graphs = named_graphs || part.counts(kNamedGraphTag).rows() != 0;
  }
  for_each_order(info, default_graph, named_graphs, [&](OrderTag order) {
    const std::size_t row_columns = order_columns(order);
    auto mask = all_columns(order);
    if (info.marked) mask = static_cast<ColumnMask>(mask | column_bit(kMarkColumn));
    const auto merged = open_layers(version, parts, order, mask, oldest ? MergeKind::state : MergeKind::changes);
    BlockRunWriter writer(run, order, info.marked, files.sink(Family::blocks), files.sink(Family::directory),
                          block_rows);
    RowBatch batch;
    while (merged->next(batch)) {
      if (stopped()) throw Error(ErrorCode::cancelled, "the store is being closed");
      ColumnSpans spans{};
      for (std::size_t i = 0; i < row_columns; ++i) spans[i] = batch.column(i);
      if (info.marked) spans[row_columns] = batch.column(kMarkColumn);
      writer.add(std::span(spans).first(row_columns + (info.marked ? 1 : 0)));
    }
    return writer.finish();
  });
  return info;
}

}  // namespace akyn::storage
