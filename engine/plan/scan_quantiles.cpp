#include "engine/plan/scan_quantiles.h"

#include <algorithm>
#include <optional>

#include "engine/storage/keys.h"

namespace akyn::plan {

namespace {

using storage::GraphScope;
using storage::OrderTag;
using storage::Partition;
using storage::RowPrefix;

// The stored rows that most of a scan's matches are among.
struct StoredRows {
  OrderTag order = 0;
  RowPrefix prefix;
};

std::optional<StoredRows> stored_rows(const Scan& scan, const storage::Version& version) {
  const auto& scopes = scan.graph.scopes();
  const auto has = [&](GraphScope::Kind kind) {
    return std::any_of(scopes.begin(), scopes.end(), [&](GraphScope scope) { return scope.kind == kind; });
  };
  StoredRows rows;
  Partition partition = Partition::named_graphs;
  storage::Permutation order = scan.order;
  if (!scan.graph_name) {
    if (has(GraphScope::Kind::default_graph) || has(GraphScope::Kind::all)) {
      partition = Partition::default_graph;
    } else if (scopes.size() == 1 && has(GraphScope::Kind::named)) {
      const auto graph = version.graphs.find(scopes.front().graph);
      if (!graph) return std::nullopt;
      if (const auto by_graph = storage::behind_graph(order)) {
        order = *by_graph;
        rows.prefix.append(graph->instance);
      }
    }
  }
  rows.order = order_tag(partition, order);
  for (const std::size_t position : storage::columns_of(scan.order)) {
    if (position >= 3 || !scan.triple[position].is_constant()) break;
    rows.prefix.append(scan.triple[position].id.bits());
  }
  return rows;
}

}  // namespace

std::vector<std::uint64_t> scan_quantiles(const Scan& scan, const storage::Version& version, const IdRange& ids,
                                          std::size_t parts) {
  const std::optional<StoredRows> stored = stored_rows(scan, version);
  if (!stored) return {};
  const StoredRows& rows = *stored;
  const auto largest = std::max_element(version.layers.begin(), version.layers.end(),
                                        [&](const storage::Layer& a, const storage::Layer& b) {
                                          return a.counts(rows.order).rows() < b.counts(rows.order).rows();
                                        });
  std::vector<std::uint64_t> values;
  if (largest == version.layers.end() || largest->counts(rows.order).rows() == 0) return values;
  const std::size_t column = rows.prefix.size();
  const auto range = storage::RowRange::between(rows.prefix, ids.first, ids.last);
  const auto divide = [&](std::size_t first, std::size_t last, const auto& value) {
    for (std::size_t i = 1; i < parts; ++i) {
      const std::size_t place = first + i * (last - first) / parts;
      if (place > first && place < last) values.push_back(value(place));
    }
  };
  if (largest->run != nullptr) {
    const storage::BlockDirectory& directory = largest->run->rows().directory(rows.order);
    divide(directory.lower_block(range.lower.values()), directory.upper_block(range.upper.values()),
           [&](std::size_t block) { return directory.first(block)[column]; });
  } else {
    const storage::SortedRows& sorted = *largest->chunk->rows(rows.order);
    divide(sorted.lower_bound(range.lower, 0, sorted.rows()), sorted.upper_bound(range.upper, 0, sorted.rows()),
           [&](std::size_t row) { return sorted.column(column)[row]; });
  }
  return values;
}

}  // namespace akyn::plan
