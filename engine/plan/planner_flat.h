// A group while it is taken apart.
#pragma once

#include <vector>

#include "engine/plan/planner.h"

namespace akyn::plan {

struct Planner::Flat {
  std::vector<JoinPart> parts;
  std::vector<algebra::Expression> conditions;
  std::vector<const algebra::Node*> services;
  SlotSet scope;
  bool nothing = false;  // some part has no solutions
};

}  // namespace akyn::plan
