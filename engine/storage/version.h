// One committed state of a store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/delta_chunk.h"
#include "engine/storage/dictionary.h"
#include "engine/storage/graph_map.h"
#include "engine/storage/keys.h"
#include "engine/storage/manifest.h"
#include "engine/storage/merged_cursor.h"
#include "engine/storage/rocks.h"
#include "engine/storage/run_store.h"
#include "engine/storage/selection.h"

namespace akyn::storage {

// What commits [first, last] have changed, in sum: a run, or a chunk that no run holds yet.
struct Layer {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::shared_ptr<const StoredRun> run;
  std::shared_ptr<const DeltaChunk> chunk;  // null when there is a run
  bool frozen = false;                      // a chunk that is being written as a run: nothing is merged into it
  // Of a run: its rows use terms with numbers below it alone. 0 until VersionStore::change_structure() says.
  std::uint64_t terms_end = 0;

  [[nodiscard]] RowCounts counts(OrderTag order, const RowRange& range) const;
  // Of all rows of the order.
  [[nodiscard]] RowCounts counts(OrderTag order) const;
  // Inserts and deletes, of both partitions.
  [[nodiscard]] std::uint64_t rows() const { return counts(OrderTag{0}).rows() + counts(kNamedGraphTag).rows(); }
  [[nodiscard]] RowState lookup(OrderTag order, const RowValues& row) const;
  [[nodiscard]] std::unique_ptr<RowSource> cursor(OrderTag order, const RowRange& range, ColumnMask columns,
                                                  const ColumnBounds& bounds) const;
};

// Immutable, hence thread-safe, and all it refers to is: a shared_ptr to it is a snapshot. Each layer has effective
// changes only (merged_cursor.h). Functions throw Error(io), Error(corruption).
struct Version {
  std::shared_ptr<Rocks> rocks;
  Counters counters;
  std::shared_ptr<const Dictionary> dictionary;
  std::vector<Layer> layers;  // by ascending commits
  GraphMap graphs;
  std::vector<DeadGraph> dead;  // by instance
  std::shared_ptr<const std::map<std::string, std::string>> prefixes;

  [[nodiscard]] bool contains(const QuadIds& quad) const;
  // The same of a row. Of a dead graph it may be anything.
  [[nodiscard]] bool holds(const QuadRow& row) const;
  [[nodiscard]] std::uint64_t count(const TriplePattern& pattern, GraphScope graphs) const;
  // Quads in one named graph.
  [[nodiscard]] std::uint64_t graph_size(Id graph) const noexcept;
  // The same by instance; 0 of one that no name has.
  [[nodiscard]] std::uint64_t instance_size(std::uint64_t instance) const noexcept;

  [[nodiscard]] bool is_dead(std::uint64_t instance) const noexcept;
  // Inserts less deletes of the range, those of dead graphs included. Of a dead graph it may be anything: merges drop
  // its changes from some layers earlier than from others.
  [[nodiscard]] std::int64_t row_count(OrderTag order, const RowRange& range) const;
  // The rows of all graphs of a partition that match, those of dead graphs left out.
  [[nodiscard]] std::uint64_t count_all(Partition partition, const TriplePattern& pattern) const;
  // The rows of the range, those of dead graphs included. The version must outlive the cursor.
  [[nodiscard]] std::unique_ptr<MergedCursor> rows(OrderTag order, const RowRange& range, ColumnMask columns,
                                                   const ColumnBounds& bounds = {}) const;

  // For whoever makes a version.
  void add_dead(const std::vector<DeadGraph>& more);

  // Rows that no run holds.
  [[nodiscard]] std::size_t delta_rows() const noexcept;
  // At most as many commits have records.
  [[nodiscard]] std::uint64_t delta_commits() const noexcept;
  // Layers of commits later than this one.
  [[nodiscard]] std::size_t layers_after(std::uint64_t commit) const noexcept;
  [[nodiscard]] Manifest manifest(std::uint32_t next_run) const;
};

// The rows of a range of one stored order, for readers that work on columns: graphs are instances (Version::graphs
// knows their names), and those that are dead are left out; where there are such, remaining() is an estimate. Keeps the
// version.
[[nodiscard]] std::unique_ptr<RowCursor> open_cursor(std::shared_ptr<const Version> version, OrderTag order,
                                                     const RowRange& range, ColumnMask columns,
                                                     const ColumnBounds& bounds = {});

// What layers that follow one another make in sum, rows of the version's dead graphs left out. Of MergeKind::changes
// the marks may be asked for, too. The version and the layers must outlive the cursor.
[[nodiscard]] std::unique_ptr<RowCursor> open_layers(const Version& version, std::span<const Layer> layers,
                                                     OrderTag order, ColumnMask columns, MergeKind kind);
// The same layers, all of them runs, read past the cache: once, and soon to be gone.
[[nodiscard]] std::vector<Layer> uncached(const Version& version, std::span<const Layer> layers);

// What a selection reads of one partition.
struct StoredRange {
  OrderTag order = 0;
  RowPrefix prefix;       // the leading bound columns
  ColumnBounds bounds;    // of all bound columns
  bool filtered = false;  // some bound column is not in the prefix
};
// `order` is one that the partition stores; `instance` of the graph when that is bound.
[[nodiscard]] StoredRange stored_range(Partition partition, Permutation order, const Selection& selection,
                                       std::uint64_t instance);

}  // namespace akyn::storage
