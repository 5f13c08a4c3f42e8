// Expressions without variables.
#pragma once

#include <optional>

#include "engine/algebra/expression.h"
#include "engine/expr/functions.h"

namespace akyn::plan {

// The value of an expression that is the same for every solution of a run; no Result when it is not, or when finding
// out is better left to the evaluation: patterns, functions of the program, long texts. An inner "no value" is an
// error.
[[nodiscard]] std::optional<expr::Result> fold(const algebra::ExpressionNode& expression, expr::Context& context);

}  // namespace akyn::plan
