#include "engine/plan/path_lengths.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace akyn::plan {

namespace {

using algebra::Expression;
using algebra::ExpressionNode;
using algebra::Node;
using algebra::NodePtr;

constexpr std::string_view kLength = "urn:akyn:path#length";

// The variable of path:length(?p), nothing when it is anything else.
const algebra::VariableOperator* length_of(const ExpressionNode& expression) {
  const auto* call = std::get_if<algebra::CallOperator>(&expression.op);
  if (call == nullptr || call->function == nullptr || call->name != kLength) return nullptr;
  return std::get_if<algebra::VariableOperator>(&expression.arguments.front()->op);
}

bool stands_by_itself(const Node& node) {
  const auto* graph = std::get_if<algebra::Graph>(&node.op);
  return std::holds_alternative<algebra::Service>(node.op) ||
         (graph != nullptr && std::holds_alternative<algebra::Variable>(graph->name));
}

// What becomes of the paths of a pattern.
class Uses {
 public:
  explicit Uses(const SlotSet& needed) : other_(needed) {}

  void look_at(const Node& pattern) {
    std::vector<const Node*> open{&pattern};
    while (!open.empty()) {
      const Node& node = *open.back();
      open.pop_back();
      if (stands_by_itself(node)) {
        other_.add(algebra::mentions_of(node));
        continue;
      }
      std::visit([&](const auto& op) { note(op, node); }, node.op);
      for (const NodePtr& input : node.inputs) open.push_back(input.get());
    }
  }

  // Those that one PATH binds, and of which nothing is used but the length.
  [[nodiscard]] SlotSet lengths() const {
    SlotSet result;
    for (const Slot slot : paths_.slots()) {
      if (!other_.has(slot) && measured_.has(slot)) result.add(slot);
    }
    return result;
  }

 private:
  void note(const algebra::PathSearch& op, const Node& /*node*/) {
    (paths_.has(op.path) ? other_ : paths_).add(op.path);
    other_.add(algebra::scope_of(Node(algebra::PathPattern{op.subject, op.expression, op.object})));
  }
  void note(const algebra::LeftJoin& op, const Node& /*node*/) { note(op.conditions); }
  void note(const algebra::Filter& op, const Node& /*node*/) { note(op.conditions); }
  void note(const algebra::Extend& op, const Node& /*node*/) {
    other_.add(op.slot);
    note(*op.expression);
  }
  void note(const algebra::Unnest& op, const Node& /*node*/) {
    other_.add(SlotSet{op.position, op.from, op.edge, op.to});
    note(*op.expression);
  }
  void note(const algebra::Group& op, const Node& node) {
    for (const auto& [slot, expression] : op.keys) {
      other_.add(slot);
      note(*expression);
    }
    for (const algebra::Aggregate& aggregate : op.aggregates) {
      note(aggregate.arguments);
      if (aggregate.distinct && aggregate.arguments.empty()) other_.add(algebra::scope_of(*node.inputs.front()));
    }
  }
  void note(const algebra::OrderBy& op, const Node& /*node*/) {
    for (const algebra::OrderBy::Key& key : op.keys) note(*key.expression);
  }
  void note(const algebra::Project& op, const Node& /*node*/) { other_.add(op.slots); }
  void note(const algebra::Distinct& /*op*/, const Node& node) { other_.add(algebra::scope_of(node)); }
  void note(const algebra::Reduced& /*op*/, const Node& node) { other_.add(algebra::scope_of(node)); }
  void note(const algebra::BasicGraph& /*op*/, const Node& node) { other_.add(algebra::scope_of(node)); }
  void note(const algebra::PathPattern& /*op*/, const Node& node) { other_.add(algebra::scope_of(node)); }
  void note(const algebra::Values& op, const Node& /*node*/) { other_.add(op.slots); }
  template <class Other>
  void note(const Other& /*op*/, const Node& /*node*/) {}

  void note(const std::vector<Expression>& expressions) {
    for (const Expression& expression : expressions) note(*expression);
  }
  void note(const ExpressionNode& expression) {
    if (const auto* measured = length_of(expression)) return measured_.add(measured->slot);
    if (const auto* variable = std::get_if<algebra::VariableOperator>(&expression.op)) other_.add(variable->slot);
    if (const auto* exists = std::get_if<algebra::ExistsOperator>(&expression.op)) {
      other_.add(algebra::mentions_of(*exists->pattern));
    }
    note(expression.arguments);
  }

  SlotSet paths_;     // bound by a PATH
  SlotSet measured_;  // by path:length
  SlotSet other_;     // anything else happens to them
};

// The same with path:length(?p) as ?p.
class Rewriter {
 public:
  explicit Rewriter(const SlotSet& paths) : paths_(paths) {}

  // Down the first inputs in a loop: there may be many.
  [[nodiscard]] NodePtr node(const Node& top) const {
    std::vector<const Node*> spine{&top};
    while (!spine.back()->inputs.empty() && !stands_by_itself(*spine.back())) {
      spine.push_back(spine.back()->inputs.front().get());
    }
    NodePtr made = std::make_shared<Node>(*spine.back());
    for (std::size_t i = spine.size() - 1; i-- > 0;) {
      Node::Operator op = spine[i]->op;
      std::visit([&](auto& each) { change(each); }, op);
      std::vector<NodePtr> inputs{std::move(made)};
      for (std::size_t input = 1; input < spine[i]->inputs.size(); ++input) {
        inputs.push_back(node(*spine[i]->inputs[input]));
      }
      made = algebra::make_node(std::move(op), std::move(inputs));
    }
    return made;
  }

 private:
  void change(algebra::LeftJoin& op) const { change(op.conditions); }
  void change(algebra::Filter& op) const { change(op.conditions); }
  void change(algebra::Extend& op) const { change(op.expression); }
  void change(algebra::Unnest& op) const { change(op.expression); }
  void change(algebra::Group& op) const {
    for (auto& key : op.keys) change(key.second);
    for (algebra::Aggregate& aggregate : op.aggregates) change(aggregate.arguments);
  }
  void change(algebra::OrderBy& op) const {
    for (algebra::OrderBy::Key& key : op.keys) change(key.expression);
  }
  template <class Other>
  void change(Other& /*op*/) const {}

  void change(std::vector<Expression>& expressions) const {
    for (Expression& expression : expressions) change(expression);
  }
  void change(Expression& expression) const {
    const auto* measured = length_of(*expression);
    if (measured != nullptr && paths_.has(measured->slot)) {
      expression = expression->arguments.front();
      return;
    }
    std::vector<Expression> arguments = expression->arguments;
    change(arguments);
    if (arguments != expression->arguments) expression = algebra::make_expression(expression->op, std::move(arguments));
  }

  const SlotSet& paths_;
};

}  // namespace

PathLengths path_lengths(const Node& pattern, const SlotSet& needed) {
  Uses uses(needed);
  uses.look_at(pattern);
  PathLengths result{uses.lengths(), nullptr};
  if (!result.paths.empty()) result.pattern = Rewriter(result.paths).node(pattern);
  return result;
}

}  // namespace akyn::plan
