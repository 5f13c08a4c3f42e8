#include "parser/sparql/actions_expressions.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "parser/sparql/actions_terms.h"

namespace akyn::sparql::build {

namespace {

template <class Node>
void push(ParseState& state, Node node, Offset at, std::uint32_t height = 1) {
  if (height > kMaxHeight) fail_too_deep(state, *state.last, "operators nest", kMaxHeight);
  state.operands.push_back({ExpressionNode{std::move(node), at}, height});
}

// The operands from `first` on, and their greatest height.
struct Operands {
  std::vector<Expression> expressions;
  std::uint32_t height = 0;
};
Operands take_operands(ParseState& state, std::size_t first) {
  Operands taken;
  taken.expressions.reserve(state.operands.size() - first);
  for (std::size_t i = first; i < state.operands.size(); ++i) {
    taken.height = std::max(taken.height, state.operands[i].height);
    taken.expressions.push_back(std::move(state.operands[i].expression));
  }
  state.operands.erase(state.operands.begin() + static_cast<std::ptrdiff_t>(first), state.operands.end());
  return taken;
}

void end_logical(ParseState& state, BinaryOperator op) {
  const std::size_t first = take(state.chains);
  if (state.operands.size() - first == 1) return;
  Operands chain = take_operands(state, first);
  const Offset at = chain.expressions.front()->at;
  push(state, LogicalExpression{op, std::move(chain.expressions)}, at, chain.height + 1);
}

void push_unary(ParseState& state, UnaryOperator op, Offset at) {
  Operand operand = take(state.operands);
  push(state, UnaryExpression{op, std::move(operand.expression)}, at, operand.height + 1);
}

std::string plural(std::size_t count, const std::string& noun) {
  return (count == 0 ? "no" : std::to_string(count)) + " " + noun + (count == 1 ? "" : "s");
}

void check_arity(const ParseState& state, const CallFrame& call, std::size_t count) {
  const KeywordInfo& function = kKeywords[call.name.id];
  const bool too_many = function.max_arguments != kAnyNumber && count > function.max_arguments;
  if (count >= function.min_arguments && !too_many) return;
  std::string message(function.name);
  if (function.min_arguments == function.max_arguments) {
    message += " takes " + plural(function.min_arguments, "argument");
  } else {
    message += " takes " + std::to_string(function.min_arguments) + " or " + plural(function.max_arguments, "argument");
  }
  fail(state, call.name, message + ", not " + std::to_string(count));
}

AggregateKind aggregate_kind(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, AggregateKind>, 7> kKinds = {
      {{"COUNT", AggregateKind::count},
       {"SUM", AggregateKind::sum},
       {"MIN", AggregateKind::min},
       {"MAX", AggregateKind::max},
       {"AVG", AggregateKind::avg},
       {"SAMPLE", AggregateKind::sample},
       {"GROUP_CONCAT", AggregateKind::group_concat}}};
  return std::ranges::find(kKinds, name, [](const auto& kind) { return kind.first; })->second;
}

void push_exists(ParseState& state, bool negated) {
  push(state, ExistsExpression{Box<GroupPattern>(std::move(state.group)), negated}, take_mark(state),
       state.group_height + 1);
}

void push_in(ParseState& state, bool negated) {
  Operands choices = take_operands(state, take(state.chains));
  Operand left = take(state.operands);
  const Offset at = left.expression->at;
  const std::uint32_t height = std::max(left.height, choices.height) + 1;
  push(state, InExpression{std::move(left.expression), std::move(choices.expressions), negated}, at, height);
}

}  // namespace

// ------------------------------------------------------------------ operands

void operand_variable(ParseState& state) {
  push(state, last_variable(state), state.last->begin);
}

void operand_constant(ParseState& state) {
  push(state, last_constant(state), state.term_at);
}

void end_triple_term_expression(ParseState& state) {
  Operand object = take(state.operands);
  Operand predicate = take(state.operands);
  Operand subject = take(state.operands);
  push(state,
       TripleTermExpression{std::move(subject.expression), std::move(predicate.expression),
                            std::move(object.expression)},
       take_mark(state), object.height + 1);
}

// ------------------------------------------------------------------ calls

void begin_call(ParseState& state) {
  CallFrame call;
  call.name = *state.last;
  call.first = state.operands.size();
  state.calls.push_back(std::move(call));
}

void begin_function_call(ParseState& state) {
  begin_call(state);
  state.calls.back().iri = state.term;
}

void no_function_call(ParseState& state) {
  CallFrame call = take(state.calls);
  push(state, Constant{std::move(call.iri), call.name.begin}, call.name.begin);
}

void call_distinct(ParseState& state) {
  state.calls.back().distinct = true;
}

void call_star(ParseState& state) {
  state.calls.back().star = true;
}

void call_separator(ParseState& state) {
  state.calls.back().separator = string_value(last_text(state));
}

void end_call(ParseState& state) {
  const CallFrame call = take(state.calls);
  Operands arguments = take_operands(state, call.first);
  check_arity(state, call, arguments.expressions.size());
  const std::string_view name = kKeywords[call.name.id].name;
  if (name == "BOUND" && !std::holds_alternative<Variable>(arguments.expressions.front()->node)) {
    fail(state, call.name, "BOUND takes a variable");
  }
  push(state, BuiltinCall{std::string(name), std::move(arguments.expressions)}, call.name.begin, arguments.height + 1);
}

void end_function_call(ParseState& state) {
  CallFrame call = take(state.calls);
  Operands arguments = take_operands(state, call.first);
  const auto& is_aggregate = state.options.is_aggregate;
  const bool aggregate = call.distinct || (is_aggregate && is_aggregate(call.iri.value()));
  push(state, FunctionCall{std::move(call.iri), std::move(arguments.expressions), call.distinct, aggregate},
       call.name.begin, arguments.height + 1);
}

void end_aggregate(ParseState& state) {
  CallFrame call = take(state.calls);
  AggregateExpression aggregate;
  aggregate.kind = aggregate_kind(kKeywords[call.name.id].name);
  aggregate.distinct = call.distinct;
  aggregate.separator = std::move(call.separator);
  std::uint32_t height = 1;
  if (!call.star) {
    Operand argument = take(state.operands);
    height = argument.height + 1;
    aggregate.argument = std::move(argument.expression);
  }
  push(state, std::move(aggregate), call.name.begin, height);
}

void begin_exists(ParseState& state) {
  mark(state);
}

void end_exists(ParseState& state) {
  push_exists(state, false);
}

void end_not_exists(ParseState& state) {
  push_exists(state, true);
}

// ------------------------------------------------------------------ operators

void push_operator(ParseState& state, BinaryOperator op) {
  state.operators.push_back(op);
}

void push_signed_operand(ParseState& state) {
  // The number's token as if it had begun after the sign.
  Token number = *state.last;
  push_operator(state, state.text[number.begin] == '-' ? BinaryOperator::subtract : BinaryOperator::add);
  ++number.begin;
  const Token* const signed_token = std::exchange(state.last, &number);
  set_number(state);
  state.last = signed_token;
  operand_constant(state);
}

void end_comparison(ParseState& state) {
  Operand right = take(state.operands);
  Operand left = take(state.operands);
  const Offset at = left.expression->at;
  push(state, ComparisonExpression{take(state.operators), std::move(left.expression), std::move(right.expression)}, at,
       std::max(left.height, right.height) + 1);
}

void negate(ParseState& state) {
  push_unary(state, UnaryOperator::minus, take_mark(state));
}

void keep_sign(ParseState& state) {
  push_unary(state, UnaryOperator::plus, take_mark(state));
}

void begin_not(ParseState& state) {
  state.chains.push_back(state.marks.size());
  mark(state);
}

void again_not(ParseState& state) {
  mark(state);
}

void end_not(ParseState& state) {
  const std::size_t first = take(state.chains);
  while (state.marks.size() > first) push_unary(state, UnaryOperator::logical_not, take_mark(state));
}

void begin_list(ParseState& state) {
  state.chains.push_back(state.operands.size());
}

void end_in(ParseState& state) {
  push_in(state, false);
}

void end_not_in(ParseState& state) {
  push_in(state, true);
}

void begin_chain(ParseState& state) {
  state.chains.push_back(state.operands.size() - 1);
}

void end_arithmetic(ParseState& state) {
  const std::size_t first = take(state.chains);
  if (state.operands.size() - first == 1) return;
  Operands chain = take_operands(state, first);
  const Offset at = chain.expressions.front()->at;
  const auto from = state.operators.end() - static_cast<std::ptrdiff_t>(chain.expressions.size() - 1);
  std::vector<BinaryOperator> operators(from, state.operators.end());
  state.operators.erase(from, state.operators.end());
  push(state, ArithmeticExpression{std::move(chain.expressions), std::move(operators)}, at, chain.height + 1);
}

void end_and(ParseState& state) {
  end_logical(state, BinaryOperator::logical_and);
}

void end_or(ParseState& state) {
  end_logical(state, BinaryOperator::logical_or);
}

Expression take_expression(ParseState& state) {
  Operand operand = take(state.operands);
  // The tree grows on inside the group or query that takes the expression.
  if (!state.groups.empty()) {
    state.groups.back().height = std::max(state.groups.back().height, operand.height + 1);
  }
  return std::move(operand.expression);
}

}  // namespace akyn::sparql::build
