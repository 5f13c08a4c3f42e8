// What the automata of paths are made of: states, and transitions between them that are labelled with edges.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/term/id.h"

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

// A Transition has a `label`, a place in labels(), and a state `to`. Immutable, hence thread-safe.
template <class Transition>
class StateGraph {
 public:
  using State = std::uint32_t;

  [[nodiscard]] std::size_t states() const noexcept { return transitions_.size(); }
  [[nodiscard]] const std::vector<Label>& labels() const noexcept { return labels_; }
  [[nodiscard]] const std::vector<State>& starts() const noexcept { return starts_; }
  [[nodiscard]] bool accepts(State state) const noexcept { return accepting_[state]; }
  [[nodiscard]] std::span<const Transition> from(State state) const noexcept { return transitions_[state]; }
  [[nodiscard]] bool accepts_empty() const noexcept {
    return std::any_of(starts_.begin(), starts_.end(), [&](State state) { return accepts(state); });
  }
  // Labels that a walk may begin with.
  [[nodiscard]] std::vector<Label> first_labels() const {
    std::vector<Label> labels;
    for (const State start : starts_) {
      for (const Transition& transition : from(start)) labels.push_back(labels_[transition.label]);
    }
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    return labels;
  }

 protected:
  StateGraph() = default;

  std::vector<Label> labels_;
  std::vector<std::vector<Transition>> transitions_;  // by state
  std::vector<bool> accepting_;
  std::vector<State> starts_;
};

}  // namespace akyn::path
