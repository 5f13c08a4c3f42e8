// GROUP BY and aggregates.
#include <algorithm>
#include <utility>

#include "engine/expr/value.h"
#include "engine/plan/certain.h"
#include "engine/plan/planner.h"

namespace akyn::plan {

namespace {

// The number that a COUNT over all matches of a scan has, where the store knows it.
std::optional<std::uint64_t> known_count(const Group::Aggregate& aggregate, const Scan& scan,
                                         Cardinality& cardinality) {
  if (aggregate.aggregate.kind != expr::AggregateKind::count) return std::nullopt;
  if (!aggregate.aggregate.distinct) {
    if (!aggregate.arguments.empty()) return std::nullopt;
    const Cardinality::Rows rows = cardinality.rows(scan);
    return rows.exact ? std::optional(rows.count) : std::nullopt;
  }
  if (aggregate.arguments.size() != 1) return std::nullopt;
  for (std::size_t position = 0; position < scan.triple.size(); ++position) {
    if (scan.triple[position].slot == aggregate.arguments.front()) return cardinality.exact_distinct(scan, position);
  }
  return std::nullopt;
}

// All aggregates as one row, where each of them is such a number.
std::optional<Rows> known_counts(const Group& group, const Scan& scan, Cardinality& cardinality,
                                 runtime::LocalTerms& terms) {
  Rows counts;
  counts.rows.emplace_back();
  for (const Group::Aggregate& aggregate : group.aggregates) {
    const std::optional<std::uint64_t> count = known_count(aggregate, scan, cardinality);
    if (!count) return std::nullopt;
    counts.slots.push_back(aggregate.aggregate.slot);
    counts.rows.front().push_back(terms.id(expr::Value::integer(static_cast<std::int64_t>(*count))));
  }
  return counts;
}

// Whether the rows are sorted so that equal keys are neighbours.
bool keys_lead(const Node& input, const std::vector<Slot>& keys) {
  if (keys.empty() || input.sorted.size() < keys.size()) return false;
  return std::all_of(input.sorted.begin(), input.sorted.begin() + static_cast<std::ptrdiff_t>(keys.size()),
                     [&](Slot slot) { return std::find(keys.begin(), keys.end(), slot) != keys.end(); });
}

}  // namespace

Alternatives Planner::grouping(const algebra::Node& pattern, const Where& where) {
  const auto& op = std::get<algebra::Group>(pattern.op);
  const algebra::Node& input = *pattern.inputs.front();
  const SlotSet certain = certain_of(input);
  Group group;
  std::vector<std::pair<Slot, algebra::Expression>> bindings;
  SlotSet needed;
  const auto ask_for = [&](const algebra::Expression& expression) {
    const Mentions mentions = mentions_of(*expression);
    needed.add(mentions.slots);
    if (mentions.has_exists) needed.add(SlotSet(algebra::scope_of(input)));
  };
  for (const auto& [slot, key] : op.keys) {
    ask_for(key);
    const auto* variable = std::get_if<algebra::VariableOperator>(&key->op);
    if (variable == nullptr || variable->slot != slot) bindings.emplace_back(slot, key);
    group.keys.push_back(slot);
  }
  for (const algebra::Aggregate& aggregate : op.aggregates) {
    Group::Aggregate& made = group.aggregates.emplace_back();
    made.aggregate = aggregate;
    const bool counts = aggregate.kind == expr::AggregateKind::count;
    if (counts && aggregate.arguments.empty()) {
      if (!aggregate.distinct) continue;
      for (const Slot slot : algebra::scope_of(input)) {
        if (variables_.is_named(slot)) made.arguments.push_back(slot);
      }
      needed.add(made.arguments);
      continue;
    }
    // Of a variable that is always bound, COUNT counts the solutions.
    if (counts && !aggregate.distinct) {
      const auto* variable = std::get_if<algebra::VariableOperator>(&aggregate.arguments.front()->op);
      if (variable != nullptr && certain.has(variable->slot)) {
        made.aggregate.arguments.clear();
        continue;
      }
    }
    for (const algebra::Expression& argument : aggregate.arguments) {
      ask_for(argument);
      made.arguments.push_back(column_for(argument, bindings));
    }
  }

  Alternatives result;
  for (NodePtr plan : node(input, where, {needed, std::nullopt})) {
    const auto* scan = std::get_if<Scan>(&plan->op);
    if (options_.optimize && scan != nullptr && group.keys.empty() && bindings.empty()) {
      if (std::optional<Rows> counts = known_counts(group, *scan, cardinality_, terms_)) {
        const SlotSet all(counts->slots);
        return {make_rows(*std::move(counts), all)};
      }
    }
    if (!bindings.empty()) plan = make_extend(std::move(plan), bindings);
    Group made = group;
    made.sorted = options_.optimize && keys_lead(*plan, group.keys);
    if (made.sorted) std::copy_n(plan->sorted.begin(), made.keys.size(), made.keys.begin());
    for (Group::Aggregate& aggregate : made.aggregates) {
      const std::size_t place = made.keys.size();
      aggregate.sorted = options_.optimize && aggregate.aggregate.distinct && aggregate.arguments.size() == 1 &&
                         (made.keys.empty() || made.sorted) && plan->sorted.size() > place &&
                         plan->sorted[place] == aggregate.arguments.front();
    }
    result.push_back(make_group(std::move(plan), std::move(made)));
  }
  return best_of(std::move(result));
}

}  // namespace akyn::plan
