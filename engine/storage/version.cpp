#include "engine/storage/version.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "engine/storage/live_cursor.h"

namespace akyn::storage {
namespace {

// A cursor that keeps its version.
class VersionCursor final : public RowCursor {
 public:
  VersionCursor(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range, ColumnMask columns,
                const ColumnBounds& bounds)
      : version_(std::move(version)),
        rows_(*version_, order, columns, [&](ColumnMask mask) { return version_->rows(order, range, mask, bounds); }) {}

  using RowCursor::next;
  bool next(RowBatch& out, std::size_t max_rows) override { return rows_.next(out, max_rows); }
  void seek(const RowPrefix& prefix) override { rows_.seek(prefix); }
  [[nodiscard]] std::uint64_t remaining() override { return rows_.remaining(); }
  [[nodiscard]] ScanStatistics statistics() const override { return rows_.statistics(); }

 private:
  std::shared_ptr<const Version> version_;
  LiveCursor rows_;
};

// Inserts less deletes of the rows of one graph that match.
std::int64_t count_in(const Version& version, const TriplePattern& pattern, std::uint64_t instance) {
  // Its name is of no interest here.
  const GraphScope scope{GraphScope::Kind::named, Id()};
  const StoredRange range =
      stored_range(Partition::named_graphs, best_permutation(pattern, scope), Selection(pattern, scope), instance);
  return version.row_count(range.order, RowRange::prefix(range.prefix));
}

}  // namespace

RowCounts Layer::counts(OrderTag order, const RowRange& range) const {
  return run != nullptr ? run->rows().count(order, range) : chunk->rows(order)->counts(range);
}

RowCounts Layer::counts(OrderTag order) const {
  return run != nullptr ? run->info().counts(order) : chunk->counts(order);
}

RowState Layer::lookup(OrderTag order, const RowValues& row) const {
  if (run != nullptr) return run->rows().lookup(order, row);
  const SortedRows& rows = *chunk->rows(order);
  const RowPrefix prefix(std::span<const std::uint64_t>(row.data(), order_columns(order)));
  const std::size_t at = rows.lower_bound(prefix, 0, rows.rows());
  if (at == rows.rows() || rows.row(at) != row) return RowState::absent;
  return rows.marks().empty() || rows.marks()[at] == kInsertMark ? RowState::inserted : RowState::deleted;
}

std::unique_ptr<RowSource> Layer::cursor(OrderTag order, const RowRange& range, ColumnMask columns,
                                         const ColumnBounds& bounds) const {
  return run != nullptr ? run->rows().cursor(order, range, columns, bounds)
                        : make_source(chunk->rows(order), range, columns);
}

bool Version::contains(const QuadIds& quad) const {
  QuadRow row{quad.subject, quad.predicate, quad.object, 0};
  if (quad.graph != kDefaultGraph) {
    const std::optional<GraphEntry> graph = graphs.find(quad.graph);
    if (!graph) return false;
    row.instance = graph->instance;
  }
  return holds(row);
}

bool Version::holds(const QuadRow& row) const {
  const RowValues values = {row.subject.bits(), row.predicate.bits(), row.object.bits(), row.instance};
  const OrderTag order =
      order_tag(row.instance == 0 ? Partition::default_graph : Partition::named_graphs, Permutation::spo);
  for (std::size_t i = layers.size(); i-- > 0;) {
    if (layers[i].counts(order).rows() == 0) continue;
    const RowState state = layers[i].lookup(order, values);
    if (state != RowState::absent) return state == RowState::inserted;
  }
  return false;
}

std::uint64_t Version::graph_size(Id graph) const noexcept {
  const std::optional<GraphEntry> entry = graphs.find(graph);
  return entry ? entry->rows : 0;
}

std::uint64_t Version::instance_size(std::uint64_t instance) const noexcept {
  const Id name = graphs.name_of(instance);
  return name.is_bound() ? graph_size(name) : 0;
}

bool Version::is_dead(std::uint64_t instance) const noexcept {
  const auto found = std::lower_bound(dead.begin(), dead.end(), instance,
                                      [](const DeadGraph& graph, std::uint64_t i) { return graph.instance < i; });
  return found != dead.end() && found->instance == instance;
}

std::int64_t Version::row_count(OrderTag order, const RowRange& range) const {
  std::int64_t net = 0;
  for (const Layer& layer : layers) {
    if (layer.counts(order).rows() != 0) net += layer.counts(order, range).net();
  }
  return net;
}

std::uint64_t Version::count(const TriplePattern& pattern, GraphScope scope) const {
  if (!pattern.subject.is_bound() && !pattern.predicate.is_bound() && !pattern.object.is_bound()) {
    switch (scope.kind) {
      case GraphScope::Kind::default_graph:
        return counters.default_quads;
      case GraphScope::Kind::named:
        return graph_size(scope.graph);
      case GraphScope::Kind::all_named:
        return counters.named_quads;
      case GraphScope::Kind::all:
        return counters.default_quads + counters.named_quads;
    }
  }
  switch (scope.kind) {
    case GraphScope::Kind::default_graph:
      return count_all(Partition::default_graph, pattern);
    case GraphScope::Kind::named: {
      const std::optional<GraphEntry> graph = graphs.find(scope.graph);
      return graph ? static_cast<std::uint64_t>(count_in(*this, pattern, graph->instance)) : 0;
    }
    case GraphScope::Kind::all_named:
      return count_all(Partition::named_graphs, pattern);
    case GraphScope::Kind::all:
      return count_all(Partition::default_graph, pattern) + count_all(Partition::named_graphs, pattern);
  }
  return 0;
}

std::uint64_t Version::count_all(Partition partition, const TriplePattern& pattern) const {
  const GraphScope scope =
      partition == Partition::default_graph ? GraphScope::default_graph() : GraphScope::all_named();
  const Selection selection(pattern, scope);
  const Permutation permutation = stored_order(partition, best_permutation(pattern, scope), selection);
  const StoredRange stored = stored_range(partition, permutation, selection, 0);
  const RowRange range = RowRange::prefix(stored.prefix);
  RowCounts counts;
  for (const Layer& layer : layers) {
    if (layer.counts(stored.order).rows() != 0) counts += layer.counts(stored.order, range);
  }
  if (partition == Partition::default_graph || dead.empty() || counts.rows() == 0) {
    return static_cast<std::uint64_t>(counts.net());
  }
  // Whichever is less: to look at the graph of each row, or each dead graph up.
  constexpr std::uint64_t kRowsPerLookUp = 4096;
  if (counts.rows() / kRowsPerLookUp >= dead.size()) {
    std::int64_t live = counts.net();
    for (const DeadGraph& graph : dead) live -= count_in(*this, pattern, graph.instance);
    return static_cast<std::uint64_t>(live);
  }
  LiveCursor cursor(*this, stored.order, column_bit(3),
                    [&](ColumnMask columns) { return rows(stored.order, range, columns); });
  std::uint64_t live = 0;
  RowBatch batch;
  while (cursor.next(batch)) live += batch.rows();
  return live;
}

std::unique_ptr<MergedCursor> Version::rows(OrderTag order, const RowRange& range, ColumnMask columns,
                                            const ColumnBounds& bounds) const {
  std::vector<std::unique_ptr<RowSource>> sources;
  for (const Layer& layer : layers) {
    if (layer.counts(order).rows() != 0) sources.push_back(layer.cursor(order, range, columns, bounds));
  }
  return std::make_unique<MergedCursor>(std::move(sources), order_columns(order), columns);
}

void Version::add_dead(const std::vector<DeadGraph>& more) {
  dead.insert(dead.end(), more.begin(), more.end());
  std::sort(dead.begin(), dead.end(), [](const DeadGraph& a, const DeadGraph& b) { return a.instance < b.instance; });
}

std::size_t Version::delta_rows() const noexcept {
  std::size_t rows = 0;
  for (const Layer& layer : layers) rows += layer.chunk == nullptr ? 0 : layer.chunk->size();
  return rows;
}

std::uint64_t Version::delta_commits() const noexcept {
  std::uint64_t commits = 0;
  for (const Layer& layer : layers) commits += layer.chunk == nullptr ? 0 : layer.last - layer.first + 1;
  return commits;
}

std::size_t Version::layers_after(std::uint64_t commit) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(layers.begin(), layers.end(), [&](const Layer& layer) { return layer.last > commit; }));
}

Manifest Version::manifest(std::uint32_t next_run) const {
  Manifest manifest;
  manifest.next_run = next_run;
  manifest.dictionary = dictionary->description();
  for (const Layer& layer : layers) {
    if (layer.run != nullptr) manifest.runs.push_back({layer.run->info(), layer.first, layer.last, layer.terms_end});
  }
  return manifest;
}

std::unique_ptr<RowCursor> open_cursor(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range,
                                       ColumnMask columns, const ColumnBounds& bounds) {
  return std::make_unique<VersionCursor>(std::move(version), order, range, columns, bounds);
}

std::unique_ptr<RowCursor> open_layers(const Version& version, std::span<const Layer> layers, OrderTag order,
                                       ColumnMask columns, MergeKind kind) {
  return std::make_unique<LiveCursor>(version, order, columns, [&](ColumnMask mask) {
    std::vector<std::unique_ptr<RowSource>> sources;
    for (const Layer& layer : layers) {
      if (layer.counts(order).rows() == 0) continue;
      sources.push_back(layer.cursor(order, RowRange::all(), mask, ColumnBounds()));
    }
    return std::make_unique<MergedCursor>(std::move(sources), order_columns(order), mask, kind);
  });
}

std::vector<Layer> uncached(const Version& version, std::span<const Layer> layers) {
  const auto sources = std::make_shared<const RunSources>(version.rocks, 0, false);
  std::vector<Layer> copies(layers.begin(), layers.end());
  for (Layer& copy : copies) copy.run = std::make_shared<const StoredRun>(copy.run->info(), sources, nullptr);
  return copies;
}

StoredRange stored_range(Partition partition, Permutation order, const Selection& selection, std::uint64_t instance) {
  StoredRange range;
  range.order = order_tag(partition, order);
  const ColumnOrder columns = columns_of(order);
  const std::size_t count = row_columns(partition);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t column = columns[i];
    if (!selection.bound[column]) continue;
    const std::uint64_t value = column == 3 ? instance : selection.value[column].bits();
    range.bounds.min[i] = range.bounds.max[i] = value;
    if (range.prefix.size() == i) {
      range.prefix.append(value);
    } else {
      range.filtered = true;
    }
  }
  return range;
}

}  // namespace akyn::storage
