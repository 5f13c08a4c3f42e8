// Grouping, aggregates and solution modifiers: SPARQL 1.1 Query 18.2.4 and 18.2.5.
#include <algorithm>

#include "engine/algebra/translator.h"

namespace akyn::algebra {

namespace {

bool has_aggregate(const sparql::Expression& expression);

bool any_aggregate(const std::vector<sparql::Expression>& list) {
  return std::any_of(list.begin(), list.end(), [](const sparql::Expression& part) { return has_aggregate(part); });
}

// Patterns of EXISTS are levels of their own: not looked into.
bool has_aggregate(const sparql::Expression& expression) {
  struct Finder {
    bool operator()(const sparql::Constant&) const { return false; }
    bool operator()(const sparql::Variable&) const { return false; }
    bool operator()(const sparql::UnaryExpression& node) const { return has_aggregate(node.operand); }
    bool operator()(const sparql::ComparisonExpression& node) const {
      return has_aggregate(node.left) || has_aggregate(node.right);
    }
    bool operator()(const sparql::LogicalExpression& node) const { return any_aggregate(node.operands); }
    bool operator()(const sparql::ArithmeticExpression& node) const { return any_aggregate(node.operands); }
    bool operator()(const sparql::InExpression& node) const {
      return has_aggregate(node.left) || any_aggregate(node.choices);
    }
    bool operator()(const sparql::BuiltinCall& call) const { return any_aggregate(call.arguments); }
    bool operator()(const sparql::FunctionCall& call) const { return call.aggregate || any_aggregate(call.arguments); }
    bool operator()(const sparql::ExistsExpression&) const { return false; }
    bool operator()(const sparql::AggregateExpression&) const { return true; }
    bool operator()(const sparql::TripleTermExpression& node) const {
      return has_aggregate(node.subject) || has_aggregate(node.predicate) || has_aggregate(node.object);
    }
  };
  return std::visit(Finder{}, expression->node);
}

bool is_grouped(const sparql::SolutionModifier& modifier, const sparql::SelectQuery* select) {
  if (!modifier.group_by.empty() || any_aggregate(modifier.having)) return true;
  for (const sparql::OrderCondition& order : modifier.order_by) {
    if (has_aggregate(order.expression)) return true;
  }
  if (select == nullptr) return false;
  return std::any_of(select->projection.begin(), select->projection.end(), [](const sparql::Projection& column) {
    return column.expression && has_aggregate(*column.expression);
  });
}

}  // namespace

NodePtr Translator::select(const sparql::SelectQuery& query, std::vector<Slot>& columns) {
  return level(query.where, query.modifier, query.values, &query, &columns);
}

NodePtr Translator::modified(const sparql::GroupPattern& where, const sparql::SolutionModifier& modifier,
                             const std::optional<sparql::InlineData>& values) {
  return level(where, modifier, values, nullptr, nullptr);
}

NodePtr Translator::level(const sparql::GroupPattern& where, const sparql::SolutionModifier& modifier,
                          const std::optional<sparql::InlineData>& values, const sparql::SelectQuery* select,
                          std::vector<Slot>* columns) {
  NodePtr node = group(where);

  Aggregation aggregation;
  Aggregation* const used = is_grouped(modifier, select) ? &aggregation : nullptr;
  for (const sparql::GroupCondition& condition : modifier.group_by) {
    const auto* plain = std::get_if<sparql::Variable>(&condition.expression->node);
    const Slot slot = condition.variable ? variables_.variable(condition.variable->name)
                      : plain != nullptr ? variables_.variable(plain->name)
                                         : variables_.fresh("key");
    aggregation.group.keys.emplace_back(slot, expression(condition.expression));
    aggregation.keys.insert(slot);
  }

  std::vector<std::pair<Slot, Expression>> assignments;
  if (select != nullptr) {
    for (const sparql::Projection& column : select->projection) {
      const Slot slot = variables_.variable(column.variable.name);
      // A set (18.2.4.4): one that is named twice is one column.
      if (std::find(columns->begin(), columns->end(), slot) != columns->end()) continue;
      columns->push_back(slot);
      if (column.expression) {
        assignments.emplace_back(slot, expression(*column.expression, used));
        aggregation.aliases.insert(slot);
      } else if (used != nullptr && !aggregation.keys.contains(slot) && !aggregation.aliases.contains(slot)) {
        // A variable that is not grouped by stands for its SAMPLE.
        assignments.emplace_back(slot, variable(slot, used));
      }
    }
  }
  std::vector<Expression> having;
  aggregation.in_having = true;
  for (const sparql::Expression& condition : modifier.having) having.push_back(expression(condition, used));
  aggregation.in_having = false;
  OrderBy order;
  for (const sparql::OrderCondition& condition : modifier.order_by) {
    order.keys.push_back({expression(condition.expression, used), condition.descending});
  }

  if (used != nullptr) node = make_node(std::move(aggregation.group), {std::move(node)});
  if (!having.empty()) node = make_node(Filter{std::move(having)}, {std::move(node)});
  if (values) node = join_of({std::move(node), this->values(*values)});
  if (select != nullptr && select->all) {
    for (const Slot slot : scope_of(*node)) {
      if (variables_.is_named(slot)) columns->push_back(slot);
    }
  }
  for (auto& [slot, value] : assignments) node = make_node(Extend{slot, std::move(value)}, {std::move(node)});
  if (!order.keys.empty()) node = make_node(std::move(order), {std::move(node)});
  if (select != nullptr) {
    node = make_node(Project{*columns}, {std::move(node)});
    if (select->duplicates == sparql::Duplicates::distinct) node = make_node(Distinct{}, {std::move(node)});
    if (select->duplicates == sparql::Duplicates::reduced) node = make_node(Reduced{}, {std::move(node)});
  }
  if (modifier.limit || modifier.offset) {
    node = make_node(Slice{modifier.offset.value_or(0), modifier.limit}, {std::move(node)});
  }
  return node;
}

}  // namespace akyn::algebra
