// Comparisons and arithmetic on light values, as expr/operators.h has them on full ones.
#pragma once

#include <optional>

#include "engine/exec/datum.h"
#include "parser/sparql/ast.h"

namespace akyn::exec {

// equal ... greater_equal; nothing for an error. Precondition: neither is none.
[[nodiscard]] std::optional<bool> compare(sparql::BinaryOperator op, const Datum& left, const Datum& right);
// add ... divide. Precondition: neither is none, and `result` is neither.
void apply_arithmetic(sparql::BinaryOperator op, const Datum& left, const Datum& right, Datum& result);

}  // namespace akyn::exec
