#include "engine/exec/expression_facts.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "engine/expr/functions.h"

namespace akyn::exec {
namespace {

using algebra::ExpressionNode;

void add_facts(const ExpressionNode& node, const std::vector<algebra::Slot>& columns, ExpressionFacts& facts) {
  const auto add = [&](algebra::Slot slot) {
    const auto found = std::find(columns.begin(), columns.end(), slot);
    if (found != columns.end()) facts.variables.push_back(static_cast<std::size_t>(found - columns.begin()));
  };
  if (const auto* variable = std::get_if<algebra::VariableOperator>(&node.op)) add(variable->slot);
  if (const auto* bound = std::get_if<algebra::BoundOperator>(&node.op)) add(bound->slot);
  if (std::holds_alternative<algebra::ExistsOperator>(node.op)) facts.has_exists = true;
  for (const algebra::Expression& argument : node.arguments) add_facts(*argument, columns, facts);
}

constexpr std::array<std::string_view, 12> kNumberFunctions = {
    "STRLEN", "ABS", "CEIL", "FLOOR", "ROUND", "RAND", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS"};
constexpr std::array<std::string_view, 15> kTruthFunctions = {
    "STRSTARTS", "STRENDS",    "CONTAINS",  "REGEX",    "LANGMATCHES",
    "hasLANG",   "hasLANGDIR", "sameTerm",  "isIRI",    "isURI",
    "isBLANK",   "isLITERAL",  "isNUMERIC", "isTRIPLE", "http://www.w3.org/2001/XMLSchema#boolean"};
constexpr std::array<std::string_view, 3> kNumberCasts = {"http://www.w3.org/2001/XMLSchema#integer",
                                                          "http://www.w3.org/2001/XMLSchema#decimal",
                                                          "http://www.w3.org/2001/XMLSchema#double"};

template <class Names>
bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

ValueClass class_of_call(const algebra::CallOperator& op) {
  const std::string_view name = op.function != nullptr ? op.function->name : std::string_view(op.name);
  if (has(kNumberFunctions, name) || has(kNumberCasts, name)) return ValueClass::number;
  return has(kTruthFunctions, name) ? ValueClass::truth : ValueClass::other;
}

// Of one of several.
ValueClass common_class(const ExpressionNode& node, std::size_t first) {
  ValueClass result = class_of(*node.arguments[first]);
  for (std::size_t i = first + 1; i < node.arguments.size(); ++i) {
    const ValueClass next = class_of(*node.arguments[i]);
    if (next == ValueClass::other) return next;
    if (next != result && result != ValueClass::other) result = ValueClass::any;
  }
  return result;
}

}  // namespace

plan::SlotSet handed_on(const algebra::ExpressionNode& expression) {
  plan::SlotSet slots;
  if (const auto* variable = std::get_if<algebra::VariableOperator>(&expression.op)) slots.add(variable->slot);
  const bool chooses = std::holds_alternative<algebra::IfOperator>(expression.op) ||
                       std::holds_alternative<algebra::CoalesceOperator>(expression.op);
  if (!chooses) return slots;
  for (const algebra::Expression& argument : expression.arguments) slots.add(handed_on(*argument));
  return slots;
}

bool is_deterministic(const ExpressionNode& expression) {
  if (const auto* call = std::get_if<algebra::CallOperator>(&expression.op)) {
    if (call->function != nullptr && !call->function->deterministic) return false;
  }
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [](const algebra::Expression& argument) { return is_deterministic(*argument); });
}

ExpressionFacts facts_of(const ExpressionNode& expression, const std::vector<algebra::Slot>& columns) {
  ExpressionFacts facts;
  add_facts(expression, columns, facts);
  std::sort(facts.variables.begin(), facts.variables.end());
  facts.variables.erase(std::unique(facts.variables.begin(), facts.variables.end()), facts.variables.end());
  facts.deterministic = is_deterministic(expression);
  facts.needed = facts.variables;
  if (facts.has_exists) {
    facts.needed.resize(columns.size());
    std::iota(facts.needed.begin(), facts.needed.end(), std::size_t{0});
  }
  return facts;
}

ValueClass class_of(const ExpressionNode& expression) {
  if (std::holds_alternative<algebra::VariableOperator>(expression.op)) return ValueClass::any;
  if (const auto* constant = std::get_if<algebra::ConstantOperator>(&expression.op)) {
    if (constant->value.is_numeric()) return ValueClass::number;
    return constant->value.kind() == expr::ValueKind::boolean ? ValueClass::truth : ValueClass::other;
  }
  if (std::holds_alternative<algebra::ArithmeticOperator>(expression.op) ||
      std::holds_alternative<algebra::NegateOperator>(expression.op) ||
      std::holds_alternative<algebra::PlusOperator>(expression.op)) {
    return ValueClass::number;
  }
  if (std::holds_alternative<algebra::IfOperator>(expression.op)) return common_class(expression, 1);
  if (std::holds_alternative<algebra::CoalesceOperator>(expression.op)) {
    return expression.arguments.empty() ? ValueClass::any : common_class(expression, 0);
  }
  if (const auto* call = std::get_if<algebra::CallOperator>(&expression.op)) return class_of_call(*call);
  return ValueClass::truth;
}

}  // namespace akyn::exec
