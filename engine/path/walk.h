// Walks through a graph: what PATH answers with.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/term/decimal.h"
#include "engine/term/id.h"

namespace akyn::path {

// One edge, and where it was travelled to.
struct WalkStep {
  Id predicate;          // of a virtual edge: the name of its STEP
  bool inverse = false;  // travelled from its object to its subject
  bool is_step = false;  // a virtual edge, not a stored triple
  Id to;
  friend bool operator==(const WalkStep&, const WalkStep&) = default;
};

// From `start` along its steps; none: a walk that stays where it is. Equal walks have equal nodes, edges and
// directions.
struct Walk {
  Id start;
  Id end;
  std::vector<WalkStep> steps;  // empty where they were not asked for
  std::size_t length = 0;       // edges
  Decimal cost;                 // of all edges; a stored one costs 1
};

}  // namespace akyn::path
