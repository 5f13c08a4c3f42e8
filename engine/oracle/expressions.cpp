#include "engine/oracle/expressions.h"

#include <algorithm>

#include "engine/algebra/correlate.h"
#include "engine/expr/operators.h"
#include "engine/oracle/evaluator.h"

namespace akyn::oracle {

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

std::size_t computed_bytes(const ExpressionNode& expression, const Result& value) {
  const bool shared = std::holds_alternative<algebra::VariableOperator>(expression.op) ||
                      std::holds_alternative<algebra::ConstantOperator>(expression.op);
  return !shared && value && value->is_string_literal() ? value->text().size() : 0;
}

Expressions::Expressions(Evaluator& evaluator, const ActiveGraph& graph, const std::vector<algebra::Slot>& columns)
    : evaluator_(evaluator), graph_(graph), columns_(columns), column_of_(evaluator.variables().size(), kNoColumn) {
  for (std::size_t i = 0; i < columns.size(); ++i) column_of_[columns[i]] = static_cast<std::uint32_t>(i);
}

struct Expressions::Visitor {
  Expressions& self;
  const ExpressionNode& node;
  Row row;

  Result operator()(const algebra::ConstantOperator& op) const { return op.value; }
  Result operator()(const algebra::VariableOperator& op) const {
    const Id id = self.variable(op.slot, row);
    if (!id.is_bound()) return std::nullopt;
    return self.evaluator_.terms().value(id);
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
    return Value::boolean(self.exists(op, row) != op.negated);
  }
  Result operator()(const algebra::CallOperator& op) const { return self.call(op, node, row); }
};

Result Expressions::value(const ExpressionNode& expression, Row row) {
  return std::visit(Visitor{*this, expression, row}, expression.op);
}

Id Expressions::id(const ExpressionNode& expression, Row row) {
  if (const auto* op = std::get_if<algebra::VariableOperator>(&expression.op)) return variable(op->slot, row);
  if (const auto* op = std::get_if<algebra::ConstantOperator>(&expression.op)) {
    return op->constant.id.is_bound() ? op->constant.id : evaluator_.terms().id(op->constant.term);
  }
  const Result result = value(expression, row);
  return result ? evaluator_.terms().id(*result) : Id();
}

std::optional<bool> Expressions::condition(const ExpressionNode& expression, Row row) {
  const Result result = value(expression, row);
  return result ? expr::effective_boolean(*result) : std::nullopt;
}

bool Expressions::all_true(const std::vector<Expression>& conditions, Row row) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Expression& part) { return condition(*part, row).value_or(false); });
}

Id Expressions::variable(algebra::Slot slot, Row row) const {
  const std::uint32_t column = column_of_[slot];
  return column == kNoColumn ? Id() : row[column];
}

// True wins over an error, an error over false (17.2).
Result Expressions::logical_or(const std::vector<Expression>& operands, Row row) {
  bool error = false;
  for (const Expression& operand : operands) {
    const std::optional<bool> value = condition(*operand, row);
    if (value.value_or(false)) return Value::boolean(true);
    error = error || !value;
  }
  return error ? Result() : Value::boolean(false);
}

Result Expressions::logical_and(const std::vector<Expression>& operands, Row row) {
  bool error = false;
  for (const Expression& operand : operands) {
    const std::optional<bool> value = condition(*operand, row);
    if (!value.value_or(true)) return Value::boolean(false);
    error = error || !value;
  }
  return error ? Result() : Value::boolean(true);
}

Result Expressions::compare(sparql::BinaryOperator op, const ExpressionNode& node, Row row) {
  const Result left = value(*node.arguments[0], row);
  if (!left) return std::nullopt;
  const Result right = value(*node.arguments[1], row);
  if (!right) return std::nullopt;
  if (op == sparql::BinaryOperator::equal) return boolean_result(expr::equal(*left, *right));
  if (op == sparql::BinaryOperator::not_equal) {
    const std::optional<bool> same = expr::equal(*left, *right);
    return same ? boolean_result(!*same) : std::nullopt;
  }
  const std::optional<std::partial_ordering> order = expr::compare(*left, *right);
  if (!order) return std::nullopt;
  switch (op) {
    case sparql::BinaryOperator::less:
      return Value::boolean(*order < 0);
    case sparql::BinaryOperator::greater:
      return Value::boolean(*order > 0);
    case sparql::BinaryOperator::less_equal:
      return Value::boolean(*order <= 0);
    default:
      return Value::boolean(*order >= 0);
  }
}

Result Expressions::arithmetic(const algebra::ArithmeticOperator& op, const ExpressionNode& node, Row row) {
  Result left = value(*node.arguments[0], row);
  for (std::size_t i = 0; left && i < op.ops.size(); ++i) {
    const Result right = value(*node.arguments[i + 1], row);
    if (!right) return std::nullopt;
    switch (op.ops[i]) {
      case sparql::BinaryOperator::add:
        left = expr::add(*left, *right);
        break;
      case sparql::BinaryOperator::subtract:
        left = expr::subtract(*left, *right);
        break;
      case sparql::BinaryOperator::multiply:
        left = expr::multiply(*left, *right);
        break;
      default:
        left = expr::divide(*left, *right);
        break;
    }
  }
  return left;
}

// 17.4.1.9: a chain of = under ||, after its left side has a value; NOT IN (17.4.1.10) its negation.
Result Expressions::in(bool negated, const ExpressionNode& node, Row row) {
  const Result left = value(*node.arguments[0], row);
  if (!left) return std::nullopt;
  bool error = false;
  for (std::size_t i = 1; i < node.arguments.size(); ++i) {
    const Result choice = value(*node.arguments[i], row);
    const std::optional<bool> same = choice ? expr::equal(*left, *choice) : std::nullopt;
    if (same.value_or(false)) return Value::boolean(!negated);
    error = error || !same;
  }
  return error ? Result() : Value::boolean(negated);
}

Result Expressions::call(const algebra::CallOperator& op, const ExpressionNode& node, Row row) {
  std::vector<Value> arguments;
  arguments.reserve(node.arguments.size());
  Charge charge(evaluator_.budget());
  for (const Expression& argument : node.arguments) {
    Result result = value(*argument, row);
    if (!result) return std::nullopt;
    charge.add(computed_bytes(*argument, result));
    arguments.push_back(*std::move(result));
  }
  expr::Context& context = evaluator_.context();
  Result result =
      op.function != nullptr ? op.function->call(arguments, context) : expr::call_by_iri(op.name, arguments, context);
  if (result && result->is_string_literal()) evaluator_.budget().check_room(result->text().size());
  return result;
}

// 17.4.1.4 of SPARQL 1.2: the pattern, in correlation with this row, has a solution.
bool Expressions::exists(const algebra::ExistsOperator& op, Row row) {
  const auto [place, is_new] = exists_.try_emplace(&op);
  ExistsAnswers& known = place->second;
  if (is_new && algebra::has_minus(*op.pattern)) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (evaluator_.variables().is_named(columns_[i])) known.columns.push_back(i);
    }
  } else if (is_new) {
    for (const algebra::Slot slot : algebra::mentions_of(*op.pattern)) {
      if (column_of_[slot] != kNoColumn) known.columns.push_back(column_of_[slot]);
    }
  }
  RowKey key;
  for (const std::size_t column : known.columns) key.cells.push_back(row[column]);
  if (const auto answer = known.answers.find(key); answer != known.answers.end()) return answer->second;

  algebra::Context context;
  for (const std::size_t column : known.columns) {
    if (!row[column].is_bound()) continue;
    context.emplace(columns_[column], algebra::Constant{evaluator_.terms().term(row[column]), row[column]});
  }
  const algebra::NodePtr pattern = algebra::in_context(op.pattern, context);
  const bool answer = !evaluator_.evaluate(*pattern, graph_, 1).empty();
  known.answers.emplace(std::move(key), answer);
  return answer;
}

}  // namespace akyn::oracle
