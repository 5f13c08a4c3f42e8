#include "engine/plan/nodes.h"

#include <algorithm>

#include "engine/plan/costs.h"
#include "engine/plan/has_value.h"
#include "engine/plan/node_parts.h"
#include "engine/storage/keys.h"

namespace akyn::plan {

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
  return narrowed(std::move(node), needed);
}

NodePtr make_extend(NodePtr input, std::vector<std::pair<Slot, algebra::Expression>> bindings) {
  auto node = std::make_shared<Node>(*input);
  for (const auto& [slot, expression] : bindings) {
    if (has_value(*expression, SlotSet(node->certain))) node->certain.push_back(slot);
    node->columns.push_back(slot);
    node->distinct.push_back(std::max(1.0, input->rows / 2));
    node->cost += input->rows * kExtendRow;
  }
  node->op = Extend{std::move(bindings)};
  node->inputs = {std::move(input)};
  return node;
}

NodePtr narrowed(NodePtr node, const SlotSet& needed) {
  const std::vector<Slot> columns = needed_of(node->columns, needed);
  return columns.size() == node->columns.size() ? node : make_project(std::move(node), columns);
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
