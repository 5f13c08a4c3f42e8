#include "engine/plan/fold.h"

#include <utility>
#include <vector>

#include "engine/algebra/apply.h"
#include "engine/expr/operators.h"

namespace akyn::plan {
namespace {

using algebra::ExpressionNode;
using expr::Result;
using expr::Value;

constexpr std::size_t kLongestText = std::size_t{1} << 16;

// The arguments' values; nothing when one is not constant.
std::optional<std::vector<Result>> fold_arguments(const ExpressionNode& expression, expr::Context& context) {
  std::vector<Result> values;
  values.reserve(expression.arguments.size());
  for (const algebra::Expression& argument : expression.arguments) {
    std::optional<Result> value = fold(*argument, context);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

Result call(const expr::Function& function, const std::vector<Result>& arguments, expr::Context& context) {
  std::vector<Value> values;
  values.reserve(arguments.size());
  for (const Result& argument : arguments) {
    if (!argument) return std::nullopt;
    values.push_back(*argument);
  }
  return function.call(values, context);
}

}  // namespace

std::optional<Result> fold(const ExpressionNode& expression, expr::Context& context) {
  if (const auto* constant = std::get_if<algebra::ConstantOperator>(&expression.op)) return Result(constant->value);
  const auto* arithmetic = std::get_if<algebra::ArithmeticOperator>(&expression.op);
  const auto* function_call = std::get_if<algebra::CallOperator>(&expression.op);
  const bool negate = std::holds_alternative<algebra::NegateOperator>(expression.op);
  const bool plus = std::holds_alternative<algebra::PlusOperator>(expression.op);
  if (arithmetic == nullptr && function_call == nullptr && !negate && !plus) return std::nullopt;

  const expr::Function* function = nullptr;
  if (function_call != nullptr) {
    function = function_call->function;
    if (function == nullptr) function = expr::find_function_by_iri(function_call->name);
    if (function == nullptr || !function->deterministic) return std::nullopt;
    if (expression.arguments.size() < function->min_args || expression.arguments.size() > function->max_args) {
      return std::nullopt;
    }
  }
  const std::optional<std::vector<Result>> arguments = fold_arguments(expression, context);
  if (!arguments) return std::nullopt;
  if (function != nullptr) {
    Result value = call(*function, *arguments, context);
    if (value && value->is_string_literal() && value->text().size() > kLongestText) return std::nullopt;
    return value;
  }
  Result value = arguments->front();
  if (negate) return value ? expr::negate(*value) : Result();
  if (plus) return value ? expr::unary_plus(*value) : Result();
  for (std::size_t i = 0; value && i < arithmetic->ops.size(); ++i) {
    const Result& right = (*arguments)[i + 1];
    value = right ? algebra::apply_arithmetic(arithmetic->ops[i], *value, *right) : Result();
  }
  return value;
}

}  // namespace akyn::plan
