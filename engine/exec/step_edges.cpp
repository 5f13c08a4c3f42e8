#include "engine/exec/step_edges.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/runtime/path_values.h"

namespace akyn::exec {

namespace {

constexpr std::size_t kEdgeBytes = sizeof(std::tuple<std::uint32_t, Id, Id>) + sizeof(Decimal) + 32;

// The pattern, of whose solutions those are wanted in which `slot` is one of the nodes.
algebra::NodePtr restricted(const algebra::NodePtr& pattern, Slot slot, std::span<const Id> nodes) {
  // Below the COST, where it narrows what is matched.
  if (const auto* extend = std::get_if<algebra::Extend>(&pattern->op); extend != nullptr && extend->slot != slot) {
    return algebra::make_node(*extend, {restricted(pattern->inputs.front(), slot, nodes)});
  }
  algebra::Values values;
  values.slots = {slot};
  for (const Id node : nodes) values.rows.push_back({algebra::Constant{Term(), node}});
  return algebra::make_node(algebra::Join{}, {algebra::make_node(std::move(values)), pattern});
}

}  // namespace

StepEdges::StepEdges(Run& run, std::vector<algebra::PathSearch::Step> steps, Plan plan)
    : run_(run), steps_(std::move(steps)), spent_(steps_.size()), plan_(std::move(plan)), charge_(run.budget()) {
  for (const algebra::PathSearch::Step& step : steps_) labels_.push_back(run.terms().id(step.label));
}

std::vector<Slot> StepEdges::needed(const algebra::PathSearch::Step& step) const {
  std::vector<Slot> slots;
  for (const algebra::PatternTerm* end : {&step.from, &step.to}) {
    if (const auto* variable = std::get_if<algebra::Variable>(end)) slots.push_back(variable->slot);
  }
  if (step.cost) slots.push_back(*step.cost);
  return slots;
}

void StepEdges::list_all(std::uint32_t step, std::vector<path::VirtualEdge>& out) {
  read(step, *steps_[step].pattern, out);
}

bool StepEdges::list(std::uint32_t number, std::span<const Id> nodes, bool inverse,
                     std::vector<path::VirtualEdge>& out) {
  const algebra::PathSearch::Step& step = steps_[number];
  Spent& spent = spent_[number];
  const auto* end = std::get_if<algebra::Variable>(inverse ? &step.to : &step.from);
  if (spent.all < 0) spent.all = plan_(*step.pattern, needed(step), nullptr);
  if (end != nullptr) {
    const algebra::NodePtr some = restricted(step.pattern, end->slot, nodes);
    const double cost = plan_(*some, needed(step), nullptr);
    spent.some += cost;
    if (spent.some < spent.all) {
      read(number, *some, out);
      return false;
    }
  }
  list_all(number, out);
  return true;
}

void StepEdges::read(std::uint32_t number, const algebra::Node& pattern, std::vector<path::VirtualEdge>& out) {
  const algebra::PathSearch::Step& step = steps_[number];
  OperatorPtr rows;
  plan_(pattern, needed(step), &rows);
  const auto source = [&](const algebra::PatternTerm& term) -> std::pair<Id, std::optional<std::size_t>> {
    if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
      return {constant->id.is_bound() ? constant->id : run_.terms().id(constant->term), std::nullopt};
    }
    return {Id(), rows->column_of(std::get<algebra::Variable>(term).slot)};
  };
  const auto from_source = source(step.from);
  const auto to_source = source(step.to);
  const auto cost_column = step.cost ? rows->column_of(*step.cost) : std::nullopt;
  Batch batch;
  while (rows->next(batch)) {
    const auto cell = [&](const std::pair<Id, std::optional<std::size_t>>& of, std::size_t row) {
      return of.second ? Id::from_bits(batch.column(*of.second)[row]) : of.first;
    };
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      path::VirtualEdge edge{cell(from_source, row), cell(to_source, row), Decimal(1)};
      if (!edge.from.is_bound() || !edge.to.is_bound()) continue;
      if (step.cost) {
        const Id cost = cost_column ? Id::from_bits(batch.column(*cost_column)[row]) : Id();
        edge.cost = runtime::step_cost(cost, step, run_.terms());
      }
      const auto [known, is_new] = costs_.try_emplace({number, edge.from, edge.to}, edge.cost);
      if (is_new) charge_.add(kEdgeBytes);
      if (edge.cost < known->second) known->second = edge.cost;
      // Again only when it is cheaper than was said before.
      if (is_new || edge.cost == known->second) out.push_back(std::move(edge));
    }
  }
}

const Decimal& StepEdges::cost(Id label, Id from, Id to) const {
  const auto number = static_cast<std::uint32_t>(std::find(labels_.begin(), labels_.end(), label) - labels_.begin());
  return costs_.at({number, from, to});
}

}  // namespace akyn::exec
