// Expressions: SPARQL 1.1 Query 17, and the aggregates in them (18.2.4.1).
#include <algorithm>
#include <array>
#include <string_view>

#include <akyn/error.h>

#include "engine/algebra/translator.h"

namespace akyn::algebra {

namespace {

[[noreturn]] void wrong_count(std::string_view name, std::size_t given, std::size_t least, std::size_t most) {
  std::string expected = std::to_string(least);
  if (most == expr::kAnyNumber) {
    expected = "at least " + expected;
  } else if (most != least) {
    expected += " to " + std::to_string(most);
  }
  throw Error(ErrorCode::syntax, std::string(name) + " takes " + expected +
                                     (expected == "1" ? " argument" : " arguments") + ", not " + std::to_string(given));
}

void check_count(std::string_view name, std::size_t given, std::size_t least, std::size_t most) {
  if (given < least || (most != expr::kAnyNumber && given > most)) wrong_count(name, given, least, most);
}

[[noreturn]] void misplaced_aggregate() {
  throw Error(ErrorCode::syntax,
              "an aggregate may stand in SELECT, HAVING and ORDER BY only, and not inside another aggregate");
}

constexpr std::array<expr::AggregateKind, 7> kAggregateKinds = {
    expr::AggregateKind::count, expr::AggregateKind::sum,    expr::AggregateKind::min,         expr::AggregateKind::max,
    expr::AggregateKind::avg,   expr::AggregateKind::sample, expr::AggregateKind::group_concat};

}  // namespace

Expression Translator::expression(const sparql::Expression& expression, Aggregation* aggregation) {
  struct Visitor {
    Translator& self;
    Aggregation* aggregation;

    Expression operator()(const sparql::Constant& node) const { return make_constant({node.term, Id()}); }
    Expression operator()(const sparql::Variable& node) const {
      return self.variable(self.variables_.variable(node.name), aggregation);
    }
    Expression operator()(const sparql::UnaryExpression& node) const { return self.unary(node, aggregation); }
    Expression operator()(const sparql::ComparisonExpression& node) const { return self.comparison(node, aggregation); }
    Expression operator()(const sparql::LogicalExpression& node) const { return self.logical(node, aggregation); }
    Expression operator()(const sparql::ArithmeticExpression& node) const {
      return make_expression(ArithmeticOperator{node.operators}, self.arguments(node.operands, aggregation));
    }
    Expression operator()(const sparql::InExpression& node) const {
      std::vector<Expression> list = self.arguments(node.choices, aggregation);
      list.insert(list.begin(), self.expression(node.left, aggregation));
      return make_expression(InOperator{node.negated}, std::move(list));
    }
    Expression operator()(const sparql::BuiltinCall& node) const { return self.builtin(node, aggregation); }
    Expression operator()(const sparql::FunctionCall& node) const { return self.call(node, aggregation); }
    Expression operator()(const sparql::ExistsExpression& node) const {
      return make_expression(ExistsOperator{self.group(*node.pattern), node.negated});
    }
    Expression operator()(const sparql::AggregateExpression& node) const { return self.aggregate(node, aggregation); }
    Expression operator()(const sparql::TripleTermExpression& node) const {
      std::vector<Expression> parts{self.expression(node.subject, aggregation),
                                    self.expression(node.predicate, aggregation),
                                    self.expression(node.object, aggregation)};
      return make_expression(CallOperator{expr::find_function("TRIPLE"), "TRIPLE"}, std::move(parts));
    }
  };
  return std::visit(Visitor{*this, aggregation}, expression->node);
}

std::vector<Expression> Translator::arguments(const std::vector<sparql::Expression>& list, Aggregation* aggregation) {
  std::vector<Expression> result;
  result.reserve(list.size() + 1);
  for (const sparql::Expression& argument : list) result.push_back(expression(argument, aggregation));
  return result;
}

Expression Translator::variable(Slot slot, Aggregation* aggregation) {
  const bool is_single = aggregation == nullptr || aggregation->keys.contains(slot) ||
                         (aggregation->aliases.contains(slot) && !aggregation->in_having);
  if (is_single) return make_expression(VariableOperator{slot});
  const auto [sample, is_new] = aggregation->samples.try_emplace(slot, Slot{});
  if (is_new) {
    sample->second = variables_.fresh("sample");
    Aggregate sampled;
    sampled.kind = expr::AggregateKind::sample;
    sampled.arguments = {make_expression(VariableOperator{slot})};
    sampled.slot = sample->second;
    aggregation->group.aggregates.push_back(std::move(sampled));
  }
  return make_expression(VariableOperator{sample->second});
}

Expression Translator::unary(const sparql::UnaryExpression& node, Aggregation* aggregation) {
  Expression operand = expression(node.operand, aggregation);
  switch (node.op) {
    case sparql::UnaryOperator::logical_not:
      return make_expression(NotOperator{}, {std::move(operand)});
    case sparql::UnaryOperator::plus:
      return make_expression(PlusOperator{}, {std::move(operand)});
    case sparql::UnaryOperator::minus:
      return make_expression(NegateOperator{}, {std::move(operand)});
  }
  throw Error(ErrorCode::internal, "unknown unary operator");
}

Expression Translator::comparison(const sparql::ComparisonExpression& node, Aggregation* aggregation) {
  Expression left = expression(node.left, aggregation);
  Expression right = expression(node.right, aggregation);
  return make_expression(CompareOperator{node.op}, {std::move(left), std::move(right)});
}

Expression Translator::logical(const sparql::LogicalExpression& node, Aggregation* aggregation) {
  std::vector<Expression> operands = arguments(node.operands, aggregation);
  if (node.op == sparql::BinaryOperator::logical_or) return make_expression(OrOperator{}, std::move(operands));
  return make_expression(AndOperator{}, std::move(operands));
}

Expression Translator::builtin(const sparql::BuiltinCall& call, Aggregation* aggregation) {
  const std::size_t given = call.arguments.size();
  if (call.name == "BOUND") {
    check_count(call.name, given, 1, 1);
    const auto* tested = std::get_if<sparql::Variable>(&call.arguments.front()->node);
    if (tested == nullptr) throw Error(ErrorCode::syntax, "BOUND takes a variable");
    const Expression value = variable(variables_.variable(tested->name), aggregation);
    return make_expression(BoundOperator{std::get<VariableOperator>(value->op).slot});
  }
  std::vector<Expression> list = arguments(call.arguments, aggregation);
  if (call.name == "IF") {
    check_count(call.name, given, 3, 3);
    return make_expression(IfOperator{}, std::move(list));
  }
  if (call.name == "COALESCE") return make_expression(CoalesceOperator{}, std::move(list));
  const expr::Function* function = expr::find_function(call.name);
  if (function == nullptr) throw Error(ErrorCode::syntax, "there is no function " + call.name);
  check_count(call.name, given, function->min_args, function->max_args);
  return make_expression(CallOperator{function, call.name}, std::move(list));
}

Expression Translator::call(const sparql::FunctionCall& call, Aggregation* aggregation) {
  if (call.aggregate) {
    if (aggregation == nullptr) misplaced_aggregate();
    Aggregate custom;
    custom.kind = expr::AggregateKind::custom;
    custom.distinct = call.distinct;
    custom.iri = call.iri.value();
    custom.arguments = arguments(call.arguments, nullptr);
    return aggregate(std::move(custom), *aggregation);
  }
  const expr::Function* function = expr::find_function_by_iri(call.iri.value());
  if (function != nullptr) {
    check_count('<' + call.iri.value() + '>', call.arguments.size(), function->min_args, function->max_args);
  }
  return make_expression(CallOperator{function, call.iri.value()}, arguments(call.arguments, aggregation));
}

Expression Translator::aggregate(const sparql::AggregateExpression& node, Aggregation* aggregation) {
  if (aggregation == nullptr) misplaced_aggregate();
  Aggregate result;
  result.kind = kAggregateKinds[static_cast<std::size_t>(node.kind)];
  result.distinct = node.distinct;
  if (node.argument) result.arguments = {expression(*node.argument, nullptr)};
  if (node.separator) result.separator = *node.separator;
  return aggregate(std::move(result), *aggregation);
}

Expression Translator::aggregate(Aggregate result, Aggregation& aggregation) {
  result.slot = variables_.fresh("aggregate");
  const Slot slot = result.slot;
  aggregation.group.aggregates.push_back(std::move(result));
  return make_expression(VariableOperator{slot});
}

}  // namespace akyn::algebra
