// In which sequence and how the parts of a group are joined.
//
// Up to a few parts, all trees of joins are looked at; beyond that, whatever two parts are cheapest to join are joined
// next. Of every set of parts the cheapest plan is kept, and the cheapest for each order that a later join, a GROUP BY
// or a DISTINCT may profit by.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/plan/nodes.h"
#include "engine/plan/plan.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

// Plans with the same solutions, and the same columns; the first one is the cheapest, the others are sorted in other
// ways.
using Alternatives = std::vector<NodePtr>;

struct JoinPart {
  // As a source by itself; none: it needs an input.
  Alternatives alternatives;
  // When it is the matches of a triple pattern for which `own` conditions hold: look-ups may search in it, and apply
  // them afterwards.
  std::optional<Scan> scan;
  std::vector<algebra::Expression> own;
  // With a plan as input: what that becomes with this part joined to it; null where that is not possible. Empty: it is
  // a source only.
  std::function<NodePtr(const NodePtr& input, const SlotSet& needed)> extend;
  SlotSet slots;    // that it binds or uses
  SlotSet certain;  // those of them that are bound once it is joined

  // Its alternatives without columns beyond these, for a group of its own.
  std::function<Alternatives(const SlotSet& needed)> make;
};

struct JoinCondition {
  algebra::Expression expression;
  SlotSet slots;
};

struct JoinProblem {
  std::vector<JoinPart> parts;  // one at least
  // Each is applied as soon as all its variables are bound for certain; what never is comes last.
  std::vector<JoinCondition> conditions;
  SlotSet needed;  // above the group
};

[[nodiscard]] Alternatives order_joins(JoinProblem problem);

// Keeps the cheapest, and the cheapest for each leading variable that rows are sorted by.
[[nodiscard]] Alternatives best_of(Alternatives plans);

}  // namespace akyn::plan
