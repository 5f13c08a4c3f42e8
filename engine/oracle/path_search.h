// PATH (docs/paths.md), by trying walks one after the other.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/oracle/expressions.h"
#include "engine/oracle/table.h"
#include "engine/oracle/walk_automaton.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/path_values.h"
#include "engine/term/decimal.h"

namespace akyn::oracle {

class Evaluator;

// The clause over one active graph, every pair of ends by itself. For small graphs.
//
// Between two ends walks grow edge by edge; the one that can become the shortest (or cheapest) comes first, so that
// they end in the order in which the selectors want them. What cannot reach the end is not tried.
class PathSearcher {
 public:
  PathSearcher(Evaluator& evaluator, const algebra::PathSearch& search, const runtime::ActiveGraph& graph);

  [[nodiscard]] Table evaluate();

 private:
  struct Walk {
    Id start;
    std::vector<Move> moves;
    WalkAutomaton::States states;
    Decimal cost;  // or length, whatever is asked for
    [[nodiscard]] Id end() const noexcept { return moves.empty() ? start : moves.back().to(); }
  };
  // A move and a state in which it matches.
  struct Link {
    Move move;
    std::size_t state = 0;
    WalkAutomaton::States next;
  };
  using Distances = std::map<std::pair<Id, std::size_t>, Decimal>;

  void read_edges();
  void read_links();
  void add_step(std::uint32_t number);
  [[nodiscard]] bool is_kept(Id node);  // INNER
  [[nodiscard]] Decimal weight(const Move& move) const;
  // From nodes and states, by one edge or more, to `end` and an accepting state.
  [[nodiscard]] Distances distances_to(Id end);
  [[nodiscard]] bool allows(const Walk& walk, const Move& move) const;
  void between(Id start, Id end, const Distances& distances, Table& result);
  // False when the selector has enough.
  [[nodiscard]] bool select(const Walk& walk, std::vector<Walk>& selected) const;
  void emit(const Walk& walk, Table& result);
  // The ends that a term of the pattern may stand for.
  [[nodiscard]] std::vector<Id> candidates(const algebra::PatternTerm& term);
  [[nodiscard]] bool unify(const algebra::PatternTerm& term, Id id, std::vector<Id>& row,
                           const std::vector<algebra::Slot>& columns);

  Evaluator& evaluator_;
  const algebra::PathSearch& search_;
  const runtime::ActiveGraph& graph_;
  WalkAutomaton automaton_;
  bool by_cost_;
  std::set<Id> graph_nodes_;
  std::set<Id> nodes_;  // those of STEPs too
  std::vector<WalkEdge> edges_;
  std::unordered_map<Id, std::vector<Move>> moves_;  // by where they start
  std::vector<Link> links_;
  std::map<std::tuple<std::uint32_t, Id, Id>, Decimal> costs_;
  std::unordered_map<Id, bool> kept_;
  std::vector<std::vector<algebra::Slot>> inner_columns_;
  std::vector<Expressions> inner_;
  runtime::PathWriter writer_;
};

}  // namespace akyn::oracle
