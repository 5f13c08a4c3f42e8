#include "engine/plan/planner.h"

#include <algorithm>
#include <array>
#include <utility>

#include <akyn/error.h>
#include "engine/plan/certain.h"
#include "engine/plan/path_lengths.h"
#include "engine/plan/repeats.h"
#include "engine/term/inline_id.h"

namespace akyn::plan {

namespace {

// Operators one upon the other: each is a call of the next one when the plan runs.
constexpr std::size_t kDeepest = 8'000;
// Sides of OPTIONAL, MINUS and EXISTS within each other that are planned a second time for few rows.
constexpr std::size_t kNarrowed = 2;

class Depth {
 public:
  explicit Depth(std::size_t& depth, std::size_t more = 1) : depth_(depth), more_(more) {
    if (depth + more > kDeepest) {
      throw Error(ErrorCode::limit, "the query has more than 8000 operators one upon the other");
    }
    depth_ += more_;
  }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  ~Depth() { depth_ -= more_; }

 private:
  std::size_t& depth_;
  std::size_t more_;
};

SlotSet scope_set(const algebra::Node& node) {
  return SlotSet(algebra::scope_of(node));
}

SlotSet mentioned(const std::vector<algebra::Expression>& conditions) {
  SlotSet slots;
  for (const algebra::Expression& condition : conditions) slots.add(mentions_of(*condition).slots);
  return slots;
}

// OPTIONAL and MINUS, and what is joined to them further on in the same group.
bool continues_chain(const algebra::Node& node) {
  const auto is_link = [](const algebra::Node& each) {
    return std::holds_alternative<algebra::LeftJoin>(each.op) || std::holds_alternative<algebra::Minus>(each.op);
  };
  return is_link(node) || (std::holds_alternative<algebra::Join>(node.op) && is_link(*node.inputs.front()));
}

// Whether the sequence of the solutions is an ORDER BY's.
bool is_ordered(const algebra::Node& node) {
  const algebra::Node* at = &node;
  while (std::holds_alternative<algebra::Project>(at->op) || std::holds_alternative<algebra::Extend>(at->op)) {
    at = at->inputs.front().get();
  }
  return std::holds_alternative<algebra::OrderBy>(at->op);
}

bool any_exists(const std::vector<algebra::Expression>& conditions) {
  return std::any_of(conditions.begin(), conditions.end(),
                     [](const algebra::Expression& condition) { return mentions_of(*condition).has_exists; });
}

}  // namespace

Planner::Planner(const algebra::VariableTable& variables, runtime::LocalTerms& terms, const runtime::Dataset& dataset,
                 runtime::Budget& budget, expr::Context& functions, PlannerOptions options)
    : variables_(variables),
      terms_(terms),
      dataset_(dataset),
      budget_(budget),
      functions_(functions),
      options_(options),
      cardinality_(terms.snapshot().version()),
      next_slot_(static_cast<Slot>(variables.size())) {}

NodePtr Planner::plan(const algebra::Node& pattern, const runtime::ActiveGraph& graph, const std::vector<Slot>& needed,
                      std::optional<std::uint64_t> limit) {
  const PathLengths lengths = path_lengths(pattern, SlotSet(needed));
  lengths_ = lengths.paths;
  const algebra::Node& planned = lengths.pattern != nullptr ? *lengths.pattern : pattern;
  NodePtr best = node(planned, {graph, std::nullopt, nullptr}, {SlotSet(needed), limit}).front();
  best = without_repeats(best, needed.empty() && limit == std::uint64_t{1});
  return best->columns == needed ? best : make_project(std::move(best), needed);
}

Alternatives Planner::node(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  const Depth depth(depth_);
  budget_.check();
  if (continues_chain(pattern)) return chain(pattern, where, asked.needed);
  if (std::holds_alternative<algebra::Union>(pattern.op)) return union_of(pattern, where, asked.needed);
  if (std::holds_alternative<algebra::Extend>(pattern.op)) return extend(pattern, where, asked);
  if (std::holds_alternative<algebra::Unnest>(pattern.op)) return unnest(pattern, where, asked);
  if (std::holds_alternative<algebra::Graph>(pattern.op)) return graph(pattern, where, asked.needed);
  if (std::holds_alternative<algebra::Group>(pattern.op)) return grouping(pattern, where);
  if (std::holds_alternative<algebra::OrderBy>(pattern.op)) return order_by(pattern, where, asked);
  if (std::holds_alternative<algebra::Project>(pattern.op)) return project(pattern, where, asked);
  if (std::holds_alternative<algebra::Distinct>(pattern.op) || std::holds_alternative<algebra::Reduced>(pattern.op)) {
    return distinct(pattern, where, asked);
  }
  if (std::holds_alternative<algebra::Slice>(pattern.op)) return slice(pattern, where, asked);
  return group(pattern, where, asked.needed);
}

Id Planner::id_of(const algebra::Constant& constant) {
  return constant.id.is_bound() ? constant.id : terms_.id(constant.term);
}

Slot Planner::column_for(const algebra::Expression& expression,
                         std::vector<std::pair<Slot, algebra::Expression>>& bindings) {
  if (const auto* variable = std::get_if<algebra::VariableOperator>(&expression->op)) return variable->slot;
  bindings.emplace_back(fresh(), expression);
  return bindings.back().first;
}

// ------------------------------------------------------------------ beside: OPTIONAL, MINUS, EXISTS

Alternatives Planner::beside(const Alternatives& left, const Beside& beside, const Where& where,
                             const SlotSet& needed) {
  const SlotSet right_scope = scope_set(*beside.right);
  const SlotSet condition_slots = mentioned(beside.conditions);
  const bool binds = beside.kind == JoinKind::inner || beside.kind == JoinKind::left;
  SlotSet right_needed = condition_slots;
  if (binds) right_needed.add(needed);
  for (const Slot slot : left.front()->columns) right_needed.add(slot);
  if (where.name) right_needed.add(*where.name);
  const Alternatives right = node(*beside.right, where, {right_needed, std::nullopt});

  Alternatives result;
  const auto is_open = [](const NodePtr& a, const NodePtr& b) {
    return std::any_of(a->columns.begin(), a->columns.end(),
                       [&](Slot slot) { return b->has(slot) && !(a->is_certain(slot) && b->is_certain(slot)); });
  };
  const auto meets = [](const Node& a, const Node& b) {
    return std::any_of(a.columns.begin(), a.columns.end(), [&](Slot slot) { return b.has(slot); });
  };
  const bool plain = options_.optimize && beside.conditions.empty();
  for (const NodePtr& l : left) {
    if (beside.needs_common && !meets(*l, *right.front())) {
      // The variables in common are bound on one side at most (18.5).
      result.push_back(narrowed(l, needed));
      continue;
    }
    std::vector<Slot> keys;
    for (const Slot slot : l->columns) {
      if (right.front()->has(slot) && l->is_certain(slot) && right.front()->is_certain(slot)) keys.push_back(slot);
    }
    for (const NodePtr& r : right) {
      if (!plain || (beside.needs_common && is_open(l, r))) {
        result.push_back(make_conditional_join(beside.kind, l, r, beside.conditions, beside.needs_common, needed));
        break;
      }
      const auto* scan = std::get_if<Scan>(&r->op);
      const bool whole = scan != nullptr && !scan->ranges;
      std::vector<JoinChoice> choices;
      join_choices(beside.kind, l, r, nullptr, whole ? scan : nullptr, choices);
      for (const JoinChoice& choice : choices) result.push_back(make_join(choice, l, r, needed));
    }
    // Few rows on the left: only what is compatible with them is worth computing on the right.
    const bool groups = std::holds_alternative<algebra::Join>(beside.right->op) ||
                        std::holds_alternative<algebra::Filter>(beside.right->op) ||
                        std::holds_alternative<algebra::BasicGraph>(beside.right->op) ||
                        std::holds_alternative<algebra::PathPattern>(beside.right->op) ||
                        std::holds_alternative<algebra::PathSearch>(beside.right->op);
    if (options_.optimize && groups && !keys.empty() && narrowed_ < kNarrowed && l->rows * 500 < right.front()->cost) {
      const std::uint32_t number = next_kept_++;
      NodePtr key_rows = make_kept_keys(number, l, keys);
      JoinPart part;
      part.alternatives = {key_rows};
      part.slots = part.certain = SlotSet(keys);
      ++narrowed_;
      const NodePtr narrowed = group(*beside.right, where, right_needed, std::move(part)).front();
      --narrowed_;
      const NodePtr kept = make_kept_rows(number, l);
      result.push_back(make_keep(
          number, l,
          make_conditional_join(beside.kind, kept, narrowed, beside.conditions, beside.needs_common, needed)));
    }
  }
  return best_of(std::move(result));
}

// A chain of OPTIONALs, MINUSes and joins, from its first input on in a loop: it may be long.
Alternatives Planner::chain(const algebra::Node& pattern, const Where& where, const SlotSet& needed) {
  struct Link {
    const algebra::Node* node;
    algebra::NodePtr right;  // of a join: all inputs but the first
    SlotSet needed;          // of its result
    SlotSet right_scope;
  };
  std::vector<Link> links;
  const algebra::Node* bottom = &pattern;
  SlotSet asked = needed;
  if (where.name) asked.add(*where.name);
  for (; continues_chain(*bottom); bottom = bottom->inputs[0].get()) {
    algebra::NodePtr right = bottom->inputs[1];
    if (std::holds_alternative<algebra::Join>(bottom->op)) {
      right = algebra::make_node(algebra::Join{}, {bottom->inputs.begin() + 1, bottom->inputs.end()});
    }
    const SlotSet right_scope = scope_set(*right);
    links.push_back({bottom, std::move(right), asked, right_scope});
    asked.add(right_scope);
    if (const auto* join = std::get_if<algebra::LeftJoin>(&bottom->op)) {
      asked.add(mentioned(join->conditions));
      if (any_exists(join->conditions)) asked.add(scope_set(*bottom));
    }
  }
  const Depth depth(depth_, links.size());
  Alternatives plans = node(*bottom, where, {asked, std::nullopt});
  SlotSet scope = scope_set(*bottom);
  SlotSet certain = certain_of(*bottom);
  if (where.name) scope.add(*where.name);
  if (where.name) certain.add(*where.name);
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    if (const auto* join = std::get_if<algebra::LeftJoin>(&link->node->op)) {
      plans = left_join(plans, *join, link->right, where, link->needed);
      scope.add(link->right_scope);
    } else if (std::holds_alternative<algebra::Join>(link->node->op)) {
      JoinPart left;
      left.alternatives = std::move(plans);
      left.slots = scope;
      left.certain = certain;
      plans = group(*link->right, where, link->needed, std::move(left));
      scope.add(link->right_scope);
      certain.add(certain_of(*link->right));
    } else if (scope.meets(link->right_scope)) {
      // Otherwise, without a variable in common, nothing is taken away (18.5).
      plans = beside(plans, {JoinKind::anti, link->right.get(), {}, true}, where, link->needed);
    }
  }
  return plans;
}

Alternatives Planner::left_join(const Alternatives& left, const algebra::LeftJoin& op, algebra::NodePtr right,
                                const Where& where, const SlotSet& needed) {
  if (!options_.optimize) return beside(left, {JoinKind::left, right.get(), op.conditions, false}, where, needed);
  // What is about the right side alone holds there already.
  const SlotSet right_certain = certain_of(*right);
  std::vector<algebra::Expression> inside;
  std::vector<algebra::Expression> conditions;
  for (const algebra::Expression& condition : op.conditions) {
    const Mentions mentions = mentions_of(*condition);
    (!mentions.has_exists && mentions.slots.within(right_certain) ? inside : conditions).push_back(condition);
  }
  if (!inside.empty()) right = algebra::make_node(algebra::Filter{std::move(inside)}, {right});
  return beside(left, {JoinKind::left, right.get(), conditions, false}, where, needed);
}

// ------------------------------------------------------------------ UNION

Alternatives Planner::union_of(const algebra::Node& pattern, const Where& where, const SlotSet& needed) {
  std::vector<Alternatives> inputs;
  for (const algebra::NodePtr& input : pattern.inputs) {
    Asked asked{needed, std::nullopt};
    inputs.push_back(node(*input, where, asked));
  }
  std::vector<NodePtr> cheapest;
  for (const Alternatives& input : inputs) cheapest.push_back(input.front());
  Alternatives result{make_union(cheapest, std::nullopt, needed)};
  // Sorted by a variable, when all inputs can be.
  for (const NodePtr& first : inputs.front()) {
    if (first->sorted.empty()) continue;
    const Slot slot = first->sorted.front();
    std::vector<NodePtr> sorted;
    for (const Alternatives& input : inputs) {
      const auto found = std::find_if(input.begin(), input.end(), [&](const NodePtr& plan) {
        return !plan->sorted.empty() && plan->sorted.front() == slot && plan->is_certain(slot);
      });
      if (found != input.end()) sorted.push_back(*found);
    }
    if (sorted.size() == inputs.size()) result.push_back(make_union(sorted, slot, needed));
  }
  return best_of(std::move(result));
}

// ------------------------------------------------------------------ BIND

Alternatives Planner::extend(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  // Consecutive ones are about the same solutions.
  std::vector<const algebra::Extend*> chain;
  const algebra::Node* input = &pattern;
  while (const auto* op = std::get_if<algebra::Extend>(&input->op)) {
    chain.push_back(op);
    input = input->inputs.front().get();
  }
  SlotSet needed = asked.needed;
  std::vector<std::pair<Slot, algebra::Expression>> bindings;
  for (const algebra::Extend* op : chain) {
    if (!needed.has(op->slot)) continue;
    needed.remove(op->slot);
    const Mentions mentions = mentions_of(*op->expression);
    needed.add(mentions.slots);
    if (mentions.has_exists) needed.add(scope_set(*input));
    bindings.emplace_back(op->slot, op->expression);
  }
  std::reverse(bindings.begin(), bindings.end());
  Alternatives plans = node(*input, where, {needed, asked.limit});
  if (bindings.empty()) return plans;
  for (NodePtr& plan : plans) {
    plan = make_extend(std::move(plan), bindings);
    plan = narrowed(std::move(plan), asked.needed);
  }
  return plans;
}

// ------------------------------------------------------------------ GRAPH

Alternatives Planner::graph(const algebra::Node& pattern, const Where& where, const SlotSet& needed) {
  const auto& op = std::get<algebra::Graph>(pattern.op);
  const algebra::Node& inside = *pattern.inputs.front();
  if (const auto* constant = std::get_if<algebra::Constant>(&op.name)) {
    const std::optional<runtime::ActiveGraph> named = dataset_.named(id_of(*constant), budget_);
    if (!named) return {make_empty(algebra::scope_of(pattern))};
    Alternatives plans = node(inside, {*named, std::nullopt, nullptr}, {needed, std::nullopt});
    if (has_exists(inside)) {
      for (NodePtr& plan : plans) plan = make_in_graph(std::move(plan), *named);
    }
    return plans;
  }
  const Slot name = std::get<algebra::Variable>(op.name).slot;
  if (options_.optimize && is_graph_wise(inside, name)) {
    Where by_name = where;
    by_name.name = name;
    if (dataset_.named_graphs()) by_name.names = std::make_shared<const std::vector<Id>>(*dataset_.named_graphs());
    return node(inside, by_name, {needed, std::nullopt});
  }
  std::vector<Slot> columns;
  for (const Slot slot : algebra::scope_of(pattern)) {
    if (needed.has(slot)) columns.push_back(slot);
  }
  SlotSet certain = certain_of(pattern);
  std::vector<Slot> certain_columns;
  for (const Slot slot : columns) {
    if (certain.has(slot)) certain_columns.push_back(slot);
  }
  return {make_opaque(GraphLoop{name, pattern.inputs.front()}, {}, columns, certain_columns, 1000, 1e6)};
}

// ------------------------------------------------------------------ solution modifiers

Alternatives Planner::order_by(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  const auto& op = std::get<algebra::OrderBy>(pattern.op);
  const algebra::Node& input = *pattern.inputs.front();
  Sort sort;
  sort.limit = asked.limit;
  std::vector<std::pair<Slot, algebra::Expression>> bindings;
  SlotSet needed = asked.needed;
  for (const algebra::OrderBy::Key& key : op.keys) {
    sort.keys.push_back({column_for(key.expression, bindings), key.descending});
    const Mentions mentions = mentions_of(*key.expression);
    needed.add(mentions.slots);
    if (mentions.has_exists) needed.add(scope_set(input));
  }
  // A variable that nothing binds orders nothing.
  const SlotSet scope = scope_set(input);
  std::erase_if(sort.keys, [&](const Sort::Key& key) { return key.slot < variables_.size() && !scope.has(key.slot); });
  NodePtr plan = node(input, where, {needed, std::nullopt}).front();
  if (!bindings.empty()) plan = make_extend(std::move(plan), bindings);
  plan = make_sort(std::move(plan), std::move(sort));
  return {narrowed(std::move(plan), asked.needed)};
}

Alternatives Planner::project(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  const auto& op = std::get<algebra::Project>(pattern.op);
  Asked inside = asked;
  inside.needed = {};
  for (const Slot slot : op.slots) {
    if (asked.needed.has(slot)) inside.needed.add(slot);
  }
  Alternatives plans = node(*pattern.inputs.front(), where, inside);
  for (NodePtr& plan : plans) {
    plan = narrowed(std::move(plan), inside.needed);
  }
  return plans;
}

Alternatives Planner::distinct(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  const algebra::Node& input = *pattern.inputs.front();
  if (std::holds_alternative<algebra::Reduced>(pattern.op)) {
    Alternatives plans = node(input, where, {asked.needed, std::nullopt});
    for (NodePtr& plan : plans) plan = make_reduced(std::move(plan));
    return plans;
  }
  // What makes solutions different are all variables, whoever asks for them.
  Alternatives plans = node(input, where, {scope_set(input), std::nullopt});
  const bool ordered = is_ordered(input);
  for (NodePtr& plan : plans) plan = make_distinct(std::move(plan), ordered);
  plans = best_of(std::move(plans));
  for (NodePtr& plan : plans) {
    plan = narrowed(std::move(plan), asked.needed);
  }
  return plans;
}

Alternatives Planner::slice(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  const auto& op = std::get<algebra::Slice>(pattern.op);
  std::optional<std::uint64_t> limit = op.limit;
  if (asked.limit && (!limit || *asked.limit < *limit)) limit = asked.limit;
  if (limit && *limit <= ~std::uint64_t{0} - op.offset) {
    limit = *limit + op.offset;
  } else {
    limit.reset();
  }
  NodePtr plan = node(*pattern.inputs.front(), where, {asked.needed, limit}).front();
  return {make_slice(std::move(plan), {op.offset, op.limit})};
}

}  // namespace akyn::plan
