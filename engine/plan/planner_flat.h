// A group while it is taken apart.
#pragma once

#include <memory>
#include <vector>

#include "engine/path/estimate.h"
#include "engine/plan/planner.h"

namespace akyn::plan {

// A path, and what is expected of it: guesses until somebody has a choice to make.
struct PathEnds {
  Path op;
  std::shared_ptr<path::Estimate> estimate;
};

struct Planner::Flat {
  std::vector<JoinPart> parts;
  std::vector<algebra::Expression> conditions;
  std::vector<const algebra::Node*> services;
  std::vector<PathEnds> paths;
  SlotSet scope;
  bool nothing = false;  // some part has no solutions
};

}  // namespace akyn::plan
