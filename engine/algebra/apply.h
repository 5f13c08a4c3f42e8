// The grammar's binary operators on values.
#pragma once

#include <optional>

#include "engine/expr/value.h"
#include "parser/sparql/ast.h"

namespace akyn::algebra {

// equal ... greater_equal; nothing for an error.
[[nodiscard]] std::optional<bool> apply_comparison(sparql::BinaryOperator op, const expr::Value& left,
                                                   const expr::Value& right);
// add ... divide; nothing for an error.
[[nodiscard]] expr::Result apply_arithmetic(sparql::BinaryOperator op, const expr::Value& left,
                                            const expr::Value& right);

}  // namespace akyn::algebra
