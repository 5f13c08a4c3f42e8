#include "engine/algebra/correlate.h"

#include <algorithm>

namespace akyn::algebra {

namespace {

bool is_unit(const Node& node) {
  const auto* graph = std::get_if<BasicGraph>(&node.op);
  return graph != nullptr && graph->triples.empty();
}

// Evaluated from nothing but the graph: no group begins in it.
bool is_leaf(const Node& node) {
  return node.inputs.empty() || std::holds_alternative<Service>(node.op);
}

class Correlator {
 public:
  explicit Correlator(const Context& context) : context_(context) {
    Values solution;
    std::vector<std::optional<Constant>> row;
    for (const auto& [slot, constant] : context) {
      solution.slots.push_back(slot);
      row.emplace_back(constant);
    }
    solution.rows.push_back(std::move(row));
    solution_ = make_node(std::move(solution));
  }

  // Down the first inputs in a loop, for chains may be long; the other inputs nest as the text does.
  [[nodiscard]] NodePtr node(const NodePtr& root) const {
    std::vector<const Node*> spine;
    const Node* current = root.get();
    while (!is_leaf(*current)) {
      spine.push_back(current);
      current = current->inputs.front().get();
    }
    NodePtr result = is_unit(*current) ? solution_ : joined(with_endpoint(*current));
    for (auto place = spine.rbegin(); place != spine.rend(); ++place) {
      const Node& parent = **place;
      std::vector<NodePtr> inputs{std::move(result)};
      for (std::size_t i = 1; i < parent.inputs.size(); ++i) inputs.push_back(other_input(parent, parent.inputs[i]));
      result = rebuilt(parent, std::move(inputs));
    }
    return result;
  }

 private:
  // What follows in the same group is joined to what starts from the context already.
  [[nodiscard]] NodePtr other_input(const Node& parent, const NodePtr& input) const {
    const bool same_group = std::holds_alternative<Join>(parent.op) && is_leaf(*input);
    return same_group ? with_endpoint(*input) : node(input);
  }

  [[nodiscard]] NodePtr joined(NodePtr pattern) const { return make_node(Join{}, {solution_, std::move(pattern)}); }

  [[nodiscard]] const Constant* find(const std::variant<Constant, Variable>& name) const {
    const auto* variable = std::get_if<Variable>(&name);
    if (variable == nullptr) return nullptr;
    const auto place = context_.find(variable->slot);
    return place == context_.end() ? nullptr : &place->second;
  }

  [[nodiscard]] NodePtr with_endpoint(const Node& leaf) const {
    const auto* service = std::get_if<Service>(&leaf.op);
    const Constant* endpoint = service == nullptr ? nullptr : find(service->endpoint);
    if (endpoint == nullptr) return std::make_shared<Node>(leaf);
    return make_node(Service{*endpoint, service->silent}, leaf.inputs);
  }

  [[nodiscard]] NodePtr rebuilt(const Node& node, std::vector<NodePtr> inputs) const {
    if (const auto* extend = std::get_if<Extend>(&node.op)) {
      if (const auto place = context_.find(extend->slot); place != context_.end()) {
        Expression same = make_expression(CallOperator{expr::find_function("SAMETERM"), "SAMETERM"},
                                          {extend->expression, make_constant(place->second)});
        return make_node(Filter{{std::move(same)}}, std::move(inputs));
      }
    }
    if (const auto* graph = std::get_if<Graph>(&node.op)) {
      if (const Constant* name = find(graph->name)) return make_node(Graph{*name}, std::move(inputs));
    }
    NodePtr result = make_node(node.op, std::move(inputs));
    // The group around a sub-SELECT has the context's variables, whatever is projected.
    return std::holds_alternative<Project>(node.op) ? joined(std::move(result)) : result;
  }

  const Context& context_;
  NodePtr solution_;
};

bool any_minus(const std::vector<Expression>& expressions);

bool any_minus(const ExpressionNode& expression) {
  const auto* exists = std::get_if<ExistsOperator>(&expression.op);
  return (exists != nullptr && has_minus(*exists->pattern)) || any_minus(expression.arguments);
}

bool any_minus(const std::vector<Expression>& expressions) {
  return std::any_of(expressions.begin(), expressions.end(), [](const Expression& part) { return any_minus(*part); });
}

}  // namespace

NodePtr in_context(const NodePtr& pattern, const Context& context) {
  return context.empty() ? pattern : Correlator(context).node(pattern);
}

bool has_minus(const Node& pattern) {
  std::vector<const Node*> pending{&pattern};
  while (!pending.empty()) {
    const Node& node = *pending.back();
    pending.pop_back();
    if (std::holds_alternative<Minus>(node.op)) return true;
    if (const auto* filter = std::get_if<Filter>(&node.op); filter != nullptr && any_minus(filter->conditions)) {
      return true;
    }
    if (const auto* join = std::get_if<LeftJoin>(&node.op); join != nullptr && any_minus(join->conditions)) return true;
    if (const auto* extend = std::get_if<Extend>(&node.op); extend != nullptr && any_minus(*extend->expression)) {
      return true;
    }
    if (const auto* unnest = std::get_if<Unnest>(&node.op); unnest != nullptr && any_minus(*unnest->expression)) {
      return true;
    }
    for (const NodePtr& input : node.inputs) pending.push_back(input.get());
  }
  return false;
}

}  // namespace akyn::algebra
