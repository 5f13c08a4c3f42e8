#include "engine/plan/repeats.h"

#include <algorithm>
#include <memory>
#include <variant>

namespace akyn::plan {

namespace {

// RAND, UUID, BNODE ... make equal solutions different.
bool is_deterministic(const algebra::ExpressionNode& expression) {
  const auto* call = std::get_if<algebra::CallOperator>(&expression.op);
  if (call != nullptr && (call->function == nullptr || !call->function->deterministic)) return false;
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [](const algebra::Expression& argument) { return is_deterministic(*argument); });
}

// Whether it cannot be seen how often a solution of the input comes, given whether it can of the node's.
bool is_uncounted(const Node& node, std::size_t input, bool uncounted) {
  if (std::holds_alternative<Distinct>(node.op)) return true;
  if (const auto* join = std::get_if<Join>(&node.op)) {
    const bool binds = join->kind == JoinKind::inner || join->kind == JoinKind::left;
    return uncounted || (input == 1 && !binds);
  }
  if (const auto* extend = std::get_if<Extend>(&node.op)) {
    return uncounted && std::all_of(extend->bindings.begin(), extend->bindings.end(),
                                    [](const auto& binding) { return is_deterministic(*binding.second); });
  }
  return uncounted && (std::holds_alternative<Leapfrog>(node.op) || std::holds_alternative<TripleParts>(node.op) ||
                       std::holds_alternative<Union>(node.op) || std::holds_alternative<Filter>(node.op) ||
                       std::holds_alternative<Unnest>(node.op) || std::holds_alternative<InGraph>(node.op) ||
                       std::holds_alternative<Sort>(node.op) || std::holds_alternative<Project>(node.op) ||
                       std::holds_alternative<Path>(node.op) || std::holds_alternative<PathSearch>(node.op) ||
                       std::holds_alternative<Keep>(node.op));
}

}  // namespace

NodePtr without_repeats(const NodePtr& plan, bool uncounted) {
  std::vector<NodePtr> inputs;
  for (std::size_t i = 0; i < plan->inputs.size(); ++i) {
    inputs.push_back(without_repeats(plan->inputs[i], is_uncounted(*plan, i, uncounted)));
  }
  const auto* search = std::get_if<PathSearch>(&plan->op);
  const bool changes = uncounted && search != nullptr && search->wanted == PathSearch::Wanted::number;
  if (!changes && inputs == plan->inputs) return plan;
  auto node = std::make_shared<Node>(*plan);
  node->inputs = std::move(inputs);
  if (changes) std::get<PathSearch>(node->op).wanted = PathSearch::Wanted::whether;
  return node;
}

}  // namespace akyn::plan
