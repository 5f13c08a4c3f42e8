// Searches for the walks that a PATH clause asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/path/edge_source.h"
#include "engine/path/graph.h"
#include "engine/path/walk.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"
#include "parser/sparql/ast.h"

namespace akyn::path {

// Which of the candidates between two ends.
enum class Selector : std::uint8_t {
  all,
  any,              // `count` of them, no matter which
  shortest,         // the `count` shortest, no matter which of equal length: ANY SHORTEST, SHORTEST k
  shortest_groups,  // those of the `count` least lengths: ALL SHORTEST, SHORTEST k GROUPS
  cheapest,         // the `count` cheapest, no matter which of equal cost: ANY CHEAPEST, CHEAPEST k
  all_cheapest      // those of the least cost
};

// Which walks are candidates.
enum class WalkMode : std::uint8_t {
  walk,     // all
  trail,    // no edge twice, whichever the direction
  acyclic,  // no node twice
  simple    // no node twice, but the end may be the start
};

// What is read of the walks that are found.
enum class Wanted : std::uint8_t {
  whether,  // the ends of a pair, once if there are any: `start` and `end`
  length,   // every walk, without its steps
  path      // all
};

struct WalkRequest {
  Selector selector = Selector::shortest;
  std::uint64_t count = 1;  // at least 1
  WalkMode mode = WalkMode::walk;
  std::uint64_t min_length = 0;
  std::optional<std::uint64_t> max_length;
  // Nodes that may stand between the ends: kept[i] says whether nodes[i] may. Empty: all may. Is asked at most once for
  // each node.
  std::function<void(std::span<const Id> nodes, std::vector<bool>& kept)> inner;
  Wanted wanted = Wanted::path;
  // Both ends are variables, bound or not: a walk of no edges stands at nodes of the graph alone.
  bool graph_nodes_only = false;
};

// Walks that match a path expression, selected for each pair of ends by itself. They come out as they are found: of the
// walks of a pair the shortest or cheapest first where the selector speaks of that, pairs in no order and mixed.
//
// A self-loop under `~` counts as travelled forwards. STEPs of one expression have different names, unless they are the
// same.
//
// Throws Error(limit) beyond the memory of the run, or when the expression has too many states;
// Error(invalid_argument) for Selector::all with WalkMode::walk where walks have no greatest length, and, while it
// searches for Selector::all_cheapest with WalkMode::walk, when a cheapest walk has an edge that costs nothing. One
// thread at a time.
class WalkSearch {
 public:
  // All of these must outlive it. `steps` may be null when the expression has no STEP.
  WalkSearch(Graph& graph, const sparql::PathNode& expression, WalkRequest request, EdgeSource* steps,
             runtime::LocalTerms& terms, runtime::Budget& budget);
  WalkSearch(const WalkSearch&) = delete;
  WalkSearch& operator=(const WalkSearch&) = delete;
  ~WalkSearch();

  // Begins anew, with the walks between two terms; an unbound one stands for every node. Where both are unbound, as
  // with begin_loops(), the request is to have graph_nodes_only.
  void begin(Id start, Id end);
  // Likewise, with those from every node to itself.
  void begin_loops();
  // The next walk, for which `walk`'s memory is used again; false at the end.
  [[nodiscard]] bool next(Walk& walk);

  // What begin() will do, for EXPLAIN: "breadth first from both ends".
  [[nodiscard]] std::string_view method(bool start_bound, bool end_bound) const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace akyn::path
