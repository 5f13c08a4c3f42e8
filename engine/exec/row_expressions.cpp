#include "engine/exec/row_expressions.h"

#include <algorithm>

#include "engine/algebra/apply.h"
#include "engine/expr/operators.h"

namespace akyn::exec {

using algebra::Expression;
using algebra::ExpressionNode;
using expr::Result;
using expr::Value;

namespace {

constexpr std::uint32_t kNoColumn = ~std::uint32_t{0};

Result boolean_result(std::optional<bool> value) {
  if (!value) return std::nullopt;
  return Value::boolean(*value);
}

}  // namespace

bool is_deterministic(const ExpressionNode& expression) {
  if (const auto* call = std::get_if<algebra::CallOperator>(&expression.op)) {
    if (call->function != nullptr && !call->function->deterministic) return false;
  }
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [](const Expression& argument) { return is_deterministic(*argument); });
}

RowExpressions::RowExpressions(Run& run, std::vector<Slot> columns, ExistsEvaluator* exists)
    : run_(run), columns_(std::move(columns)), exists_(exists), column_of_(run.variables().size(), kNoColumn) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    // The planner has slots of its own beyond those of the query.
    if (columns_[i] >= column_of_.size()) column_of_.resize(columns_[i] + 1, kNoColumn);
    column_of_[columns_[i]] = static_cast<std::uint32_t>(i);
  }
}

struct RowExpressions::Visitor {
  RowExpressions& self;
  const ExpressionNode& node;
  Row row;

  Result operator()(const algebra::ConstantOperator& op) const { return op.value; }
  Result operator()(const algebra::VariableOperator& op) const {
    const Id id = self.variable(op.slot, row);
    if (!id.is_bound()) return std::nullopt;
    return self.run_.terms().value(id);
  }
  Result operator()(const algebra::OrOperator&) const { return self.logical_or(node.arguments, row); }
  Result operator()(const algebra::AndOperator&) const { return self.logical_and(node.arguments, row); }
  Result operator()(const algebra::NotOperator&) const {
    const std::optional<bool> operand = self.condition(*node.arguments[0], row);
    if (!operand) return std::nullopt;
    return Value::boolean(!*operand);
  }
  Result operator()(const algebra::CompareOperator& op) const { return self.compare(op.op, node, row); }
  Result operator()(const algebra::ArithmeticOperator& op) const { return self.arithmetic(op, node, row); }
  Result operator()(const algebra::NegateOperator&) const {
    const Result operand = self.value(*node.arguments[0], row);
    return operand ? expr::negate(*operand) : std::nullopt;
  }
  Result operator()(const algebra::PlusOperator&) const {
    const Result operand = self.value(*node.arguments[0], row);
    return operand ? expr::unary_plus(*operand) : std::nullopt;
  }
  Result operator()(const algebra::InOperator& op) const { return self.in(op.negated, node, row); }
  Result operator()(const algebra::BoundOperator& op) const {
    return Value::boolean(self.variable(op.slot, row).is_bound());
  }
  Result operator()(const algebra::IfOperator&) const {
    const std::optional<bool> condition = self.condition(*node.arguments[0], row);
    if (!condition) return std::nullopt;
    return self.value(*node.arguments[*condition ? 1 : 2], row);
  }
  Result operator()(const algebra::CoalesceOperator&) const {
    for (const Expression& argument : node.arguments) {
      if (Result value = self.value(*argument, row)) return value;
    }
    return std::nullopt;
  }
  Result operator()(const algebra::ExistsOperator& op) const {
    return Value::boolean(self.exists_->exists(op, row, self.columns_) != op.negated);
  }
  Result operator()(const algebra::CallOperator& op) const { return self.call(op, node, row); }
};

Result RowExpressions::value(const ExpressionNode& expression, Row row) {
  return std::visit(Visitor{*this, expression, row}, expression.op);
}

Id RowExpressions::id(const ExpressionNode& expression, Row row) {
  if (const auto* op = std::get_if<algebra::VariableOperator>(&expression.op)) return variable(op->slot, row);
  if (const auto* op = std::get_if<algebra::ConstantOperator>(&expression.op)) {
    return op->constant.id.is_bound() ? op->constant.id : run_.terms().id(op->constant.term);
  }
  const Result result = value(expression, row);
  return result ? run_.terms().id(*result) : Id();
}

std::optional<bool> RowExpressions::condition(const ExpressionNode& expression, Row row) {
  const Result result = value(expression, row);
  return result ? expr::effective_boolean(*result) : std::nullopt;
}

bool RowExpressions::all_true(const std::vector<Expression>& conditions, Row row) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Expression& part) { return condition(*part, row).value_or(false); });
}

Id RowExpressions::variable(Slot slot, Row row) const {
  const std::uint32_t column = slot < column_of_.size() ? column_of_[slot] : kNoColumn;
  return column == kNoColumn ? Id() : row[column];
}

// True wins over an error, an error over false (17.2).
Result RowExpressions::logical_or(const std::vector<Expression>& operands, Row row) {
  bool error = false;
  for (const Expression& operand : operands) {
    const std::optional<bool> value = condition(*operand, row);
    if (value.value_or(false)) return Value::boolean(true);
    error = error || !value;
  }
  return error ? Result() : Value::boolean(false);
}

Result RowExpressions::logical_and(const std::vector<Expression>& operands, Row row) {
  bool error = false;
  for (const Expression& operand : operands) {
    const std::optional<bool> value = condition(*operand, row);
    if (!value.value_or(true)) return Value::boolean(false);
    error = error || !value;
  }
  return error ? Result() : Value::boolean(true);
}

Result RowExpressions::compare(sparql::BinaryOperator op, const ExpressionNode& node, Row row) {
  const Result left = value(*node.arguments[0], row);
  if (!left) return std::nullopt;
  const Result right = value(*node.arguments[1], row);
  if (!right) return std::nullopt;
  return boolean_result(algebra::apply_comparison(op, *left, *right));
}

Result RowExpressions::arithmetic(const algebra::ArithmeticOperator& op, const ExpressionNode& node, Row row) {
  Result left = value(*node.arguments[0], row);
  for (std::size_t i = 0; left && i < op.ops.size(); ++i) {
    const Result right = value(*node.arguments[i + 1], row);
    if (!right) return std::nullopt;
    left = algebra::apply_arithmetic(op.ops[i], *left, *right);
  }
  return left;
}

// 17.4.1.9: a chain of = under ||; NOT IN (17.4.1.10) its negation.
Result RowExpressions::in(bool negated, const ExpressionNode& node, Row row) {
  const Result left = value(*node.arguments[0], row);
  bool error = !left;
  for (std::size_t i = 1; left && i < node.arguments.size(); ++i) {
    const Result choice = value(*node.arguments[i], row);
    const std::optional<bool> same = choice ? expr::equal(*left, *choice) : std::nullopt;
    if (same.value_or(false)) return Value::boolean(!negated);
    error = error || !same;
  }
  return error ? Result() : Value::boolean(negated);
}

Result RowExpressions::call(const algebra::CallOperator& op, const ExpressionNode& node, Row row) {
  std::vector<Value> arguments;
  arguments.reserve(node.arguments.size());
  for (const Expression& argument : node.arguments) {
    Result result = value(*argument, row);
    if (!result) return std::nullopt;
    arguments.push_back(*std::move(result));
  }
  expr::Context& context = run_.functions();
  Result result =
      op.function != nullptr ? op.function->call(arguments, context) : expr::call_by_iri(op.name, arguments, context);
  if (result && result->is_string_literal()) run_.budget().check_room(result->text().size());
  return result;
}

}  // namespace akyn::exec
