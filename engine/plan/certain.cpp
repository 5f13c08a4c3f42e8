#include "engine/plan/certain.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "engine/plan/has_value.h"

namespace akyn::plan {

using algebra::Node;

namespace {

SlotSet common_to_all(const std::vector<algebra::NodePtr>& inputs) {
  SlotSet result = certain_of(*inputs.front());
  for (const algebra::NodePtr& input : inputs) {
    const SlotSet other = certain_of(*input);
    for (const Slot slot : result.slots()) {
      if (!other.has(slot)) result.remove(slot);
    }
  }
  return result;
}

SlotSet own_certain(const Node& node) {
  if (std::holds_alternative<algebra::BasicGraph>(node.op) || std::holds_alternative<algebra::PathPattern>(node.op) ||
      std::holds_alternative<algebra::PathSearch>(node.op)) {
    return SlotSet(algebra::scope_of(node));
  }
  if (const auto* values = std::get_if<algebra::Values>(&node.op)) {
    SlotSet result;
    for (std::size_t i = 0; i < values->slots.size(); ++i) {
      if (std::all_of(values->rows.begin(), values->rows.end(), [&](const auto& row) { return row[i].has_value(); })) {
        result.add(values->slots[i]);
      }
    }
    return result;
  }
  if (std::holds_alternative<algebra::Union>(node.op)) return common_to_all(node.inputs);
  return {};
}

void collect(const algebra::ExpressionNode& expression, Mentions& mentions) {
  if (const auto* variable = std::get_if<algebra::VariableOperator>(&expression.op)) mentions.slots.add(variable->slot);
  if (const auto* bound = std::get_if<algebra::BoundOperator>(&expression.op)) mentions.slots.add(bound->slot);
  if (const auto* exists = std::get_if<algebra::ExistsOperator>(&expression.op)) {
    mentions.has_exists = true;
    mentions.slots.add(algebra::mentions_of(*exists->pattern));
  }
  for (const algebra::Expression& argument : expression.arguments) collect(*argument, mentions);
}

bool are_plain(const std::vector<algebra::Expression>& conditions, const SlotSet& bound) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const algebra::Expression& condition) {
    const Mentions mentions = mentions_of(*condition);
    return !mentions.has_exists && mentions.slots.within(bound);
  });
}

bool has_variable_in_triple_term(const algebra::PatternTerm& term) {
  return std::holds_alternative<std::shared_ptr<const algebra::TripleTerm>>(term);
}

}  // namespace

SlotSet certain_of(const Node& root) {
  // Down the first inputs in a loop: chains may be long.
  std::vector<const Node*> spine;
  const Node* node = &root;
  while (!node->inputs.empty() && !std::holds_alternative<algebra::Union>(node->op) &&
         !std::holds_alternative<algebra::Service>(node->op)) {
    spine.push_back(node);
    node = node->inputs.front().get();
  }
  SlotSet result = own_certain(*node);
  for (auto place = spine.rbegin(); place != spine.rend(); ++place) {
    const Node& op = **place;
    if (std::holds_alternative<algebra::Join>(op.op)) {
      for (std::size_t i = 1; i < op.inputs.size(); ++i) result.add(certain_of(*op.inputs[i]));
    } else if (const auto* unnest = std::get_if<algebra::Unnest>(&op.op)) {
      for (const Slot slot : {unnest->position, unnest->from, unnest->to}) result.add(slot);
    } else if (const auto* extend = std::get_if<algebra::Extend>(&op.op)) {
      if (has_value(*extend->expression, result)) result.add(extend->slot);
    } else if (const auto* graph = std::get_if<algebra::Graph>(&op.op)) {
      if (const auto* variable = std::get_if<algebra::Variable>(&graph->name)) result.add(variable->slot);
    } else if (const auto* group = std::get_if<algebra::Group>(&op.op)) {
      SlotSet keys;
      for (const auto& [slot, key] : group->keys) {
        const auto* variable = std::get_if<algebra::VariableOperator>(&key->op);
        if (variable != nullptr && result.has(variable->slot)) keys.add(slot);
      }
      result = keys;
    } else if (const auto* project = std::get_if<algebra::Project>(&op.op)) {
      SlotSet kept;
      for (const Slot slot : project->slots) {
        if (result.has(slot)) kept.add(slot);
      }
      result = kept;
    }
  }
  return result;
}

Mentions mentions_of(const algebra::ExpressionNode& expression) {
  Mentions mentions;
  collect(expression, mentions);
  return mentions;
}

bool has_exists(const Node& pattern) {
  const auto in = [](const algebra::Expression& expression) { return mentions_of(*expression).has_exists; };
  std::vector<const Node*> pending{&pattern};
  while (!pending.empty()) {
    const Node& node = *pending.back();
    pending.pop_back();
    bool found = false;
    if (const auto* filter = std::get_if<algebra::Filter>(&node.op)) {
      found = std::any_of(filter->conditions.begin(), filter->conditions.end(), in);
    } else if (const auto* join = std::get_if<algebra::LeftJoin>(&node.op)) {
      found = std::any_of(join->conditions.begin(), join->conditions.end(), in);
    } else if (const auto* extend = std::get_if<algebra::Extend>(&node.op)) {
      found = in(extend->expression);
    } else if (const auto* unnest = std::get_if<algebra::Unnest>(&node.op)) {
      found = in(unnest->expression);
    } else if (const auto* order = std::get_if<algebra::OrderBy>(&node.op)) {
      for (const algebra::OrderBy::Key& key : order->keys) found = found || in(key.expression);
    } else if (const auto* group = std::get_if<algebra::Group>(&node.op)) {
      for (const auto& [slot, key] : group->keys) found = found || in(key);
      for (const algebra::Aggregate& aggregate : group->aggregates) {
        found = found || std::any_of(aggregate.arguments.begin(), aggregate.arguments.end(), in);
      }
    }
    if (found) return true;
    for (const algebra::NodePtr& input : node.inputs) pending.push_back(input.get());
  }
  return false;
}

bool is_plain_exists(const Node& pattern) {
  if (std::holds_alternative<algebra::BasicGraph>(pattern.op) ||
      std::holds_alternative<algebra::PathPattern>(pattern.op) ||
      std::holds_alternative<algebra::PathSearch>(pattern.op) || std::holds_alternative<algebra::Values>(pattern.op)) {
    return true;
  }
  if (const auto* filter = std::get_if<algebra::Filter>(&pattern.op)) {
    if (!are_plain(filter->conditions, certain_of(*pattern.inputs.front()))) return false;
  } else if (const auto* graph = std::get_if<algebra::Graph>(&pattern.op)) {
    if (!std::holds_alternative<algebra::Constant>(graph->name)) return false;
  } else if (!std::holds_alternative<algebra::Join>(pattern.op) &&
             !std::holds_alternative<algebra::Union>(pattern.op)) {
    return false;
  }
  return std::all_of(pattern.inputs.begin(), pattern.inputs.end(),
                     [](const algebra::NodePtr& input) { return is_plain_exists(*input); });
}

bool is_graph_wise(const Node& pattern, Slot name) {
  if (const auto* graph = std::get_if<algebra::BasicGraph>(&pattern.op)) {
    return !graph->triples.empty() &&
           std::none_of(graph->triples.begin(), graph->triples.end(), [](const algebra::Triple& triple) {
             return has_variable_in_triple_term(triple.subject) || has_variable_in_triple_term(triple.object);
           });
  }
  const auto plain = [&](const std::vector<algebra::Expression>& conditions) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const algebra::Expression& condition) {
      const Mentions mentions = mentions_of(*condition);
      return !mentions.has_exists && !mentions.slots.has(name);
    });
  };
  if (const auto* filter = std::get_if<algebra::Filter>(&pattern.op)) {
    if (!plain(filter->conditions)) return false;
  } else if (const auto* join = std::get_if<algebra::LeftJoin>(&pattern.op)) {
    // There the variable may be bound to something else, so that the solution goes, not only its optional part.
    if (!plain(join->conditions) || SlotSet(algebra::scope_of(*pattern.inputs[1])).has(name)) return false;
  } else if (!std::holds_alternative<algebra::Join>(pattern.op) &&
             !std::holds_alternative<algebra::Union>(pattern.op)) {
    return false;
  }
  return std::all_of(pattern.inputs.begin(), pattern.inputs.end(),
                     [&](const algebra::NodePtr& input) { return is_graph_wise(*input, name); });
}

}  // namespace akyn::plan
