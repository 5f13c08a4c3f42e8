// Which variables the solutions of a pattern bind for certain.
#pragma once

#include "engine/algebra/algebra.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

// Variables that every solution binds; perhaps not all of them.
[[nodiscard]] SlotSet certain_of(const algebra::Node& node);

// Variables that an expression mentions, those of patterns in it included; whether it has such patterns.
struct Mentions {
  SlotSet slots;
  bool has_exists = false;
};
[[nodiscard]] Mentions mentions_of(const algebra::ExpressionNode& expression);

// Whether an expression of the pattern has an EXISTS.
[[nodiscard]] bool has_exists(const algebra::Node& pattern);

// Whether an EXISTS of this pattern asks just for a solution that is compatible with the row: all its groups are plain
// joins, unions and filters whose variables are bound where they stand, so that starting each group from the row's
// solution (18.6 of SPARQL 1.2) makes no difference.
[[nodiscard]] bool is_plain_exists(const algebra::Node& pattern);

// Whether a pattern under GRAPH ?g may be evaluated over all graphs at once, with the graph as one more variable: all
// its leaves are triples.
[[nodiscard]] bool is_graph_wise(const algebra::Node& pattern, Slot name);

}  // namespace akyn::plan
