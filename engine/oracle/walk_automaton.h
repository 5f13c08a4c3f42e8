// Path expressions of PATH as nondeterministic automata, made part by part (Thompson's construction).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <akyn/term.h>
#include "engine/runtime/local_terms.h"
#include "engine/term/id.h"
#include "parser/sparql/ast.h"

namespace akyn::oracle {

// An edge that a walk may take; the same triple and STEP once.
struct WalkEdge {
  Id from;
  Id predicate;  // of a STEP: its label
  Id to;
  std::optional<std::uint32_t> step;
};

// An edge in a direction.
struct Move {
  const WalkEdge* edge = nullptr;
  bool inverse = false;
  [[nodiscard]] Id from() const noexcept { return inverse ? edge->to : edge->from; }
  [[nodiscard]] Id to() const noexcept { return inverse ? edge->from : edge->to; }
};

class WalkAutomaton {
 public:
  using States = std::set<std::size_t>;

  WalkAutomaton(const sparql::PathNode& path, runtime::LocalTerms& terms);

  [[nodiscard]] std::size_t size() const noexcept { return states_.size(); }
  [[nodiscard]] States start() const { return closure({start_}); }
  [[nodiscard]] bool accepts(const States& states) const { return states.contains(accepting_); }
  // The states after a move; none: it does not match.
  [[nodiscard]] States after(const States& states, const Move& move) const;

 private:
  // What one move may match.
  struct Atom {
    bool inverse = false;
    bool either = false;  // under `~`: a self-loop is travelled forwards
    bool negated = false;
    std::optional<std::uint32_t> step;
    std::vector<Id> predicates;
  };
  struct State {
    std::vector<std::size_t> empty;  // reached without a move
    std::vector<std::pair<Atom, std::size_t>> moves;
  };
  struct Fragment {
    std::size_t first;
    std::size_t last;
  };
  struct Direction {
    bool inverse = false;
    bool either = false;
  };

  [[nodiscard]] std::size_t new_state();
  void connect(std::size_t from, std::size_t to) { states_[from].empty.push_back(to); }
  [[nodiscard]] Fragment build(const sparql::PathNode& path, Direction direction, runtime::LocalTerms& terms);
  [[nodiscard]] Fragment repeat(const sparql::PathRepeat& path, Direction direction, runtime::LocalTerms& terms);
  [[nodiscard]] Fragment atom(Atom atom);
  [[nodiscard]] Fragment choice(const std::vector<Fragment>& choices);
  [[nodiscard]] States closure(States states) const;
  [[nodiscard]] static bool matches(const Atom& atom, const Move& move);

  std::vector<State> states_;
  std::size_t start_ = 0;
  std::size_t accepting_ = 0;
};

}  // namespace akyn::oracle
