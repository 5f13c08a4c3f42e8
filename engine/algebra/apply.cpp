#include "engine/algebra/apply.h"

#include "engine/expr/operators.h"

namespace akyn::algebra {

using sparql::BinaryOperator;

std::optional<bool> apply_comparison(BinaryOperator op, const expr::Value& left, const expr::Value& right) {
  if (op == BinaryOperator::equal) return expr::equal(left, right);
  if (op == BinaryOperator::not_equal) {
    const std::optional<bool> same = expr::equal(left, right);
    if (!same) return std::nullopt;
    return !*same;
  }
  const std::optional<std::partial_ordering> order = expr::compare(left, right);
  if (!order) return std::nullopt;
  switch (op) {
    case BinaryOperator::less:
      return *order < 0;
    case BinaryOperator::greater:
      return *order > 0;
    case BinaryOperator::less_equal:
      return *order <= 0;
    default:
      return *order >= 0;
  }
}

expr::Result apply_arithmetic(BinaryOperator op, const expr::Value& left, const expr::Value& right) {
  switch (op) {
    case BinaryOperator::add:
      return expr::add(left, right);
    case BinaryOperator::subtract:
      return expr::subtract(left, right);
    case BinaryOperator::multiply:
      return expr::multiply(left, right);
    default:
      return expr::divide(left, right);
  }
}

}  // namespace akyn::algebra
