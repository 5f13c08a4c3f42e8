// Nodes of joins, and the ways to choose from.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/plan/costs.h"
#include "engine/plan/node_parts.h"
#include "engine/plan/nodes.h"
#include "engine/storage/database.h"

namespace akyn::plan {

namespace {

bool is_scan(const Node& node) {
  return std::holds_alternative<Scan>(node.op);
}

// Of rows, those that leave a variable unbound which a BIND or an OPTIONAL should bind: few, as a rule. Each of them
// meets every row of the other side, so that they count nevertheless.
constexpr double kUnbound = 0.01;

struct Common {
  std::vector<Slot> keys;  // certain on both sides
  std::vector<Slot> loose;
};

Common common_of(const Node& left, const Node& right) {
  Common common;
  for (const Slot slot : left.columns) {
    if (!right.has(slot)) continue;
    (left.is_certain(slot) && right.is_certain(slot) ? common.keys : common.loose).push_back(slot);
  }
  return common;
}

// Expected pairs of rows that agree in the keys.
double matches(const Node& left, const Node& right, const Common& common) {
  double result = left.solutions * right.solutions;
  // Each further key is taken to say half as much as if it were independent.
  double exponent = 1;
  std::vector<double> factors;
  for (const Slot key : common.keys) {
    factors.push_back(std::max({1.0, left.distinct_of(key), right.distinct_of(key)}));
  }
  std::sort(factors.rbegin(), factors.rend());
  for (const double factor : factors) {
    result /= std::pow(factor, exponent);
    exponent /= 2;
  }
  for (const Slot slot : common.loose) {
    result *= std::max(kUnbound, 1 / std::max({1.0, left.distinct_of(slot), right.distinct_of(slot)}));
  }
  return result;
}

// The part of the left rows that match something.
double matched_part(const Node& left, const Node& right, const Common& common) {
  double part = right.solutions > 0 ? 1 : 0;
  for (const Slot key : common.keys) {
    part = std::min(part, right.distinct_of(key) / std::max(1.0, left.distinct_of(key)));
  }
  return std::min(1.0, part);
}

// Solutions of a join whose pairs are known.
double joined_solutions(JoinKind kind, const Node& left, const Node& right, const Common& common) {
  const double pairs = matches(left, right, common);
  const double matched = left.solutions * matched_part(left, right, common);
  switch (kind) {
    case JoinKind::inner:
      return pairs;
    case JoinKind::left:
      return pairs + left.solutions - std::min(matched, left.solutions);
    case JoinKind::semi:
      return matched;
    case JoinKind::anti:
      // Never taken for empty: an estimate of nothing makes everything above it free.
      return std::max(left.solutions - matched, left.solutions * 0.05);
  }
  return pairs;
}

// What an input costs when only so many different keys of it are sought.
double skipping_cost(const Node& input, double sought) {
  if (!is_scan(input)) return input.cost;
  return std::min(input.cost, kOpen + sought * kSeekBlock);
}

// Whether one of these is no worse than a choice that costs so much and is sorted so: then nobody would take it.
bool is_beaten(const std::vector<JoinChoice>& others, double cost, const std::vector<Slot>& sorted) {
  return std::any_of(others.begin(), others.end(), [&](const JoinChoice& other) {
    return other.cost <= cost && (sorted.empty() || (!other.sorted.empty() && other.sorted[0] == sorted[0]));
  });
}

void merge_choice(JoinKind kind, const Node& left, const Node& right, const Common& common, double solutions,
                  std::vector<JoinChoice>& out) {
  if (!common.loose.empty()) return;
  const auto is_key = [&](std::size_t i) {
    return i < left.sorted.size() && i < right.sorted.size() && left.sorted[i] == right.sorted[i] &&
           contains(common.keys, left.sorted[i]);
  };
  if (!is_key(0)) return;
  const double left_keys = left.distinct_of(left.sorted[0]);
  const double right_keys = right.distinct_of(left.sorted[0]);
  const bool keeps_left = kind == JoinKind::left || kind == JoinKind::anti;
  const double left_cost = keeps_left ? left.cost : skipping_cost(left, right_keys);
  const double right_cost = skipping_cost(right, left_keys);
  const double left_rows =
      keeps_left ? left.rows : std::min(left.rows, left.rows / std::max(1.0, left_keys) * right_keys);
  const double right_rows = std::min(right.rows, right.rows / std::max(1.0, right_keys) * left_keys);
  const double cost = left_cost + right_cost + (left_rows + right_rows) * kMergeRow + solutions * kOutputRow;
  if (is_beaten(out, cost, left.sorted)) return;
  JoinChoice choice;
  choice.join.kind = kind;
  choice.join.method = Join::Method::merge;
  // The keys in the inputs' sequence, then those that are checked.
  for (std::size_t i = 0; is_key(i); ++i) choice.join.keys.push_back(left.sorted[i]);
  for (const Slot key : common.keys) {
    if (!contains(choice.join.keys, key)) choice.join.loose.push_back(key);
  }
  choice.solutions = solutions;
  choice.cost = cost;
  choice.sorted = left.sorted;
  out.push_back(std::move(choice));
}

// What a join by hash costs beyond building and probing one table.
double looping_cost(const Node& left, const Node& right, const Common& common) {
  if (!common.loose.empty()) return right.rows * kBuildRow + left.rows * kProbeRow;
  return common.keys.empty() ? left.rows * right.rows * kMergeRow : 0;
}

void hash_choice(JoinKind kind, const Node& left, const Node& right, const Common& common, double solutions,
                 bool swapped, std::vector<JoinChoice>& out) {
  const double cost = left.cost + right.cost + right.rows * kBuildRow + left.rows * kProbeRow + solutions * kOutputRow +
                      looping_cost(left, right, common);
  if (is_beaten(out, cost, left.sorted)) return;
  JoinChoice choice;
  choice.join.kind = kind;
  choice.join.method = Join::Method::hash;
  choice.join.keys = common.keys;
  choice.join.loose = common.loose;
  choice.swapped = swapped;
  choice.solutions = solutions;
  choice.cost = cost;
  choice.sorted = left.sorted;
  out.push_back(std::move(choice));
}

constexpr std::array<storage::Permutation, 6> kOrders = {storage::Permutation::spo, storage::Permutation::sop,
                                                         storage::Permutation::pso, storage::Permutation::pos,
                                                         storage::Permutation::osp, storage::Permutation::ops};

void lookup_choice(JoinKind kind, const Node& left, const Node& right, const Scan& scan, const Common& common,
                   double solutions, bool swapped, std::vector<JoinChoice>& out) {
  if (common.keys.empty() && common.loose.empty()) return;
  // The order in which constants, then as many keys as possible come first. One that may be unbound ends them.
  std::vector<Slot> keys;
  storage::Permutation best = storage::Permutation::spo;
  for (const storage::Permutation order : kOrders) {
    const auto columns = storage::columns_of(order);
    std::size_t i = 0;
    while (i < 3 && scan.triple[columns[i]].is_constant()) ++i;
    std::vector<Slot> leading;
    for (; i < 3; ++i) {
      const Position& position = scan.triple[columns[i]];
      if (!position.slot || !left.has(*position.slot) || contains(leading, *position.slot)) break;
      leading.push_back(*position.slot);
      if (!left.is_certain(*position.slot)) {
        ++i;
        break;
      }
    }
    if (leading.size() <= keys.size()) continue;
    // Constants behind keys would be filtered by; another order has them in front.
    bool constants_lead = true;
    for (; i < 3; ++i) constants_lead = constants_lead && !scan.triple[columns[i]].is_constant();
    if (!constants_lead) continue;
    keys = std::move(leading);
    best = order;
  }
  if (keys.empty()) return;
  double sought = 1;
  for (const Slot key : keys) sought *= std::max(1.0, left.distinct_of(key));
  sought = std::min(sought, left.rows);
  const bool all_are_keys = keys.size() == common.keys.size() + common.loose.size();
  const double found = all_are_keys ? 0 : matches(left, right, {keys, {}}) * kOutputRow;
  double cost = left.cost + kOpen + left.rows * kSortKey + sought * kLookup + solutions * kOutputRow + found;
  // Rows that leave the last key unbound are sought without it, a batch at a time.
  if (!left.is_certain(keys.back())) cost += std::min(1.0, left.rows * kUnbound) * right.cost;
  if (is_beaten(out, cost, left.sorted)) return;
  JoinChoice choice;
  choice.join.kind = kind;
  choice.join.method = Join::Method::lookup;
  for (const std::vector<Slot>* slots : {&common.keys, &common.loose}) {
    for (const Slot key : *slots) {
      if (!contains(keys, key)) choice.join.loose.push_back(key);
    }
  }
  choice.join.keys = std::move(keys);
  choice.lookup = scan;
  choice.lookup->order = best;
  choice.swapped = swapped;
  choice.solutions = solutions;
  choice.cost = cost;
  choice.sorted = left.sorted;
  out.push_back(std::move(choice));
}

}  // namespace

void join_choices(JoinKind kind, const NodePtr& left, const NodePtr& right, const Scan* left_scan,
                  const Scan* right_scan, std::vector<JoinChoice>& out) {
  const Common common = common_of(*left, *right);
  const double solutions = joined_solutions(kind, *left, *right, common);
  merge_choice(kind, *left, *right, common, solutions, out);
  hash_choice(kind, *left, *right, common, solutions, false, out);
  if (right_scan != nullptr) lookup_choice(kind, *left, *right, *right_scan, common, solutions, false, out);
  if (kind != JoinKind::inner) return;
  hash_choice(kind, *right, *left, common, solutions, true, out);
  if (left_scan != nullptr) lookup_choice(kind, *right, *left, *left_scan, common, solutions, true, out);
}

namespace {

// What all joins have in common; the left input is the one that is kept in order.
std::shared_ptr<Node> join_node(Join join, const NodePtr& left, const NodePtr& right, const SlotSet& needed,
                                double solutions, double cost) {
  auto node = std::make_shared<Node>();
  const bool binds_right = join.kind == JoinKind::inner || join.kind == JoinKind::left;
  node->columns = needed_of(left->columns, needed);
  const bool loose_are_common = join.method == Join::Method::hash;
  for (const Slot slot : node->columns) {
    const bool by_right = join.kind == JoinKind::inner && right->is_certain(slot);
    if (left->is_certain(slot) || by_right) node->certain.push_back(slot);
    const double here = left->distinct_of(slot);
    const bool shared = right->has(slot) && (!loose_are_common || contains(join.keys, slot));
    const bool narrows = join.kind == JoinKind::inner || join.kind == JoinKind::semi;
    node->distinct.push_back(shared && narrows ? std::min(here, right->distinct_of(slot)) : here);
  }
  if (binds_right) {
    for (const Slot slot : right->columns) {
      if (!needed.has(slot) || contains(node->columns, slot)) continue;
      node->columns.push_back(slot);
      node->distinct.push_back(right->distinct_of(slot));
      if (join.kind == JoinKind::inner && right->is_certain(slot)) node->certain.push_back(slot);
    }
  }
  node->sorted = leading(left->sorted, node->columns);
  // Where the right side binds what the left one leaves unbound, it is not sorted by that any more.
  const auto filled = std::find_if(node->sorted.begin(), node->sorted.end(), [&](Slot slot) {
    return binds_right && !left->is_certain(slot) && right->has(slot);
  });
  node->sorted.erase(filled, node->sorted.end());
  node->solutions = solutions;
  cap_distinct(*node);
  const bool counted = std::any_of(right->columns.begin(), right->columns.end(),
                                   [&](Slot slot) { return !contains(node->columns, slot) && !left->has(slot); });
  const bool right_columns = std::any_of(right->columns.begin(), right->columns.end(),
                                         [&](Slot slot) { return contains(node->columns, slot) && !left->has(slot); });
  node->rows = std::min(solutions, right_columns ? solutions : left->rows);
  if (counted) node->rows = std::min(node->rows, counted_rows(*node));
  node->cost = cost;
  node->op = std::move(join);
  node->inputs = {left, right};
  return node;
}

}  // namespace

NodePtr make_join(const JoinChoice& choice, NodePtr left, NodePtr right, const SlotSet& needed) {
  if (choice.swapped) std::swap(left, right);
  if (choice.lookup) {
    auto scan = std::make_shared<Node>(*right);
    scan->op = *choice.lookup;
    scan->sorted.clear();
    right = std::move(scan);
  }
  return join_node(choice.join, left, right, needed, choice.solutions, choice.cost);
}

NodePtr make_conditional_join(JoinKind kind, NodePtr left, NodePtr right, std::vector<algebra::Expression> conditions,
                              bool needs_common, const SlotSet& needed) {
  const Common common = common_of(*left, *right);
  Join join;
  join.kind = kind;
  join.method = Join::Method::hash;
  join.keys = common.keys;
  join.loose = common.loose;
  join.needs_common = needs_common;
  const double solutions = joined_solutions(kind, *left, *right, common);
  double cost = left->cost + right->cost + right->rows * kBuildRow + left->rows * kProbeRow;
  if (!conditions.empty()) cost += matches(*left, *right, common) * kFilterRow;
  cost += looping_cost(*left, *right, common);
  const bool keeps_order = conditions.empty();
  join.conditions = std::move(conditions);
  auto node = join_node(std::move(join), left, right, needed, solutions, cost);
  if (!keeps_order) node->sorted.clear();
  return node;
}

NodePtr make_leapfrog(std::vector<Slot> variables, std::vector<NodePtr> inputs, const SlotSet& needed, double solutions,
                      double cost) {
  auto node = std::make_shared<Node>();
  node->columns = needed_of(variables, needed);
  node->certain = node->columns;
  node->sorted = leading(variables, node->columns);
  node->solutions = solutions;
  for (const Slot slot : node->columns) {
    double distinct = solutions;
    for (const NodePtr& input : inputs) {
      if (input->has(slot)) distinct = std::min(distinct, input->distinct_of(slot));
    }
    node->distinct.push_back(distinct);
  }
  cap_distinct(*node);
  node->rows = node->columns.size() == variables.size() ? solutions : counted_rows(*node);
  node->cost = cost;
  node->op = Leapfrog{std::move(variables)};
  node->inputs = std::move(inputs);
  return node;
}

}  // namespace akyn::plan
