// Path expressions as deterministic automata: each matching walk has one run, so that none is found twice.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/path/automaton.h"

namespace akyn::path {

enum class Loops : std::uint8_t { with, without, only };
struct WalkTransition {
  std::uint32_t label = 0;  // place in labels()
  bool inverse = false;     // the direction that the edge has in the walk
  Loops loops = Loops::with;
  std::uint32_t to = 0;
};

// Over an alphabet of the predicates that the expression mentions and one letter for all others, of its STEPs, all in
// both directions, and each of these again for self-loops, which `~` gives one direction.
//
// Immutable, hence thread-safe.
class WalkAutomaton : public StateGraph<WalkTransition> {
 public:
  using Transition = WalkTransition;

  // Reads walks from their start to their end; or, when `backwards`, from the end to the start. `automaton` is of the
  // path in that direction. Throws Error(limit) when it has too many states.
  WalkAutomaton(const Automaton& automaton, bool backwards);

  // Only walks of so many edges: spells lengths up to the greater bound out in states. Throws Error(limit) likewise.
  [[nodiscard]] WalkAutomaton with_lengths(std::uint64_t min, std::optional<std::uint64_t> max) const;
  // The same walks read from the other end; no longer deterministic.
  [[nodiscard]] WalkAutomaton reversed() const;

  // Edges of the longest walk; nothing when there is none.
  [[nodiscard]] std::optional<std::uint64_t> longest() const;
  // Whether every walk that it reads an edge of matches so far.
  [[nodiscard]] bool accepts_all_begun() const noexcept;

 private:
  WalkAutomaton() = default;
  // Leaves out states from which none that accepts can be reached.
  void drop_dead_ends();
};

}  // namespace akyn::path
