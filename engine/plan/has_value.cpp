#include "engine/plan/has_value.h"

#include <algorithm>
#include <variant>

namespace akyn::plan {

bool has_value(const algebra::ExpressionNode& expression, const SlotSet& certain) {
  if (const auto* variable = std::get_if<algebra::VariableOperator>(&expression.op)) return certain.has(variable->slot);
  if (std::holds_alternative<algebra::CoalesceOperator>(expression.op)) {
    return std::any_of(expression.arguments.begin(), expression.arguments.end(),
                       [&](const algebra::Expression& argument) { return has_value(*argument, certain); });
  }
  return std::holds_alternative<algebra::ConstantOperator>(expression.op) ||
         std::holds_alternative<algebra::BoundOperator>(expression.op);
}

}  // namespace akyn::plan
