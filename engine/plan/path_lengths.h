// Paths of which a query looks at nothing but how long they are.
#pragma once

#include "engine/algebra/algebra.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

struct PathLengths {
  SlotSet paths;             // variables of such PATHs
  algebra::NodePtr pattern;  // with path:length(?p) as ?p, for a plan that has the length stand in ?p; null without any
};

// `needed`: variables that are asked of the pattern's solutions. Patterns of EXISTS and of GRAPH ?g are left alone:
// they may be planned by themselves.
[[nodiscard]] PathLengths path_lengths(const algebra::Node& pattern, const SlotSet& needed);

}  // namespace akyn::plan
