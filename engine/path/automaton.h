// Property paths as automata over edges: what a search walks beside the graph.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/runtime/local_terms.h"
#include "engine/term/id.h"
#include "parser/sparql/ast.h"

namespace akyn::path {

// Edges that a search may take: those of one predicate, or of every predicate but some; from subject to object, or
// the other way when `inverse`. In a PATH clause also those of a STEP.
struct Label {
  bool inverse = false;
  bool negated = false;
  std::vector<Id> predicates;              // ascending, stored ones; exactly one unless negated; none of a STEP
  std::optional<std::uint32_t> step = {};  // its number
  bool either = false;                     // stands under `~`: self-loops have one direction

  [[nodiscard]] Label flipped() const { return {!inverse, negated, predicates, step, either}; }
  friend auto operator<=>(const Label&, const Label&) = default;
};

// Nondeterministic, without empty transitions: Glushkov's automaton, equal states made one, states that lead nowhere
// left out. A walk through the graph matches the path when its edges lead from a start state to an accepting one; the
// walk of no edges when some start state accepts.
//
// Immutable, hence thread-safe.
class Automaton {
 public:
  using State = std::uint32_t;
  struct Transition {
    std::uint32_t label = 0;  // place in labels()
    State to = 0;
    friend auto operator<=>(const Transition&, const Transition&) = default;
  };

  // Predicates become the Ids that `terms` has for them; those that are not stored have no edges. Bounds of repetitions
  // are spelt out: throws Error(limit) when that makes too many states.
  Automaton(const sparql::PathNode& path, runtime::LocalTerms& terms);

  [[nodiscard]] std::size_t states() const noexcept { return transitions_.size(); }
  [[nodiscard]] const std::vector<Label>& labels() const noexcept { return labels_; }
  [[nodiscard]] const std::vector<State>& starts() const noexcept { return starts_; }
  [[nodiscard]] bool accepts(State state) const noexcept { return accepting_[state]; }
  [[nodiscard]] std::span<const Transition> from(State state) const noexcept { return transitions_[state]; }
  [[nodiscard]] bool accepts_empty() const noexcept;
  // Labels that a walk may begin with.
  [[nodiscard]] std::vector<Label> first_labels() const;
  // Whether any edges of first_labels(), one or more, make a matching walk, and nothing else does: (a|b)+.
  [[nodiscard]] bool is_plain_loop() const noexcept;

  // The same path from its end to its start: the same states, labels at the same places turned round.
  [[nodiscard]] Automaton reversed() const;

 private:
  friend class AutomatonBuilder;
  Automaton() = default;

  std::vector<Label> labels_;
  std::vector<std::vector<Transition>> transitions_;  // by state; ascending
  std::vector<bool> accepting_;
  std::vector<State> starts_;
};

// Whether the path matches a walk of no edges.
[[nodiscard]] bool matches_empty(const sparql::PathNode& path);

}  // namespace akyn::path
