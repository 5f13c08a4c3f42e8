// What a scan asks for, column by column.
#pragma once

#include <array>

#include "engine/storage/database.h"
#include "engine/storage/keys.h"

namespace akyn::storage {

// A triple pattern and a graph scope as one thing. The graph column is bound when exactly one graph is asked for.
struct Selection {
  Selection(const TriplePattern& pattern, GraphScope graphs);

  GraphScope::Kind kind;
  std::array<Id, 4> value;  // subject, predicate, object, graph
  std::array<bool, 4> bound{};

  // False when no row of the partition can match. A named graph with no Id (one that no dictionary
  // knows) matches nothing at all.
  [[nodiscard]] bool covers(Partition partition) const noexcept;
};

// The order stored in `partition` that gives the selected rows in `order`.
[[nodiscard]] Permutation stored_order(Partition partition, Permutation order, const Selection& selection) noexcept;

}  // namespace akyn::storage
