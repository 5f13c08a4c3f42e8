#include "engine/algebra/algebra.h"

#include <algorithm>
#include <unordered_set>

namespace akyn::algebra {

namespace {

class Scope {
 public:
  void add(Slot slot) {
    if (seen_.insert(slot).second) slots_.push_back(slot);
  }
  void add(const PatternTerm& term) {
    if (const auto* variable = std::get_if<Variable>(&term)) {
      add(variable->slot);
    } else if (const auto* triple = std::get_if<std::shared_ptr<const TripleTerm>>(&term)) {
      add((*triple)->subject);
      add((*triple)->predicate);
      add((*triple)->object);
    }
  }
  // What the operator itself binds before its inputs do, in the order of the text.
  void add_before(const Node& node) {
    if (const auto* graph = std::get_if<BasicGraph>(&node.op)) {
      for (const Triple& triple : graph->triples) {
        add(triple.subject);
        add(triple.predicate);
        add(triple.object);
      }
    } else if (const auto* path = std::get_if<PathPattern>(&node.op)) {
      add(path->subject);
      add(path->object);
    } else if (const auto* search = std::get_if<PathSearch>(&node.op)) {
      add(search->path);
      add(search->subject);
      add(search->object);
    } else if (const auto* values = std::get_if<Values>(&node.op)) {
      for (const Slot slot : values->slots) add(slot);
    } else if (const auto* named = std::get_if<Graph>(&node.op)) {
      if (const auto* variable = std::get_if<Variable>(&named->name)) add(variable->slot);
    } else if (const auto* service = std::get_if<Service>(&node.op)) {
      if (const auto* variable = std::get_if<Variable>(&service->endpoint)) add(variable->slot);
    } else if (const auto* project = std::get_if<Project>(&node.op)) {
      for (const Slot slot : project->slots) add(slot);
    } else if (const auto* group = std::get_if<Group>(&node.op)) {
      for (const auto& [slot, expression] : group->keys) add(slot);
      for (const Aggregate& aggregate : group->aggregates) add(aggregate.slot);
    }
  }
  // What it binds after them.
  void add_after(const Node& node) {
    if (const auto* extend = std::get_if<Extend>(&node.op)) add(extend->slot);
    if (const auto* unnest = std::get_if<Unnest>(&node.op)) {
      for (const Slot slot : {unnest->position, unnest->from, unnest->edge, unnest->to}) add(slot);
    }
  }
  [[nodiscard]] std::vector<Slot> take() { return std::move(slots_); }

 private:
  std::vector<Slot> slots_;
  std::unordered_set<Slot> seen_;
};

class Mentions {
 public:
  void add(const Node& root) {
    std::vector<const Node*> pending{&root};
    while (!pending.empty()) {
      const Node& node = *pending.back();
      pending.pop_back();
      scope_.add_before(node);
      if (const auto* join = std::get_if<LeftJoin>(&node.op)) add(join->conditions);
      if (const auto* filter = std::get_if<Filter>(&node.op)) add(filter->conditions);
      scope_.add_after(node);
      if (const auto* extend = std::get_if<Extend>(&node.op)) add(*extend->expression);
      if (const auto* unnest = std::get_if<Unnest>(&node.op)) add(*unnest->expression);
      if (const auto* group = std::get_if<Group>(&node.op)) {
        for (const auto& [slot, key] : group->keys) add(*key);
        for (const Aggregate& aggregate : group->aggregates) add(aggregate.arguments);
      }
      if (const auto* order = std::get_if<OrderBy>(&node.op)) {
        for (const OrderBy::Key& key : order->keys) add(*key.expression);
      }
      for (const NodePtr& input : node.inputs) pending.push_back(input.get());
    }
  }
  void add(const std::vector<Expression>& expressions) {
    for (const Expression& expression : expressions) add(*expression);
  }
  void add(const ExpressionNode& expression) {
    if (const auto* variable = std::get_if<VariableOperator>(&expression.op)) scope_.add(variable->slot);
    if (const auto* bound = std::get_if<BoundOperator>(&expression.op)) scope_.add(bound->slot);
    if (const auto* exists = std::get_if<ExistsOperator>(&expression.op)) add(*exists->pattern);
    add(expression.arguments);
  }
  [[nodiscard]] std::vector<Slot> take() { return scope_.take(); }

 private:
  Scope scope_;
};

// Whose inputs' variables are out of sight.
bool hides_inputs(const Node& node) {
  return std::holds_alternative<Project>(node.op) || std::holds_alternative<Group>(node.op);
}

}  // namespace

Node::~Node() {
  std::vector<NodePtr> pending = std::move(inputs);
  while (!pending.empty()) {
    const NodePtr node = std::move(pending.back());
    pending.pop_back();
    // The last owner may take the node apart: every node was made mutable, and nobody else sees it.
    if (node.use_count() == 1) {
      for (NodePtr& input : const_cast<Node&>(*node).inputs) pending.push_back(std::move(input));
      const_cast<Node&>(*node).inputs.clear();
    }
  }
}

std::vector<Slot> scope_of(const Node& root) {
  Scope scope;
  struct Step {
    const Node* node;
    bool leaving;
  };
  std::vector<Step> steps{{&root, false}};
  while (!steps.empty()) {
    const auto [node, leaving] = steps.back();
    steps.pop_back();
    if (leaving) {
      scope.add_after(*node);
      continue;
    }
    scope.add_before(*node);
    if (hides_inputs(*node)) continue;
    if (std::holds_alternative<Extend>(node->op) || std::holds_alternative<Unnest>(node->op)) {
      steps.push_back({node, true});
    }
    const std::size_t visible = std::holds_alternative<Minus>(node->op) ? 1 : node->inputs.size();
    for (std::size_t i = visible; i-- > 0;) steps.push_back({node->inputs[i].get(), false});
  }
  return scope.take();
}

std::vector<Slot> mentions_of(const Node& node) {
  Mentions mentions;
  mentions.add(node);
  std::vector<Slot> result = mentions.take();
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace akyn::algebra
