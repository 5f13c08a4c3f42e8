#include "engine/storage/version.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace akyn::storage {
namespace {

// A cursor that keeps its version, and passes over the rows of dead graphs.
class VersionCursor final : public RowCursor {
 public:
  VersionCursor(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range, ColumnMask columns,
                const ColumnBounds& bounds)
      : version_(std::move(version)), wanted_(columns) {
    if (order >= kNamedGraphTag && !version_->dead.empty()) {
      graph_column_ = starts_with_graph(permutation_of(order)) ? 0 : 3;
      columns |= column_bit(*graph_column_);
    }
    cursor_ = version_->rows(order, range, columns, bounds);
  }

  using RowCursor::next;
  bool next(RowBatch& out, std::size_t max_rows) override {
    if (!graph_column_) return cursor_->next(out, max_rows);
    while (cursor_->next(read_, max_rows)) {
      out.clear();
      kept_.clear();
      const auto graphs = read_.column(*graph_column_);
      for (std::uint32_t row = 0; row < graphs.size(); ++row) {
        if (!is_dead(graphs[row])) kept_.push_back(row);
      }
      if (kept_.empty()) continue;
      for (std::size_t column = 0; column < kMaxRowColumns; ++column) {
        if ((wanted_ & column_bit(column)) == 0) continue;
        const auto from = read_.column(column);
        std::uint64_t* to = out.extend(column, kept_.size());
        for (const std::uint32_t row : kept_) *to++ = from[row];
      }
      out.add_rows(kept_.size());
      return true;
    }
    out.clear();
    return false;
  }
  void seek(const RowPrefix& prefix) override { cursor_->seek(prefix); }
  [[nodiscard]] std::uint64_t remaining() override { return cursor_->remaining(); }
  [[nodiscard]] ScanStatistics statistics() const override { return cursor_->statistics(); }

 private:
  [[nodiscard]] bool is_dead(std::uint64_t instance) {
    if (instance != last_instance_) {
      last_instance_ = instance;
      last_dead_ = version_->is_dead(instance);
    }
    return last_dead_;
  }

  std::shared_ptr<const Version> version_;
  ColumnMask wanted_;
  std::optional<std::size_t> graph_column_;  // when there are rows to be left out
  std::unique_ptr<MergedCursor> cursor_;
  RowBatch read_;
  std::vector<std::uint32_t> kept_;
  std::uint64_t last_instance_ = 0;  // no graph's
  bool last_dead_ = false;
};

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
  // In the best permutation the matches are one range.
  const auto matches = [&](Partition partition, GraphScope graphs_scope, std::uint64_t instance) {
    const Selection selection(pattern, graphs_scope);
    const Permutation order = stored_order(partition, best_permutation(pattern, graphs_scope), selection);
    const StoredRange range = stored_range(partition, order, selection, instance);
    return row_count(range.order, RowRange::prefix(range.prefix));
  };
  std::int64_t count = 0;
  if (scope.kind == GraphScope::Kind::default_graph || scope.kind == GraphScope::Kind::all) {
    count += matches(Partition::default_graph, GraphScope::default_graph(), 0);
  }
  if (scope.kind == GraphScope::Kind::named) {
    if (const std::optional<GraphEntry> graph = graphs.find(scope.graph)) {
      count += matches(Partition::named_graphs, scope, graph->instance);
    }
  } else if (scope.kind != GraphScope::Kind::default_graph) {
    count += matches(Partition::named_graphs, GraphScope::all_named(), 0);
    for (const DeadGraph& graph : dead) {
      count -= matches(Partition::named_graphs, GraphScope::named(Id(IdType::iri, 0)), graph.instance);
    }
  }
  return static_cast<std::uint64_t>(count);
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

Manifest Version::manifest(std::uint32_t next_run) const {
  Manifest manifest;
  manifest.next_run = next_run;
  manifest.dead = dead;
  manifest.dictionary = dictionary->description();
  for (const Layer& layer : layers) {
    if (layer.run != nullptr) manifest.runs.push_back({layer.run->info(), layer.first, layer.last});
  }
  return manifest;
}

std::unique_ptr<RowCursor> open_cursor(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range,
                                       ColumnMask columns, const ColumnBounds& bounds) {
  return std::make_unique<VersionCursor>(std::move(version), order, range, columns, bounds);
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
