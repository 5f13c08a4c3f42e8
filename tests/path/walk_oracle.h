// The walks that a PATH clause asks for, found by trying all there are: what searches are compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/path/walk_search.h"
#include "parser/sparql/ast.h"

namespace akyn::path::test {

// Nodes, predicates and STEPs by small numbers.
struct PlainEdge {
  int from = 0;
  int predicate = 0;
  int to = 0;
  bool is_step = false;
  Decimal cost{1};
};
struct PlainStep {
  int predicate = 0;
  bool inverse = false;
  bool is_step = false;
  int to = 0;
  friend auto operator<=>(const PlainStep&, const PlainStep&) = default;
};
struct PlainWalk {
  int start = 0;
  std::vector<PlainStep> steps;
  friend auto operator<=>(const PlainWalk&, const PlainWalk&) = default;

  [[nodiscard]] int end() const { return steps.empty() ? start : steps.back().to; }
  [[nodiscard]] std::string to_string() const;
};
using Ends = std::pair<int, int>;
using Walks = std::vector<PlainWalk>;

struct PlainGraph {
  std::vector<PlainEdge> edges;  // each stored one once; those of a STEP once at their least cost
  std::set<int> nodes;           // of stored edges
};

// Names in an expression: <urn:p0> is predicate 0, <urn:s0> the STEP of that number.
[[nodiscard]] std::string predicate_iri(int predicate);

// What the walks have to be, selection aside.
struct Candidates {
  WalkMode mode = WalkMode::walk;
  std::uint64_t min_length = 0;
  std::uint64_t max_length = 0;  // where there is none, a length that suffices
  std::set<int> not_inner;
  bool graph_nodes_only = false;
};

// All candidates from a node, by their ends; nothing when they are more than a test should look at.
[[nodiscard]] std::optional<std::map<Ends, Walks>> candidates_from(const PlainGraph& graph, int start,
                                                                   const sparql::PathNode& expression,
                                                                   const Candidates& wanted);

[[nodiscard]] Decimal cost_of(const PlainGraph& graph, const PlainWalk& walk);
// Whether it has an edge that costs nothing.
[[nodiscard]] bool has_free_edge(const PlainGraph& graph, const PlainWalk& walk);

}  // namespace akyn::path::test
