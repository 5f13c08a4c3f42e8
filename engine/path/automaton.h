// Property paths as automata over edges: what a search walks beside the graph.
#pragma once

#include <cstdint>

#include "engine/path/state_graph.h"
#include "engine/runtime/local_terms.h"
#include "parser/sparql/ast.h"

namespace akyn::path {

struct Transition {
  std::uint32_t label = 0;  // place in labels()
  std::uint32_t to = 0;
  friend auto operator<=>(const Transition&, const Transition&) = default;
};

// Nondeterministic, without empty transitions: Glushkov's automaton, equal states made one, states that lead nowhere
// left out. A walk through the graph matches the path when its edges lead from a start state to an accepting one; the
// walk of no edges when some start state accepts.
//
// Immutable, hence thread-safe.
class Automaton : public StateGraph<Transition> {
 public:
  using Transition = path::Transition;  // ascending in from()

  // Predicates become the Ids that `terms` has for them; those that are not stored have no edges. Bounds of repetitions
  // are spelt out: throws Error(limit) when that makes too many states.
  Automaton(const sparql::PathNode& path, runtime::LocalTerms& terms);

  // Whether any edges of first_labels(), one or more, make a matching walk, and nothing else does: (a|b)+.
  [[nodiscard]] bool is_plain_loop() const noexcept;

  // The same path from its end to its start: the same states, labels at the same places turned round.
  [[nodiscard]] Automaton reversed() const;

 private:
  friend class AutomatonBuilder;
  Automaton() = default;
};

// Whether the path matches a walk of no edges.
[[nodiscard]] bool matches_empty(const sparql::PathNode& path);

}  // namespace akyn::path
