// Which expressions never fail.
#pragma once

#include "engine/algebra/expression.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

// Whether an expression has a value in every solution that binds these variables. Perhaps it has although this says no.
[[nodiscard]] bool has_value(const algebra::ExpressionNode& expression, const SlotSet& certain);

}  // namespace akyn::plan
