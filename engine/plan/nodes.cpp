#include "engine/plan/nodes.h"

#include <algorithm>
#include <cmath>

#include "engine/storage/keys.h"

namespace akyn::plan {

namespace {

// Per row, unless said otherwise.
constexpr double kScanRow = 1;
constexpr double kOpen = 3'000;       // a cursor
constexpr double kSeekBlock = 3'000;  // a block that is entered and partly decoded
constexpr double kMergeRow = 2;
constexpr double kBuildRow = 30;
constexpr double kProbeRow = 15;
constexpr double kOutputRow = 3;
constexpr double kLookup = 700;  // of a key
constexpr double kSortKey = 30;
constexpr double kFilterRow = 20;
constexpr double kExtendRow = 40;
constexpr double kGroupRow = 10;
constexpr double kSortRow = 100;
constexpr double kCopyRow = 1;
constexpr double kHashedRow = 15;
constexpr double kTriplePartsRow = 500;

bool contains(const std::vector<Slot>& slots, Slot slot) noexcept {
  return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

// Rows when equal ones are counted, where some variable is not a column.
double counted_rows(const Node& node) {
  double combinations = 1;
  for (const double distinct : node.distinct) {
    combinations *= std::max(1.0, distinct);
    if (combinations >= node.solutions) return node.solutions;
  }
  return std::min(combinations, node.solutions);
}

// Keeps of a sorting what is still there.
std::vector<Slot> leading(const std::vector<Slot>& sorted, const std::vector<Slot>& columns) {
  std::vector<Slot> result;
  for (const Slot slot : sorted) {
    if (!contains(columns, slot)) break;
    result.push_back(slot);
  }
  return result;
}

std::vector<Slot> needed_of(const std::vector<Slot>& slots, const SlotSet& needed) {
  std::vector<Slot> result;
  for (const Slot slot : slots) {
    if (needed.has(slot)) result.push_back(slot);
  }
  return result;
}

void cap_distinct(Node& node) {
  for (double& distinct : node.distinct)
    distinct = std::clamp(distinct, std::min(1.0, node.solutions), std::max(1.0, node.solutions));
}

bool is_scan(const Node& node) {
  return std::holds_alternative<Scan>(node.op);
}

}  // namespace

bool Node::has(Slot slot) const noexcept {
  return contains(columns, slot);
}

bool Node::is_certain(Slot slot) const noexcept {
  return contains(certain, slot);
}

double Node::distinct_of(Slot slot) const noexcept {
  const auto found = std::find(columns.begin(), columns.end(), slot);
  return found == columns.end() ? std::max(1.0, solutions)
                                : distinct[static_cast<std::size_t>(found - columns.begin())];
}

NodePtr make_unit() {
  auto node = std::make_shared<Node>();
  node->op = Unit{};
  node->solutions = node->rows = 1;
  return node;
}

NodePtr make_empty(std::vector<Slot> columns) {
  auto node = std::make_shared<Node>();
  node->op = Empty{};
  node->columns = std::move(columns);
  node->certain = node->columns;
  node->sorted = node->columns;
  node->distinct.assign(node->columns.size(), 0);
  return node;
}

NodePtr make_rows(Rows rows, const SlotSet& needed) {
  auto node = std::make_shared<Node>();
  node->columns = needed_of(rows.slots, needed);
  node->solutions = node->rows = static_cast<double>(rows.rows.size());
  node->cost = node->rows * kOutputRow;
  for (const Slot slot : node->columns) {
    const auto place =
        static_cast<std::size_t>(std::find(rows.slots.begin(), rows.slots.end(), slot) - rows.slots.begin());
    if (std::all_of(rows.rows.begin(), rows.rows.end(), [&](const auto& row) { return row[place].is_bound(); })) {
      node->certain.push_back(slot);
    }
    node->distinct.push_back(node->rows);
  }
  if (rows.rows.size() <= 1) node->sorted = node->columns;
  node->op = std::move(rows);
  return node;
}

NodePtr make_scan(Scan scan, const SlotSet& needed, Cardinality& cardinality) {
  auto node = std::make_shared<Node>();
  const auto order = storage::columns_of(scan.order);
  std::vector<Slot> in_order;
  bool sorted = true;
  for (std::size_t i = 0; i < 3; ++i) {
    const Position& position = scan.triple[order[i]];
    if (position.is_constant()) continue;
    if (!position.slot) {
      sorted = false;
      continue;
    }
    if (contains(in_order, *position.slot)) continue;
    in_order.push_back(*position.slot);
    if (!needed.has(*position.slot)) {
      sorted = false;
      continue;
    }
    node->columns.push_back(*position.slot);
    if (sorted) node->sorted.push_back(*position.slot);
  }
  if (scan.graph_name && !contains(in_order, *scan.graph_name) && needed.has(*scan.graph_name)) {
    node->columns.push_back(*scan.graph_name);
  }
  node->certain = node->columns;
  node->solutions = cardinality.rows(scan).rows;
  const double read = std::max(cardinality.rows_read(scan), node->solutions);
  for (const Slot slot : node->columns) {
    std::optional<std::size_t> position;
    for (std::size_t i = 0; i < 3; ++i) {
      if (scan.triple[i].slot == slot) position = i;
    }
    node->distinct.push_back(position ? cardinality.distinct(scan, *position, node->solutions) : 10);
  }
  cap_distinct(*node);
  node->rows = counted_rows(*node);
  node->cost = kOpen + read * kScanRow * (1.0 + 0.5 * static_cast<double>(node->columns.size()));
  node->op = std::move(scan);
  return node;
}

NodePtr make_path(Path path, NodePtr input, const SlotSet& needed, double solutions, double cost) {
  auto node = std::make_shared<Node>();
  if (input != nullptr) {
    node->columns = needed_of(input->columns, needed);
    node->certain = needed_of(input->certain, needed);
    for (const Slot slot : node->columns) node->distinct.push_back(input->distinct_of(slot));
  }
  for (const algebra::PatternTerm* end : {&path.pattern.subject, &path.pattern.object}) {
    const auto* variable = std::get_if<algebra::Variable>(end);
    if (variable == nullptr || !needed.has(variable->slot) || contains(node->columns, variable->slot)) continue;
    node->columns.push_back(variable->slot);
    node->certain.push_back(variable->slot);
    node->distinct.push_back(solutions);
  }
  node->solutions = solutions;
  cap_distinct(*node);
  node->rows = solutions;
  node->cost = cost + (input != nullptr ? input->cost : 0);
  node->op = std::move(path);
  if (input != nullptr) node->inputs.push_back(std::move(input));
  return node;
}

// ------------------------------------------------------------------ joins

namespace {

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

void merge_choice(JoinKind kind, const Node& left, const Node& right, const Common& common, double solutions,
                  std::vector<JoinChoice>& out) {
  if (!common.loose.empty()) return;
  std::vector<Slot> keys;
  for (std::size_t i = 0; i < left.sorted.size() && i < right.sorted.size(); ++i) {
    if (left.sorted[i] != right.sorted[i] || !contains(common.keys, left.sorted[i])) break;
    keys.push_back(left.sorted[i]);
  }
  if (keys.empty()) return;
  JoinChoice choice;
  choice.join.kind = kind;
  choice.join.method = Join::Method::merge;
  // The keys in the inputs' sequence, then those that are checked.
  for (const Slot key : common.keys) {
    if (!contains(keys, key)) choice.join.loose.push_back(key);
  }
  const double left_keys = left.distinct_of(keys[0]);
  const double right_keys = right.distinct_of(keys[0]);
  const bool keeps_left = kind == JoinKind::left || kind == JoinKind::anti;
  const double left_cost = keeps_left ? left.cost : skipping_cost(left, right_keys);
  const double right_cost = skipping_cost(right, left_keys);
  const double left_rows =
      keeps_left ? left.rows : std::min(left.rows, left.rows / std::max(1.0, left_keys) * right_keys);
  const double right_rows = std::min(right.rows, right.rows / std::max(1.0, right_keys) * left_keys);
  choice.join.keys = std::move(keys);
  choice.solutions = solutions;
  choice.cost = left_cost + right_cost + (left_rows + right_rows) * kMergeRow + solutions * kOutputRow;
  choice.sorted = left.sorted;
  out.push_back(std::move(choice));
}

void hash_choice(JoinKind kind, const Node& left, const Node& right, const Common& common, double solutions,
                 bool swapped, std::vector<JoinChoice>& out) {
  JoinChoice choice;
  choice.join.kind = kind;
  choice.join.method = Join::Method::hash;
  choice.join.keys = common.keys;
  choice.join.loose = common.loose;
  choice.swapped = swapped;
  choice.solutions = solutions;
  choice.cost = left.cost + right.cost + right.rows * kBuildRow + left.rows * kProbeRow + solutions * kOutputRow;
  if (common.keys.empty()) choice.cost += left.rows * right.rows * kMergeRow;
  choice.sorted = left.sorted;
  out.push_back(std::move(choice));
}

constexpr std::array<storage::Permutation, 6> kOrders = {storage::Permutation::spo, storage::Permutation::sop,
                                                         storage::Permutation::pso, storage::Permutation::pos,
                                                         storage::Permutation::osp, storage::Permutation::ops};

void lookup_choice(JoinKind kind, const Node& left, const Node& right, const Scan& scan, const Common& common,
                   double solutions, bool swapped, std::vector<JoinChoice>& out) {
  if (common.keys.empty() || !common.loose.empty()) return;
  // The order in which constants, then as many keys as possible come first.
  std::optional<JoinChoice> best;
  for (const storage::Permutation order : kOrders) {
    const auto columns = storage::columns_of(order);
    std::size_t i = 0;
    while (i < 3 && scan.triple[columns[i]].is_constant()) ++i;
    std::vector<Slot> keys;
    for (; i < 3; ++i) {
      const Position& position = scan.triple[columns[i]];
      if (!position.slot || !contains(common.keys, *position.slot) || contains(keys, *position.slot)) break;
      keys.push_back(*position.slot);
    }
    if (keys.empty() || (best && best->join.keys.size() >= keys.size())) continue;
    // Constants behind keys would be filtered by; another order has them in front.
    bool constants_lead = true;
    for (; i < 3; ++i) constants_lead = constants_lead && !scan.triple[columns[i]].is_constant();
    if (!constants_lead) continue;
    JoinChoice choice;
    choice.join.keys = std::move(keys);
    choice.lookup = scan;
    choice.lookup->order = order;
    best = std::move(choice);
  }
  if (!best) return;
  best->join.kind = kind;
  best->join.method = Join::Method::lookup;
  for (const Slot key : common.keys) {
    if (!contains(best->join.keys, key)) best->join.loose.push_back(key);
  }
  double sought = 1;
  for (const Slot key : best->join.keys) sought *= std::max(1.0, left.distinct_of(key));
  sought = std::min(sought, left.rows);
  const double found = best->join.loose.empty() ? 0 : matches(left, right, {best->join.keys, {}}) * kOutputRow;
  best->swapped = swapped;
  best->solutions = solutions;
  best->cost = left.cost + kOpen + left.rows * kSortKey + sought * kLookup + solutions * kOutputRow + found;
  best->sorted = left.sorted;
  out.push_back(*std::move(best));
}

}  // namespace

void join_choices(JoinKind kind, const NodePtr& left, const NodePtr& right, const Scan* left_scan,
                  const Scan* right_scan, Cardinality&, std::vector<JoinChoice>& out) {
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
  if (common.keys.empty()) cost += left->rows * right->rows * kMergeRow;
  const bool keeps_order = conditions.empty();
  join.conditions = std::move(conditions);
  auto node = join_node(std::move(join), left, right, needed, solutions, cost);
  if (!keeps_order) node->sorted.clear();
  return node;
}

// ------------------------------------------------------------------ other operators

NodePtr make_triple_parts(TripleParts parts, NodePtr input, const SlotSet& needed) {
  auto node = std::make_shared<Node>();
  std::vector<Slot> all = input->columns;
  std::vector<Slot> certain = input->certain;
  const auto bind = [&](Slot slot) {
    if (contains(all, slot)) return;
    all.push_back(slot);
    certain.push_back(slot);
  };
  bind(parts.term);
  for (const Position& part : parts.parts) {
    if (part.slot) bind(*part.slot);
  }
  node->columns = needed_of(all, needed);
  node->certain = needed_of(certain, needed);
  node->solutions = input->solutions;
  node->rows = input->rows;
  for (const Slot slot : node->columns) node->distinct.push_back(input->distinct_of(slot));
  cap_distinct(*node);
  node->sorted = leading(input->sorted, node->columns);
  node->cost = input->cost + input->rows * kTriplePartsRow;
  node->op = std::move(parts);
  node->inputs.push_back(std::move(input));
  return node;
}

NodePtr make_union(std::vector<NodePtr> inputs, std::optional<Slot> sorted, const SlotSet& needed) {
  auto node = std::make_shared<Node>();
  for (const NodePtr& input : inputs) {
    for (const Slot slot : input->columns) {
      if (needed.has(slot) && !node->has(slot)) node->columns.push_back(slot);
    }
    node->solutions += input->solutions;
    node->rows += input->rows;
    node->cost += input->cost + input->rows * (sorted ? kMergeRow : kCopyRow);
  }
  for (const Slot slot : node->columns) {
    if (std::all_of(inputs.begin(), inputs.end(), [&](const NodePtr& input) { return input->is_certain(slot); })) {
      node->certain.push_back(slot);
    }
    double distinct = 0;
    for (const NodePtr& input : inputs) distinct += input->has(slot) ? input->distinct_of(slot) : 1;
    node->distinct.push_back(distinct);
  }
  cap_distinct(*node);
  Union op;
  if (sorted) node->sorted = op.sorted = {*sorted};
  node->op = std::move(op);
  node->inputs = std::move(inputs);
  return node;
}

double selectivity(const std::vector<algebra::Expression>& conditions) {
  double result = 1;
  for (const algebra::Expression& condition : conditions) {
    const auto* comparison = std::get_if<algebra::CompareOperator>(&condition->op);
    if (comparison != nullptr && comparison->op == sparql::BinaryOperator::equal) {
      result *= 0.05;
    } else if (comparison != nullptr && comparison->op == sparql::BinaryOperator::not_equal) {
      result *= 0.95;
    } else {
      result *= 0.33;
    }
  }
  return result;
}

NodePtr make_filter(NodePtr input, std::vector<algebra::Expression> conditions, const SlotSet& needed) {
  auto node = std::make_shared<Node>(*input);
  const double part = selectivity(conditions);
  node->op = Filter{std::move(conditions)};
  node->solutions *= part;
  node->rows *= part;
  cap_distinct(*node);
  node->cost = input->cost + input->rows * kFilterRow;
  node->inputs = {std::move(input)};
  const std::vector<Slot> columns = needed_of(node->columns, needed);
  if (columns.size() != node->columns.size()) return make_project(node, columns);
  return node;
}

NodePtr make_extend(NodePtr input, std::vector<std::pair<Slot, algebra::Expression>> bindings) {
  auto node = std::make_shared<Node>(*input);
  for (const auto& [slot, expression] : bindings) {
    node->columns.push_back(slot);
    node->distinct.push_back(std::max(1.0, input->rows / 2));
    node->cost += input->rows * kExtendRow;
  }
  node->op = Extend{std::move(bindings)};
  node->inputs = {std::move(input)};
  return node;
}

NodePtr make_project(NodePtr input, const std::vector<Slot>& columns) {
  auto node = std::make_shared<Node>();
  node->columns = columns;
  for (const Slot slot : columns) {
    if (input->is_certain(slot)) node->certain.push_back(slot);
    node->distinct.push_back(input->has(slot) ? input->distinct_of(slot) : 1);
  }
  node->sorted = leading(input->sorted, columns);
  node->solutions = input->solutions;
  node->rows = input->rows;
  node->cost = input->cost + input->rows * kCopyRow;
  node->op = Project{};
  node->inputs.push_back(std::move(input));
  return node;
}

NodePtr make_group(NodePtr input, Group group) {
  auto node = std::make_shared<Node>();
  node->columns = group.keys;
  for (const Slot slot : group.keys) {
    if (input->is_certain(slot)) node->certain.push_back(slot);
    node->distinct.push_back(input->has(slot) ? input->distinct_of(slot) : 1);
  }
  node->solutions = input->solutions;
  node->solutions = group.keys.empty() ? 1 : counted_rows(*node);
  node->rows = node->solutions;
  for (const Group::Aggregate& aggregate : group.aggregates) {
    node->columns.push_back(aggregate.aggregate.slot);
    node->distinct.push_back(node->solutions);
  }
  const auto hashed = std::count_if(group.aggregates.begin(), group.aggregates.end(), [](const Group::Aggregate& each) {
    return each.aggregate.distinct && !each.sorted;
  });
  node->cost = static_cast<double>(hashed) * input->rows * kHashedRow + input->cost +
               input->rows * (group.sorted || group.keys.empty() ? kMergeRow : kGroupRow) +
               (group.sorted ? 0 : node->solutions * kBuildRow) +
               static_cast<double>(group.aggregates.size()) * input->rows;
  if (group.sorted) node->sorted = leading(input->sorted, group.keys);
  node->op = std::move(group);
  node->inputs.push_back(std::move(input));
  return node;
}

NodePtr make_in_graph(NodePtr input, runtime::ActiveGraph graph) {
  auto node = std::make_shared<Node>(*input);
  node->op = InGraph{std::move(graph)};
  node->inputs = {std::move(input)};
  return node;
}

NodePtr make_distinct(NodePtr input, bool ordered) {
  auto node = std::make_shared<Node>(*input);
  const bool sorted = input->sorted.size() == input->columns.size();
  node->op = Distinct{sorted, ordered};
  node->solutions = node->rows = counted_rows(*node);
  node->cost = input->cost + input->rows * (sorted ? kCopyRow : kHashedRow);
  node->inputs = {std::move(input)};
  return node;
}

NodePtr make_reduced(NodePtr input) {
  auto node = std::make_shared<Node>(*input);
  node->op = Reduced{};
  node->cost = input->cost + input->rows * kCopyRow;
  node->inputs = {std::move(input)};
  return node;
}

NodePtr make_sort(NodePtr input, Sort sort) {
  auto node = std::make_shared<Node>(*input);
  node->sorted.clear();
  node->cost = input->cost + input->rows * (sort.limit ? kFilterRow : kSortRow);
  node->op = std::move(sort);
  node->inputs = {std::move(input)};
  return node;
}

NodePtr make_slice(NodePtr input, Slice slice) {
  auto node = std::make_shared<Node>(*input);
  if (slice.limit) node->solutions = std::min(node->solutions, static_cast<double>(*slice.limit));
  node->rows = std::min(node->rows, node->solutions);
  cap_distinct(*node);
  node->op = slice;
  node->inputs = {std::move(input)};
  return node;
}

NodePtr make_keep(std::uint32_t number, NodePtr source, NodePtr result) {
  auto node = std::make_shared<Node>(*result);
  node->op = Keep{number};
  node->cost = source->cost + result->cost + source->rows * kOutputRow;
  node->inputs = {std::move(source), std::move(result)};
  return node;
}

NodePtr make_kept_rows(std::uint32_t number, const NodePtr& source) {
  auto node = std::make_shared<Node>(*source);
  node->op = KeptRows{number};
  node->cost = source->rows * kCopyRow;
  node->inputs.clear();
  return node;
}

NodePtr make_kept_keys(std::uint32_t number, const NodePtr& source, const std::vector<Slot>& slots) {
  auto node = std::make_shared<Node>();
  node->columns = node->certain = node->sorted = slots;
  node->solutions = source->solutions;
  for (const Slot slot : slots) node->distinct.push_back(source->distinct_of(slot));
  node->solutions = node->rows = counted_rows(*node);
  node->cost = source->rows * kHashedRow + node->rows * kSortKey;
  node->op = KeptKeys{number};
  return node;
}

NodePtr make_opaque(Node::Operator op, std::vector<NodePtr> inputs, std::vector<Slot> columns,
                    std::vector<Slot> certain, double solutions, double cost) {
  auto node = std::make_shared<Node>();
  node->op = std::move(op);
  node->inputs = std::move(inputs);
  node->columns = std::move(columns);
  node->certain = std::move(certain);
  node->distinct.assign(node->columns.size(), std::max(1.0, solutions));
  node->solutions = node->rows = solutions;
  node->cost = cost;
  for (const NodePtr& input : node->inputs) node->cost += input->cost;
  return node;
}

}  // namespace akyn::plan
