#include "engine/algebra/substitute.h"

#include <algorithm>
#include <unordered_map>

#include <akyn/error.h>

namespace akyn::algebra {

namespace {

using Substitution = std::unordered_map<Slot, Constant>;

class Substituter {
 public:
  explicit Substituter(const Substitution& substitution) : substitution_(substitution) {}

  [[nodiscard]] NodePtr node(const NodePtr& root) const;
  [[nodiscard]] Expression expression(const Expression& expression) const;
  [[nodiscard]] PatternTerm term(const PatternTerm& pattern) const;
  [[nodiscard]] Triple triple(const Triple& triple) const {
    return {term(triple.subject), term(triple.predicate), term(triple.object)};
  }

 private:
  [[nodiscard]] const Constant* find(Slot slot) const {
    const auto place = substitution_.find(slot);
    return place == substitution_.end() ? nullptr : &place->second;
  }
  [[nodiscard]] std::vector<Expression> list(const std::vector<Expression>& expressions) const {
    std::vector<Expression> result;
    result.reserve(expressions.size());
    for (const Expression& part : expressions) result.push_back(expression(part));
    return result;
  }
  [[nodiscard]] std::variant<Constant, Variable> name(const std::variant<Constant, Variable>& name) const {
    const auto* variable = std::get_if<Variable>(&name);
    const Constant* constant = variable == nullptr ? nullptr : find(variable->slot);
    return constant == nullptr ? name : std::variant<Constant, Variable>(*constant);
  }
  [[nodiscard]] NodePtr rebuild(const Node& node, std::vector<NodePtr> inputs) const;
  [[nodiscard]] NodePtr values(const Values& values) const;
  [[nodiscard]] NodePtr path_search(const PathSearch& search) const;
  // The solutions in which what the node sets are the very constants that some of it is given.
  [[nodiscard]] NodePtr agreeing(NodePtr node, const std::vector<Slot>& set) const;
  [[nodiscard]] NodePtr group(const Group& group, std::vector<NodePtr> inputs) const;

  const Substitution& substitution_;
};

Expression is_same_term(Expression value, const Constant& constant) {
  return make_expression(CallOperator{expr::find_function("SAMETERM"), "SAMETERM"},
                         {std::move(value), make_constant(constant)});
}

// Down the first inputs in a loop, for chains may be long; the other inputs nest as the text does.
NodePtr Substituter::node(const NodePtr& root) const {
  std::vector<const NodePtr*> spine;
  const NodePtr* current = &root;
  while (!(*current)->inputs.empty()) {
    spine.push_back(current);
    current = &(*current)->inputs.front();
  }
  NodePtr result = rebuild(**current, {});
  for (auto place = spine.rbegin(); place != spine.rend(); ++place) {
    const Node& parent = ***place;
    std::vector<NodePtr> inputs{std::move(result)};
    for (std::size_t i = 1; i < parent.inputs.size(); ++i) inputs.push_back(node(parent.inputs[i]));
    result = rebuild(parent, std::move(inputs));
  }
  return result;
}

NodePtr Substituter::rebuild(const Node& node, std::vector<NodePtr> inputs) const {
  struct Visitor {
    const Substituter& self;
    std::vector<NodePtr>& inputs;

    NodePtr operator()(const BasicGraph& graph) const {
      BasicGraph result;
      result.triples.reserve(graph.triples.size());
      for (const Triple& part : graph.triples) result.triples.push_back(self.triple(part));
      return make_node(std::move(result));
    }
    NodePtr operator()(const PathPattern& pattern) const {
      return make_node(PathPattern{self.term(pattern.subject), pattern.path, self.term(pattern.object)});
    }
    NodePtr operator()(const PathSearch& search) const { return self.path_search(search); }
    NodePtr operator()(const Unnest& unnest) const {
      Unnest result = unnest;
      result.expression = self.expression(unnest.expression);
      return self.agreeing(make_node(std::move(result), std::move(inputs)),
                           {unnest.position, unnest.from, unnest.edge, unnest.to});
    }
    NodePtr operator()(const Values& data) const { return self.values(data); }
    NodePtr operator()(const LeftJoin& join) const {
      return make_node(LeftJoin{self.list(join.conditions)}, std::move(inputs));
    }
    NodePtr operator()(const Filter& filter) const {
      return make_node(Filter{self.list(filter.conditions)}, std::move(inputs));
    }
    NodePtr operator()(const Extend& extend) const {
      Expression value = self.expression(extend.expression);
      const Constant* constant = self.find(extend.slot);
      if (constant == nullptr) return make_node(Extend{extend.slot, std::move(value)}, std::move(inputs));
      return make_node(Filter{{is_same_term(std::move(value), *constant)}}, std::move(inputs));
    }
    NodePtr operator()(const Graph& graph) const { return make_node(Graph{self.name(graph.name)}, std::move(inputs)); }
    NodePtr operator()(const Service& service) const {
      return make_node(Service{self.name(service.endpoint), service.silent}, std::move(inputs));
    }
    NodePtr operator()(const Group& grouping) const { return self.group(grouping, std::move(inputs)); }
    NodePtr operator()(const OrderBy& order) const {
      OrderBy result;
      for (const OrderBy::Key& key : order.keys)
        result.keys.push_back({self.expression(key.expression), key.descending});
      return make_node(std::move(result), std::move(inputs));
    }
    NodePtr operator()(const Join& op) const { return make_node(op, std::move(inputs)); }
    NodePtr operator()(const Minus& op) const { return make_node(op, std::move(inputs)); }
    NodePtr operator()(const Union& op) const { return make_node(op, std::move(inputs)); }
    NodePtr operator()(const Project& project) const {
      Project result;
      std::copy_if(project.slots.begin(), project.slots.end(), std::back_inserter(result.slots),
                   [&](Slot slot) { return self.find(slot) == nullptr; });
      return make_node(std::move(result), std::move(inputs));
    }
    NodePtr operator()(const Distinct& op) const { return make_node(op, std::move(inputs)); }
    NodePtr operator()(const Reduced& op) const { return make_node(op, std::move(inputs)); }
    NodePtr operator()(const Slice& op) const { return make_node(op, std::move(inputs)); }
  };
  return std::visit(Visitor{*this, inputs}, node.op);
}

NodePtr Substituter::values(const Values& data) const {
  Values result;
  for (const Slot slot : data.slots) {
    if (find(slot) == nullptr) result.slots.push_back(slot);
  }
  for (const auto& row : data.rows) {
    std::vector<std::optional<Constant>> kept;
    bool agrees = true;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Constant* constant = find(data.slots[i]);
      if (constant == nullptr) {
        kept.push_back(row[i]);
      } else if (row[i] && row[i]->term != constant->term) {
        agrees = false;
      }
    }
    if (agrees) result.rows.push_back(std::move(kept));
  }
  return make_node(std::move(result));
}

NodePtr Substituter::path_search(const PathSearch& search) const {
  PathSearch result = search;
  result.subject = term(search.subject);
  result.object = term(search.object);
  for (PathSearch::Step& step : result.steps) {
    step.from = term(step.from);
    step.to = term(step.to);
    step.pattern = node(step.pattern);
  }
  for (PathSearch::Inner& inner : result.inner) {
    inner.conditions = list(inner.conditions);
    if (const Constant* constant = find(inner.node)) {
      inner.conditions.push_back(is_same_term(make_expression(VariableOperator{inner.node}), *constant));
    }
  }
  return agreeing(make_node(std::move(result)), {search.path});
}

NodePtr Substituter::agreeing(NodePtr node, const std::vector<Slot>& set) const {
  std::vector<Expression> conditions;
  for (const Slot slot : set) {
    if (const Constant* constant = find(slot)) {
      conditions.push_back(is_same_term(make_expression(VariableOperator{slot}), *constant));
    }
  }
  return conditions.empty() ? node : make_node(Filter{std::move(conditions)}, {std::move(node)});
}

NodePtr Substituter::group(const Group& grouping, std::vector<NodePtr> inputs) const {
  Group result;
  std::vector<Expression> conditions;
  for (const auto& [slot, key] : grouping.keys) {
    const auto* plain = std::get_if<VariableOperator>(&key->op);
    const Constant* constant = find(slot);
    if (constant != nullptr && (plain == nullptr || plain->slot != slot)) {
      conditions.push_back(is_same_term(make_expression(VariableOperator{slot}), *constant));
    }
    result.keys.emplace_back(slot, expression(key));
  }
  for (const Aggregate& aggregate : grouping.aggregates) {
    result.aggregates.push_back(aggregate);
    result.aggregates.back().arguments = list(aggregate.arguments);
  }
  NodePtr node = make_node(std::move(result), std::move(inputs));
  if (!conditions.empty()) node = make_node(Filter{std::move(conditions)}, {std::move(node)});
  return node;
}

Expression Substituter::expression(const Expression& expression) const {
  if (const auto* variable = std::get_if<VariableOperator>(&expression->op)) {
    const Constant* constant = find(variable->slot);
    return constant == nullptr ? expression : make_constant(*constant);
  }
  if (const auto* bound = std::get_if<BoundOperator>(&expression->op)) {
    return find(bound->slot) == nullptr ? expression : make_constant({boolean(true), Id()});
  }
  if (const auto* exists = std::get_if<ExistsOperator>(&expression->op)) {
    return make_expression(ExistsOperator{node(exists->pattern), exists->negated});
  }
  if (expression->arguments.empty()) return expression;
  return make_expression(expression->op, list(expression->arguments));
}

PatternTerm Substituter::term(const PatternTerm& pattern) const {
  if (const auto* variable = std::get_if<Variable>(&pattern)) {
    const Constant* constant = find(variable->slot);
    return constant == nullptr ? pattern : PatternTerm(*constant);
  }
  if (const auto* nested = std::get_if<std::shared_ptr<const TripleTerm>>(&pattern)) {
    return std::make_shared<const TripleTerm>(triple(**nested));
  }
  return pattern;
}

}  // namespace

void bind_parameters(Query& query, const std::vector<std::pair<std::string, Term>>& parameters) {
  Substitution substitution;
  for (const auto& [name, value] : parameters) {
    const std::optional<Slot> slot = query.variables.find(name);
    if (!slot || !query.variables.is_named(*slot)) {
      throw Error(ErrorCode::not_found, "the query has no variable ?" + name);
    }
    if (!value || value.is_blank()) {
      throw Error(ErrorCode::invalid_argument, "?" + name + " can be given an IRI, a literal or a triple term, not " +
                                                   (value ? "a blank node, which a query cannot name" : "nothing"));
    }
    substitution.insert_or_assign(*slot, Constant{value, Id()});
  }
  if (substitution.empty()) return;
  const Substituter substituter(substitution);
  query.root = substituter.node(query.root);
  for (Triple& triple : query.construct) triple = substituter.triple(triple);
  for (PatternTerm& resource : query.describe) resource = substituter.term(resource);
  for (const auto& [slot, constant] : substitution) query.parameters.emplace_back(slot, constant.term);
}

}  // namespace akyn::algebra
