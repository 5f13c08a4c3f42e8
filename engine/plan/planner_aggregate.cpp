// GROUP BY and aggregates.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <akyn/term.h>
#include "engine/plan/certain.h"
#include "engine/plan/planner.h"
#include "engine/plan/scan_extremes.h"
#include "engine/term/vocabulary.h"

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

bool is_extreme(const Group::Aggregate& aggregate) {
  return aggregate.aggregate.kind == expr::AggregateKind::min || aggregate.aggregate.kind == expr::AggregateKind::max;
}

// Values of the arguments of MIN and MAX among which are the least and the greatest (scan_extremes.h), as rows. Nothing
// where the store does not know enough.
std::optional<Rows> known_extremes(const std::vector<Group::Aggregate>& aggregates, const Scan& scan,
                                   const runtime::LocalTerms& terms, runtime::Budget& budget) {
  std::map<Slot, Ends> asked;
  for (const Group::Aggregate& aggregate : aggregates) {
    Ends& ends = asked[aggregate.arguments.front()];
    (aggregate.aggregate.kind == expr::AggregateKind::min ? ends.least : ends.greatest) = true;
  }
  Rows result;
  std::vector<std::vector<Id>> columns;
  std::size_t most = 0;
  for (const auto& [slot, ends] : asked) {
    const auto position = std::ranges::find(scan.triple, std::optional(slot), &Position::slot);
    if (position == scan.triple.end()) return std::nullopt;
    auto values = scan_extremes(scan, static_cast<std::size_t>(position - scan.triple.begin()), ends,
                                terms.snapshot().version(), budget);
    if (!values) return std::nullopt;
    if (!columns.empty() && values->empty() != columns.front().empty()) return std::nullopt;  // of damaged rows
    most = std::max(most, values->size());
    result.slots.push_back(slot);
    columns.push_back(*std::move(values));
  }
  // One value more than once does not matter here.
  result.rows.resize(most);
  for (const auto& column : columns) {
    for (std::size_t row = 0; row < most; ++row) result.rows[row].push_back(column[std::min(row, column.size() - 1)]);
  }
  return result;
}

// The one solution that aggregates over all matches of a scan have, where the store knows enough; null otherwise.
NodePtr known_aggregates(const Group& group, const Scan& scan, Cardinality& cardinality,
                         const runtime::LocalTerms& terms, runtime::Budget& budget) {
  std::vector<std::pair<Slot, algebra::Expression>> counts;
  Group extremes;
  for (const Group::Aggregate& aggregate : group.aggregates) {
    if (is_extreme(aggregate)) {
      extremes.aggregates.push_back(aggregate);
    } else if (const std::optional<std::uint64_t> count = known_count(aggregate, scan, cardinality)) {
      const Term term = typed_literal(std::to_string(*count), xsd::kInteger);
      counts.emplace_back(aggregate.aggregate.slot, algebra::make_constant({term, {}}));
    } else {
      return nullptr;
    }
  }
  NodePtr plan = make_unit();
  if (!extremes.aggregates.empty()) {
    std::optional<Rows> values = known_extremes(extremes.aggregates, scan, terms, budget);
    if (!values) return nullptr;
    const SlotSet all(values->slots);
    plan = make_group(make_rows(*std::move(values), all), std::move(extremes));
  }
  return counts.empty() ? plan : make_extend(std::move(plan), std::move(counts));
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

  Alternatives plans = node(input, where, {needed, std::nullopt});
  const auto* scan = std::get_if<Scan>(&plans.front()->op);
  if (options_.optimize && scan != nullptr && group.keys.empty() && bindings.empty()) {
    if (NodePtr known = known_aggregates(group, *scan, cardinality_, terms_, budget_)) return {std::move(known)};
  }
  Alternatives result;
  for (NodePtr& plan : plans) {
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
