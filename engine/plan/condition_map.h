// From a condition to what it is for each Id.
#pragma once

#include "engine/algebra/expression.h"
#include "engine/expr/functions.h"
#include "engine/plan/truth_map.h"
#include "engine/runtime/local_terms.h"

namespace akyn::plan {

// What the condition can be where `variable` has a value, whatever the other variables have. Holds for stored, inlined
// and query-local Ids of `terms` and for the unbound one. Costs some page look-ups in the dictionary for orders and
// prefixes of strings, and for numbers and dates where the store has any that are not inlined.
[[nodiscard]] TruthMap condition_map(const algebra::ExpressionNode& condition, algebra::Slot variable,
                                     runtime::LocalTerms& terms, expr::Context& context);

}  // namespace akyn::plan
