// PATH and UNNEST.
#include <algorithm>
#include <memory>
#include <utility>

#include "engine/plan/certain.h"
#include "engine/plan/node_parts.h"
#include "engine/plan/planner.h"
#include "engine/plan/planner_flat.h"

namespace akyn::plan {

namespace {

using sparql::PathSelector;

// Searches between two nodes, from one, from all: what they cost, and how many pairs of ends they find.
constexpr double kPairCost = 1e5;
constexpr double kSourceCost = 1e6;
constexpr double kSourceEnds = 100;
constexpr double kAllCost = 1e10;
constexpr double kAllPairs = 1e5;
constexpr double kUnnestRow = 2000;
constexpr double kEdges = 4;  // of a path

bool one_for_each_pair(const algebra::PathSearch& search) {
  switch (search.selector) {
    case PathSelector::any_shortest:
    case PathSelector::any_cheapest:
      return true;
    case PathSelector::any:
    case PathSelector::shortest:
    case PathSelector::cheapest:
      return search.count == 1;
    default:
      return false;
  }
}

// Expected between two ends, where there are any.
double paths_of_pair(const algebra::PathSearch& search) {
  constexpr double kAllShortest = 2;
  constexpr double kAll = 1e4;
  switch (search.selector) {
    case PathSelector::all:
      return kAll;
    case PathSelector::all_shortest:
    case PathSelector::all_cheapest:
      return kAllShortest;
    case PathSelector::shortest_groups:
      return std::min(kAllShortest * static_cast<double>(search.count), kAll);
    default:
      return std::min(static_cast<double>(search.count), kAll);
  }
}

// `pairs` of ends are expected.
NodePtr make_path_search(PathSearch search, NodePtr input, const SlotSet& needed, double pairs, double cost) {
  auto node = std::make_shared<Node>();
  if (input != nullptr) {
    node->columns = needed_of(input->columns, needed);
    node->certain = needed_of(input->certain, needed);
    for (const Slot slot : node->columns) node->distinct.push_back(input->distinct_of(slot));
  }
  const double solutions = pairs * paths_of_pair(*search.search);
  for (const Slot slot : algebra::scope_of(algebra::Node(*search.search))) {
    if (!needed.has(slot) || contains(node->columns, slot)) continue;
    node->columns.push_back(slot);
    node->certain.push_back(slot);
    node->distinct.push_back(slot == search.search->path ? solutions : pairs);
  }
  using Wanted = PathSearch::Wanted;
  if (!contains(node->columns, search.search->path)) {
    search.wanted = one_for_each_pair(*search.search) ? Wanted::whether : Wanted::number;
  }
  node->solutions = node->rows = solutions;
  cap_distinct(*node);
  node->cost = cost + (input != nullptr ? input->cost : 0);
  node->op = std::move(search);
  if (input != nullptr) node->inputs.push_back(std::move(input));
  return node;
}

}  // namespace

void Planner::add_path_search(const algebra::PathSearch& search, const Where& where, Flat& flat) {
  Flat ends;
  const Position subject = position(search.subject, ends);
  const Position object = position(search.object, ends);
  for (JoinPart& part : ends.parts) flat.parts.push_back(std::move(part));
  // Ends that are triple terms with variables are fresh variables now.
  const auto end_of = [&](const algebra::PatternTerm& term, const Position& end) -> algebra::PatternTerm {
    if (end.slot) return algebra::Variable{*end.slot};
    if (std::holds_alternative<algebra::Constant>(term)) return term;
    return algebra::Constant{terms_.term(end.id), end.id};
  };
  auto with_ends = std::make_shared<algebra::PathSearch>(search);
  with_ends->subject = end_of(search.subject, subject);
  with_ends->object = end_of(search.object, object);
  const PathSearch op{std::move(with_ends), where.graph,
                      lengths_.has(search.path) ? PathSearch::Wanted::length : PathSearch::Wanted::path};
  JoinPart part;
  part.slots.add(search.path);
  if (subject.slot) part.slots.add(*subject.slot);
  if (object.slot) part.slots.add(*object.slot);
  part.certain = part.slots;
  part.make = [op, subject, object](const SlotSet& needed) {
    const int open = (subject.slot ? 1 : 0) + (object.slot ? 1 : 0);
    const double pairs = open == 0 ? 1 : open == 1 ? kSourceEnds : kAllPairs;
    const double cost = open == 0 ? kPairCost : open == 1 ? kSourceCost : kAllCost;
    return Alternatives{make_path_search(op, nullptr, needed, pairs, cost)};
  };
  part.extend = [op, subject, object](const NodePtr& input, const SlotSet& needed) -> NodePtr {
    if (input->has(op.search->path)) return nullptr;
    const auto given = [&](const Position& end) { return !end.slot || input->is_certain(*end.slot); };
    const auto from_input = [&](const Position& end) { return end.slot && input->is_certain(*end.slot); };
    const auto open = [&](const Position& end) {
      return end.slot && input->has(*end.slot) && !input->is_certain(*end.slot);
    };
    if ((!from_input(subject) && !from_input(object)) || open(subject) || open(object)) return nullptr;
    const bool pair = given(subject) && given(object);
    // One search for each different end, or pair of them.
    double searches = 1;
    for (const Position& end : {subject, object}) {
      if (from_input(end)) searches *= std::max(1.0, input->distinct_of(*end.slot));
    }
    searches = std::min(searches, std::max(1.0, input->rows));
    return make_path_search(op, input, needed, input->solutions * (pair ? 1 : kSourceEnds),
                            searches * (pair ? kPairCost : kSourceCost));
  };
  flat.parts.push_back(std::move(part));
}

Alternatives Planner::unnest(const algebra::Node& pattern, const Where& where, const Asked& asked) {
  const auto& op = std::get<algebra::Unnest>(pattern.op);
  const algebra::Node& input = *pattern.inputs.front();
  SlotSet needed = asked.needed;
  const Mentions mentions = mentions_of(*op.expression);
  needed.add(mentions.slots);
  if (mentions.has_exists) needed.add(scope_of(input));
  const std::initializer_list<Slot> set = {op.position, op.from, op.edge, op.to};
  for (const Slot slot : set) needed.add(slot);  // where the input has one, solutions must agree
  Alternatives plans = node(input, where, {needed, std::nullopt});
  for (NodePtr& plan : plans) {
    auto node = std::make_shared<Node>();
    node->columns = needed_of(plan->columns, asked.needed);
    node->certain = needed_of(plan->certain, asked.needed);
    for (const Slot slot : node->columns) node->distinct.push_back(plan->distinct_of(slot));
    for (const Slot slot : set) {
      if (!asked.needed.has(slot) || contains(node->columns, slot)) continue;
      node->columns.push_back(slot);
      if (slot != op.edge) node->certain.push_back(slot);
      node->distinct.push_back(plan->solutions * kEdges);
    }
    node->solutions = plan->solutions * kEdges;
    node->rows = plan->rows * kEdges;
    cap_distinct(*node);
    node->sorted = leading(plan->sorted, node->columns);
    node->cost = plan->cost + node->rows * kUnnestRow;
    node->op = Unnest{op};
    node->inputs.push_back(std::move(plan));
    plan = std::move(node);
  }
  return plans;
}

}  // namespace akyn::plan
