// What all searches for walks have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <akyn/error.h>
#include "engine/path/walk_automaton.h"
#include "engine/path/walk_graph.h"
#include "engine/runtime/limits.h"
#include "engine/term/decimal.h"

namespace akyn::path {

// One edge of a walk, in the direction of the search.
struct FoundStep {
  EdgeName name;
  Node to = 0;
};

struct FoundWalk {
  Node from = 0;
  Node to = 0;
  std::vector<FoundStep> steps;  // empty where only its length is wanted
  std::uint64_t length = 0;
  Decimal cost;
};

// An automaton with what its labels are called in the graph.
struct WalkPlan {
  WalkPlan(WalkAutomaton read, WalkGraph& graph) : automaton(std::move(read)) {
    for (const Label& label : automaton.labels()) labels.push_back(graph.label(label));
  }

  WalkAutomaton automaton;
  std::vector<WalkGraph::LabelNumber> labels;
};

// What is selected, as searches see it.
struct WalkWish {
  std::uint64_t count = 1;  // walks, or groups of equal length or cost, for each pair
  bool groups = false;
  std::optional<std::uint64_t> max_length;  // that of the longest walk, too, where there is one
  bool steps = true;                        // walks are wanted with their steps
  bool only_whether = false;                // pairs are wanted, not their walks
  bool graph_nodes_only = false;            // walks of no edges stand at nodes of the graph
};

// Finds the walks from one node, one after the other. What it reads its walks with must outlive it.
class WalkSearcher {
 public:
  WalkSearcher() = default;
  WalkSearcher(const WalkSearcher&) = delete;
  WalkSearcher& operator=(const WalkSearcher&) = delete;
  virtual ~WalkSearcher() = default;

  // Begins anew, with walks that end at `to`, or anywhere.
  virtual void begin(Node from, std::optional<Node> to) = 0;
  [[nodiscard]] virtual bool next(FoundWalk& found) = 0;
};

// Calls use(edge, target) for those of the edges that the transition takes.
template <class Use>
void each_edge(const WalkGraph::Edges& edges, Node node, const WalkAutomaton::Transition& transition, Use use) {
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    const Node target = edges.targets[edge];
    if (transition.loops == Loops::with || (transition.loops == Loops::only) == (target == node)) use(edge, target);
  }
}

// The sum of two costs. Throws Error(limit) when it has too many digits.
[[nodiscard]] inline Decimal sum_of(const Decimal& a, const Decimal& b) {
  std::optional<Decimal> sum = Decimal::add(a, b);
  if (!sum) throw Error(ErrorCode::limit, "the cost of a path has too many digits");
  return *std::move(sum);
}

}  // namespace akyn::path
