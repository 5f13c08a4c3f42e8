// Groups: triples, paths, VALUES and whatever else is joined, with their filters.
#include <algorithm>
#include <array>
#include <utility>

#include "engine/plan/certain.h"
#include "engine/plan/cycles.h"
#include "engine/plan/planner.h"
#include "engine/plan/planner_flat.h"
#include "engine/storage/keys.h"

namespace akyn::plan {

namespace {

// Of a path that nobody has looked at.
constexpr path::Estimate kUnknownPath{300, 300, 3, 3};
constexpr double kPathSearch = 3'000;  // from one node or to it
constexpr double kPathStep = 200;      // a node that is found
constexpr double kServiceCost = 1e8;
constexpr double kServiceSolutions = 1000;

const algebra::ExistsOperator* plain_exists(const algebra::ExpressionNode& condition) {
  const auto* exists = std::get_if<algebra::ExistsOperator>(&condition.op);
  if (exists != nullptr) return is_plain_exists(*exists->pattern) ? exists : nullptr;
  return nullptr;
}

bool pulls_up(const algebra::Filter& filter, const algebra::Node& input) {
  const SlotSet certain = certain_of(input);
  return std::all_of(filter.conditions.begin(), filter.conditions.end(), [&](const algebra::Expression& condition) {
    const Mentions mentions = mentions_of(*condition);
    return !mentions.has_exists && mentions.slots.within(certain);
  });
}

// A filter's conditions, moved towards what they are about: into the inputs of UNION, the left side of OPTIONAL and
// MINUS, below BIND and GRAPH.
algebra::NodePtr sunk(const algebra::NodePtr& node, std::vector<algebra::Expression>& conditions) {
  const auto split = [&](auto goes_down) {
    std::vector<algebra::Expression> down;
    std::erase_if(conditions, [&](const algebra::Expression& condition) {
      const Mentions mentions = mentions_of(*condition);
      if (mentions.has_exists || !goes_down(mentions.slots)) return false;
      down.push_back(condition);
      return true;
    });
    return down;
  };
  const auto with_first = [&](std::vector<algebra::Expression> down) {
    std::vector<algebra::NodePtr> inputs = node->inputs;
    inputs[0] = algebra::make_node(algebra::Filter{std::move(down)}, {inputs[0]});
    return algebra::make_node(node->op, std::move(inputs));
  };
  if (std::holds_alternative<algebra::Union>(node->op)) {
    const auto down = split([](const SlotSet&) { return true; });
    if (down.empty()) return node;
    std::vector<algebra::NodePtr> inputs;
    for (const algebra::NodePtr& input : node->inputs) {
      inputs.push_back(algebra::make_node(algebra::Filter{down}, {input}));
    }
    return algebra::make_node(algebra::Union{}, std::move(inputs));
  }
  if (std::holds_alternative<algebra::LeftJoin>(node->op) || std::holds_alternative<algebra::Minus>(node->op)) {
    const SlotSet certain = certain_of(*node->inputs[0]);
    auto down = split([&](const SlotSet& slots) { return slots.within(certain); });
    return down.empty() ? node : with_first(std::move(down));
  }
  if (const auto* extend = std::get_if<algebra::Extend>(&node->op)) {
    auto down = split([&](const SlotSet& slots) { return !slots.has(extend->slot); });
    return down.empty() ? node : with_first(std::move(down));
  }
  if (const auto* graph = std::get_if<algebra::Graph>(&node->op)) {
    const auto* variable = std::get_if<algebra::Variable>(&graph->name);
    auto down = split([&](const SlotSet& slots) { return variable == nullptr || !slots.has(variable->slot); });
    return down.empty() ? node : with_first(std::move(down));
  }
  return node;
}

}  // namespace

Position Planner::position(const algebra::PatternTerm& term, Flat& flat) {
  if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
    Position position{id_of(*constant), std::nullopt};
    // A term that the store does not hold is in no triple.
    if (!position.id.is_bound() || position.id.is_local()) flat.nothing = true;
    return position;
  }
  if (const auto* variable = std::get_if<algebra::Variable>(&term)) return {Id(), variable->slot};
  const algebra::TripleTerm& triple = *std::get<std::shared_ptr<const algebra::TripleTerm>>(term);
  TripleParts parts;
  parts.parts = {position(triple.subject, flat), position(triple.predicate, flat), position(triple.object, flat)};
  if (std::all_of(parts.parts.begin(), parts.parts.end(), [](const Position& each) { return each.is_constant(); })) {
    const auto id = terms_.triple_id({parts.parts[0].id, parts.parts[1].id, parts.parts[2].id});
    if (!id || id->is_local()) flat.nothing = true;
    return {id.value_or(Id()), std::nullopt};
  }
  parts.term = fresh();
  JoinPart part;
  part.slots.add(parts.term);
  for (const Position& each : parts.parts) {
    if (each.slot) part.slots.add(*each.slot);
  }
  part.certain = part.slots;
  part.extend = [parts](const NodePtr& input, const SlotSet& needed) -> NodePtr {
    TripleParts op = parts;
    op.term_is_bound = input->is_certain(parts.term);
    const bool parts_are_bound = std::all_of(parts.parts.begin(), parts.parts.end(), [&](const Position& each) {
      return !each.slot || input->is_certain(*each.slot);
    });
    if (!op.term_is_bound && !parts_are_bound) return nullptr;
    return make_triple_parts(op, input, needed);
  };
  flat.parts.push_back(std::move(part));
  return {Id(), parts.term};
}

void Planner::add_triple(const algebra::Triple& triple, const Where& where, Flat& flat) {
  Scan scan;
  scan.triple = {position(triple.subject, flat), position(triple.predicate, flat), position(triple.object, flat)};
  scan.graph = where.graph;
  scan.graph_name = where.name;
  scan.names = where.names;
  // A pattern joined with itself is itself.
  const auto same = [&](const JoinPart& part) { return part.scan && part.scan->triple == scan.triple; };
  if (std::any_of(flat.parts.begin(), flat.parts.end(), same)) return;
  flat.parts.push_back(scan_part(std::move(scan)));
}

JoinPart Planner::scan_part(Scan scan) {
  JoinPart part;
  for (const Position& position : scan.triple) {
    if (position.slot) part.slots.add(*position.slot);
  }
  if (scan.graph_name) part.slots.add(*scan.graph_name);
  part.certain = part.slots;
  part.scan = scan;
  part.make = [this, scan](const SlotSet& needed) { return scans(scan, {}, needed); };
  return part;
}

Alternatives Planner::scans(const Scan& scan, const std::vector<Narrowing>& narrowings, const SlotSet& needed) {
  Alternatives plans;
  for (const storage::Permutation order : storage::kTripleOrders) {
    const auto columns = storage::columns_of(order);
    std::size_t constants = 0;
    for (std::size_t i = 0; i < 3; ++i) constants += scan.triple[columns[i]].is_constant() ? 1 : 0;
    bool leads = true;
    for (std::size_t i = 0; i < constants; ++i) leads = leads && scan.triple[columns[i]].is_constant();
    if (!leads) continue;
    Scan ordered = scan;
    ordered.order = order;
    std::vector<algebra::Expression> conditions;
    SlotSet kept = needed;
    for (const Narrowing& narrowing : narrowings) {
      const bool scanned = constants < 3 && scan.triple[columns[constants]].slot == narrowing.slot;
      if (scanned) ordered.ranges = narrowing.ids.ranges;
      if (scanned && narrowing.ids.exact) continue;
      conditions.insert(conditions.end(), narrowing.conditions.begin(), narrowing.conditions.end());
      if (!narrowing.conditions.empty()) kept.add(narrowing.slot);
    }
    NodePtr plan = make_scan(std::move(ordered), kept, cardinality_);
    if (!conditions.empty()) plan = make_filter(std::move(plan), std::move(conditions), needed);
    plans.push_back(std::move(plan));
  }
  // One for each variable that rows can be sorted by, the one with the longer sorting first.
  std::stable_sort(plans.begin(), plans.end(),
                   [](const NodePtr& a, const NodePtr& b) { return a->sorted.size() > b->sorted.size(); });
  return options_.optimize ? best_of(std::move(plans)) : Alternatives{plans.front()};
}

void Planner::narrow_scans(Flat& flat) {
  const auto is_scan_of = [](const JoinPart& part, Slot slot) {
    if (!part.scan) return false;
    const auto& triple = part.scan->triple;
    return std::any_of(triple.begin(), triple.end(), [&](const Position& position) { return position.slot == slot; });
  };
  std::vector<std::vector<Narrowing>> narrowings(flat.parts.size());
  std::vector<algebra::Expression> rest;
  while (!flat.conditions.empty()) {
    const Mentions mentions = mentions_of(*flat.conditions.front());
    const std::vector<Slot> slots = mentions.slots.slots();
    std::vector<std::size_t> parts;
    for (std::size_t i = 0; i < flat.parts.size() && slots.size() == 1 && !mentions.has_exists; ++i) {
      if (is_scan_of(flat.parts[i], slots.front())) parts.push_back(i);
    }
    if (parts.empty()) {
      rest.push_back(std::move(flat.conditions.front()));
      flat.conditions.erase(flat.conditions.begin());
      continue;
    }
    // All conditions on this variable together.
    Narrowing narrowing;
    narrowing.slot = slots.front();
    std::erase_if(flat.conditions, [&](const algebra::Expression& condition) {
      const Mentions other = mentions_of(*condition);
      if (other.has_exists || other.slots.slots() != slots) return false;
      narrowing.conditions.push_back(condition);
      return true;
    });
    narrowing.ids = id_ranges(narrowing.conditions, narrowing.slot, terms_, functions_);
    // The smallest pattern looks at them; the others may read less.
    const auto smallest = std::min_element(parts.begin(), parts.end(), [&](std::size_t a, std::size_t b) {
      return cardinality_.rows(*flat.parts[a].scan).rows < cardinality_.rows(*flat.parts[b].scan).rows;
    });
    flat.parts[*smallest].own.insert(flat.parts[*smallest].own.end(), narrowing.conditions.begin(),
                                     narrowing.conditions.end());
    for (const std::size_t part : parts) {
      narrowings[part].push_back(narrowing);
      if (part != *smallest) narrowings[part].back().conditions.clear();
    }
  }
  flat.conditions = std::move(rest);
  for (std::size_t i = 0; i < flat.parts.size(); ++i) {
    if (narrowings[i].empty()) continue;
    flat.parts[i].make = [this, scan = *flat.parts[i].scan, narrowed = narrowings[i]](const SlotSet& needed) {
      return scans(scan, narrowed, needed);
    };
  }
}

// One solution for every triple whose predicate is not in the set: a triple pattern with a filter.
void Planner::add_negated_set(const algebra::PathPattern& path, const sparql::PathNegated& set, const Where& where,
                              Flat& flat) {
  const bool inverse = !set.inverse.empty();
  const Slot predicate = fresh();
  algebra::Triple triple{path.subject, algebra::Variable{predicate}, path.object};
  if (inverse) std::swap(triple.subject, triple.object);
  add_triple(triple, where, flat);
  std::vector<algebra::Expression> arguments{algebra::make_expression(algebra::VariableOperator{predicate})};
  for (const Term& iri : inverse ? set.inverse : set.forward) {
    arguments.push_back(algebra::make_constant(algebra::Constant{iri, Id()}));
  }
  flat.conditions.push_back(algebra::make_expression(algebra::InOperator{true}, std::move(arguments)));
}

void Planner::add_path(const algebra::PathPattern& path, const Where& where, Flat& flat) {
  if (const auto* set = std::get_if<sparql::PathNegated>(&path.path->node)) {
    return add_negated_set(path, *set, where, flat);
  }
  Flat ends;
  const Position subject = position(path.subject, ends);
  const Position object = position(path.object, ends);
  for (JoinPart& part : ends.parts) flat.parts.push_back(std::move(part));
  // Ends that are triple terms with variables are fresh variables now.
  Path op{path, where.graph};
  const auto end_of = [&](const algebra::PatternTerm& term, const Position& position) -> algebra::PatternTerm {
    if (position.slot) return algebra::Variable{*position.slot};
    if (std::holds_alternative<algebra::Constant>(term)) return term;
    return algebra::Constant{terms_.term(position.id), position.id};
  };
  op.pattern.subject = end_of(path.subject, subject);
  op.pattern.object = end_of(path.object, object);
  const auto estimate = std::make_shared<path::Estimate>(kUnknownPath);
  flat.paths.push_back({op, estimate});
  JoinPart part;
  if (subject.slot) part.slots.add(*subject.slot);
  if (object.slot) part.slots.add(*object.slot);
  part.certain = part.slots;
  part.make = [op, subject, object, estimate](const SlotSet& needed) {
    const bool from_one = subject.is_constant() || object.is_constant();
    const double solutions = estimate->rows(subject.is_constant(), object.is_constant());
    const double searches = from_one ? 1 : std::min(estimate->subjects, estimate->objects);
    const double cost = searches * kPathSearch + std::max(searches, solutions) * kPathStep;
    return Alternatives{make_path(op, nullptr, needed, solutions, cost)};
  };
  part.extend = [op, subject, object, estimate](const NodePtr& input, const SlotSet& needed) -> NodePtr {
    const auto bound = [&](const Position& end) { return end.slot && input->is_certain(*end.slot); };
    const auto open = [&](const Position& end) {
      return end.slot && input->has(*end.slot) && !input->is_certain(*end.slot);
    };
    if ((!bound(subject) && !bound(object)) || open(subject) || open(object)) return nullptr;
    const bool from = subject.is_constant() || bound(subject);
    const bool to = object.is_constant() || bound(object);
    const double found = from && to ? std::min(estimate->per_subject, estimate->per_object)
                         : from     ? estimate->per_subject
                                    : estimate->per_object;
    return make_path(op, input, needed, input->solutions * estimate->rows(from, to),
                     input->rows * (kPathSearch + found * kPathStep));
  };
  flat.parts.push_back(std::move(part));
}

void Planner::flatten(const algebra::Node& pattern, const Where& where, Flat& flat) {
  const auto other = [&](const algebra::NodePtr& node) {
    JoinPart part;
    part.slots = SlotSet(algebra::scope_of(*node));
    part.certain = certain_of(*node);
    if (where.name) {
      part.slots.add(*where.name);
      part.certain.add(*where.name);
    }
    part.make = [this, node, where](const SlotSet& needed) { return this->node(*node, where, {needed, std::nullopt}); };
    flat.parts.push_back(std::move(part));
  };
  if (const auto* graph = std::get_if<algebra::BasicGraph>(&pattern.op)) {
    for (const algebra::Triple& triple : graph->triples) add_triple(triple, where, flat);
  } else if (const auto* path = std::get_if<algebra::PathPattern>(&pattern.op)) {
    add_path(*path, where, flat);
  } else if (const auto* search = std::get_if<algebra::PathSearch>(&pattern.op)) {
    add_path_search(*search, where, flat);
  } else if (const auto* values = std::get_if<algebra::Values>(&pattern.op)) {
    Rows rows;
    rows.slots = values->slots;
    for (const auto& cells : values->rows) {
      std::vector<Id>& row = rows.rows.emplace_back();
      for (const auto& cell : cells) row.push_back(cell ? id_of(*cell) : Id());
    }
    JoinPart part;
    part.slots = SlotSet(values->slots);
    part.certain = certain_of(pattern);
    part.make = [rows](const SlotSet& needed) { return Alternatives{make_rows(rows, needed)}; };
    flat.parts.push_back(std::move(part));
  } else if (std::holds_alternative<algebra::Service>(pattern.op)) {
    flat.services.push_back(&pattern);
  } else if (std::holds_alternative<algebra::Join>(pattern.op)) {
    for (const algebra::NodePtr& input : pattern.inputs) {
      const auto* filter = std::get_if<algebra::Filter>(&input->op);
      const bool is_leaf = input->inputs.empty() || std::holds_alternative<algebra::Service>(input->op);
      if (is_leaf || std::holds_alternative<algebra::Join>(input->op)) {
        flatten(*input, where, flat);
      } else if (filter != nullptr && options_.optimize && pulls_up(*filter, *input->inputs.front())) {
        flat.conditions.insert(flat.conditions.end(), filter->conditions.begin(), filter->conditions.end());
        const algebra::NodePtr& inner = input->inputs.front();
        const bool inner_leaf = inner->inputs.empty();
        if (inner_leaf || std::holds_alternative<algebra::Join>(inner->op)) {
          flatten(*inner, where, flat);
        } else {
          other(inner);
        }
      } else {
        other(input);
      }
    }
  } else {
    // The input of a Filter that is no group itself.
    other(std::make_shared<const algebra::Node>(pattern));
  }
}

Alternatives Planner::in_sequence(Flat& flat, const SlotSet& needed) {
  SlotSet all = needed;
  for (const JoinPart& part : flat.parts) all.add(part.slots);
  for (const algebra::Expression& condition : flat.conditions) all.add(mentions_of(*condition).slots);
  all.add(flat.scope);
  NodePtr plan;
  std::vector<JoinPart> waiting = std::move(flat.parts);
  while (!waiting.empty()) {
    bool any = false;
    for (auto part = waiting.begin(); part != waiting.end() && !any; ++part) {
      NodePtr next;
      if (part->make || !part->alternatives.empty()) {
        const NodePtr source = part->make ? part->make(all).front() : part->alternatives.front();
        next = plan == nullptr ? source : make_conditional_join(JoinKind::inner, plan, source, {}, false, all);
      } else if (plan != nullptr) {
        next = part->extend(plan, all);
      }
      if (next == nullptr) continue;
      plan = std::move(next);
      waiting.erase(part);
      any = true;
      break;
    }
    if (!any) break;
  }
  if (!flat.conditions.empty()) plan = make_filter(std::move(plan), flat.conditions, all);
  return {plan};
}

Alternatives Planner::group(const algebra::Node& pattern, const Where& where, const SlotSet& needed,
                            std::optional<JoinPart> more) {
  Flat flat;
  flat.scope = SlotSet(algebra::scope_of(pattern));
  // Filters of the group itself, then what they are about.
  const algebra::Node* inner = &pattern;
  algebra::NodePtr rewritten;
  while (const auto* filter = std::get_if<algebra::Filter>(&inner->op)) {
    flat.conditions.insert(flat.conditions.end(), filter->conditions.begin(), filter->conditions.end());
    rewritten = inner->inputs.front();
    inner = rewritten.get();
  }
  if (options_.optimize && rewritten != nullptr) {
    rewritten = sunk(rewritten, flat.conditions);
    inner = rewritten.get();
  }
  flatten(*inner, where, flat);
  if (more) flat.parts.push_back(*std::move(more));
  if (options_.optimize && flat.parts.size() > 1) {
    for (const PathEnds& each : flat.paths) {
      path::Graph graph(each.op.graph, terms_, budget_);
      *each.estimate = path::estimate(graph, path::Automaton(*each.op.pattern.path, terms_), budget_);
    }
  }

  // EXISTS that are joins, beside the rest of the group.
  std::vector<Beside> besides;
  SlotSet asked = needed;
  if (options_.optimize) {
    std::erase_if(flat.conditions, [&](const algebra::Expression& condition) {
      const algebra::ExistsOperator* exists = plain_exists(*condition);
      if (exists == nullptr) return false;
      besides.push_back({exists->negated ? JoinKind::anti : JoinKind::semi, exists->pattern.get(), {}, false});
      asked.add(SlotSet(algebra::scope_of(*exists->pattern)));
      return true;
    });
  }
  SlotSet by_services;
  for (const algebra::Node* service : flat.services) by_services.add(SlotSet(algebra::scope_of(*service)));
  asked.add(by_services);
  if (where.name) asked.add(*where.name);
  // Conditions on what services bind. All others come before, for they also say what services are asked, and which.
  std::vector<algebra::Expression> late;
  if (!flat.services.empty()) {
    SlotSet certain;
    for (const JoinPart& part : flat.parts) certain.add(part.certain);
    std::erase_if(flat.conditions, [&](const algebra::Expression& condition) {
      const Mentions mentions = mentions_of(*condition);
      const auto is_settled = [&](Slot slot) { return certain.has(slot) || !by_services.has(slot); };
      const std::vector<Slot> slots = mentions.slots.slots();
      if (!mentions.has_exists && std::all_of(slots.begin(), slots.end(), is_settled)) return false;
      late.push_back(condition);
      return true;
    });
  }
  for (const algebra::Expression& condition : late) asked.add(mentions_of(*condition).slots);

  Alternatives plans;
  if (flat.nothing) {
    std::vector<Slot> columns;
    for (const Slot slot : flat.scope.slots()) {
      if (needed.has(slot)) columns.push_back(slot);
    }
    return {make_empty(std::move(columns))};
  }
  if (flat.parts.empty()) {
    plans = {make_unit()};
    if (!flat.conditions.empty()) plans = {make_filter(plans.front(), flat.conditions, asked)};
  } else if (!options_.optimize) {
    plans = in_sequence(flat, asked);
  } else {
    narrow_scans(flat);
    JoinProblem problem;
    problem.parts = std::move(flat.parts);
    problem.needed = asked;
    for (const algebra::Expression& condition : flat.conditions) {
      const Mentions mentions = mentions_of(*condition);
      JoinCondition due{condition, {}};
      // Of the variables in an EXISTS those that the group has; all of them, where a MINUS may ask for any.
      for (const Slot slot : mentions.slots.slots()) {
        if (!mentions.has_exists || flat.scope.has(slot)) due.slots.add(slot);
      }
      if (mentions.has_exists) due.slots = flat.scope;
      problem.conditions.push_back(std::move(due));
    }
    std::optional<JoinProblem> at_once = with_cycle_at_once(problem, budget_.available() / 4);
    if (!at_once || !options_.cycles_at_once) plans = order_joins(std::move(problem));
    if (at_once) {
      Alternatives others = order_joins(*std::move(at_once));
      plans.insert(plans.end(), others.begin(), others.end());
      plans = best_of(std::move(plans));
    }
  }
  for (const algebra::Node* service_pattern : flat.services) plans = service(*service_pattern, std::move(plans), asked);
  if (!late.empty()) {
    for (NodePtr& plan : plans) plan = make_filter(std::move(plan), late, asked);
  }
  for (const Beside& each : besides) plans = beside(plans, each, where, asked);
  return plans;
}

Alternatives Planner::service(const algebra::Node& pattern, Alternatives known, const SlotSet& needed) {
  const auto& op = std::get<algebra::Service>(pattern.op);
  std::vector<Slot> columns;
  for (const Slot slot : algebra::scope_of(pattern)) {
    if (variables_.is_named(slot)) columns.push_back(slot);
  }
  NodePtr plan = std::move(known.front());
  const std::uint32_t number = next_kept_++;
  const NodePtr rows = make_kept_rows(number, plan);
  const NodePtr answer =
      make_opaque(Service{op, pattern.inputs.front()}, {rows}, columns, {}, kServiceSolutions, kServiceCost);
  return {make_keep(number, plan, make_conditional_join(JoinKind::inner, rows, answer, {}, false, needed))};
}

}  // namespace akyn::plan
