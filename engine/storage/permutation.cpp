#include "engine/storage/database.h"
#include "engine/storage/selection.h"

namespace akyn::storage {

std::array<std::uint8_t, 4> columns_of(Permutation order) {
  switch (order) {
    case Permutation::spo:
      return {0, 1, 2, 3};
    case Permutation::sop:
      return {0, 2, 1, 3};
    case Permutation::pso:
      return {1, 0, 2, 3};
    case Permutation::pos:
      return {1, 2, 0, 3};
    case Permutation::osp:
      return {2, 0, 1, 3};
    case Permutation::ops:
      return {2, 1, 0, 3};
    case Permutation::gspo:
      return {3, 0, 1, 2};
    case Permutation::gpos:
      return {3, 1, 2, 0};
    case Permutation::gosp:
      return {3, 2, 0, 1};
  }
  return {0, 1, 2, 3};
}

Permutation best_permutation(const TriplePattern& pattern, GraphScope graphs) {
  const bool s = pattern.subject.is_bound();
  const bool p = pattern.predicate.is_bound();
  const bool o = pattern.object.is_bound();
  if (graphs.kind == GraphScope::Kind::named) {
    if (s && o && !p) return Permutation::gosp;
    if (s || (!p && !o)) return Permutation::gspo;
    return p ? Permutation::gpos : Permutation::gosp;
  }
  if (s) return o && !p ? Permutation::sop : Permutation::spo;
  if (p) return o ? Permutation::pos : Permutation::pso;
  return o ? Permutation::osp : Permutation::spo;
}

std::unique_ptr<Scan> Snapshot::scan(const TriplePattern& pattern, GraphScope graphs) const {
  return scan(pattern, graphs, best_permutation(pattern, graphs));
}

Selection::Selection(const TriplePattern& pattern, GraphScope graphs)
    : kind(graphs.kind), value{pattern.subject, pattern.predicate, pattern.object, kDefaultGraph} {
  for (std::size_t i = 0; i < 3; ++i) bound[i] = value[i].is_bound();
  if (kind == GraphScope::Kind::named) value[3] = graphs.graph;
  bound[3] = kind == GraphScope::Kind::default_graph || kind == GraphScope::Kind::named;
}

bool Selection::covers(Partition partition) const noexcept {
  switch (kind) {
    case GraphScope::Kind::default_graph:
      return partition == Partition::default_graph;
    case GraphScope::Kind::named:
      return partition == Partition::named_graphs && value[3].is_bound();
    case GraphScope::Kind::all_named:
      return partition == Partition::named_graphs;
    case GraphScope::Kind::all:
      return true;
  }
  return false;
}

Permutation stored_order(Partition partition, Permutation order, const Selection& selection) noexcept {
  // With one graph the graph column sorts nothing, and the default graph has none.
  if (partition == Partition::default_graph) return without_graph(order);
  if (selection.kind == GraphScope::Kind::named) return behind_graph(order).value_or(order);
  return order;
}

}  // namespace akyn::storage
