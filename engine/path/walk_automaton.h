// Path expressions as deterministic automata: each matching walk has one run, so that none is found twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/path/automaton.h"

namespace akyn::path {

// Over an alphabet of the predicates that the expression mentions and one letter for all others, of its STEPs, all in
// both directions, and each of these again for self-loops, which `~` gives one direction.
//
// Immutable, hence thread-safe.
class WalkAutomaton {
 public:
  using State = Automaton::State;
  enum class Loops : std::uint8_t { with, without, only };
  struct Transition {
    std::uint32_t label = 0;  // place in labels()
    bool inverse = false;     // the direction that the edge has in the walk
    Loops loops = Loops::with;
    State to = 0;
  };

  // Reads walks from their start to their end; or, when `backwards`, from the end to the start. `automaton` is of the
  // path in that direction. Throws Error(limit) when it has too many states.
  WalkAutomaton(const Automaton& automaton, bool backwards);

  // Only walks of so many edges: spells lengths up to the greater bound out in states. Throws Error(limit) likewise.
  [[nodiscard]] WalkAutomaton with_lengths(std::uint64_t min, std::optional<std::uint64_t> max) const;
  // The same walks read from the other end; no longer deterministic.
  [[nodiscard]] WalkAutomaton reversed() const;

  [[nodiscard]] std::size_t states() const noexcept { return transitions_.size(); }
  // As they are read, from where the search stands.
  [[nodiscard]] const std::vector<Label>& labels() const noexcept { return labels_; }
  [[nodiscard]] const std::vector<State>& starts() const noexcept { return starts_; }
  [[nodiscard]] bool accepts(State state) const noexcept { return accepting_[state]; }
  [[nodiscard]] std::span<const Transition> from(State state) const noexcept { return transitions_[state]; }
  [[nodiscard]] bool accepts_empty() const noexcept;
  // Labels that a walk may begin with.
  [[nodiscard]] std::vector<Label> first_labels() const;
  // Edges of the longest walk; nothing when there is none.
  [[nodiscard]] std::optional<std::uint64_t> longest() const;
  // Whether every walk that it reads an edge of matches so far.
  [[nodiscard]] bool accepts_all_begun() const noexcept;

 private:
  WalkAutomaton() = default;
  // Leaves out states from which none that accepts can be reached.
  void drop_dead_ends();

  std::vector<Label> labels_;
  std::vector<std::vector<Transition>> transitions_;  // by state
  std::vector<bool> accepting_;
  std::vector<State> starts_;
};

}  // namespace akyn::path
