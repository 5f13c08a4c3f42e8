// How many solutions a path will have: for planners.
#pragma once

#include "engine/path/automaton.h"
#include "engine/path/graph.h"

namespace akyn::path {

// Of an average start or end, from a few short searches; numbers are guesses.
struct Estimate {
  double subjects = 0;     // different nodes that walks begin with
  double objects = 0;      // and end with
  double per_subject = 0;  // ends that walks from one of them have
  double per_object = 0;   // starts that walks to one of them have

  // Solutions for one choice of the ends that are bound.
  [[nodiscard]] double rows(bool subject_bound, bool object_bound) const noexcept;
};

// Costs some dozens of look-ups and a few thousand steps at most. What it reads, the graph remembers.
[[nodiscard]] Estimate estimate(Graph& graph, const Automaton& automaton, runtime::Budget& budget);

}  // namespace akyn::path
