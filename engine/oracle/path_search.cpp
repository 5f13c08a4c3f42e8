#include "engine/oracle/path_search.h"

#include <algorithm>
#include <queue>

#include <akyn/error.h>
#include "engine/oracle/evaluator.h"

namespace akyn::oracle {

using sparql::PathMode;
using sparql::PathSelector;

PathSearcher::PathSearcher(Evaluator& evaluator, const algebra::PathSearch& search, const runtime::ActiveGraph& graph)
    : evaluator_(evaluator),
      search_(search),
      graph_(graph),
      automaton_(*search.expression, evaluator.terms()),
      by_cost_(search.selector == PathSelector::any_cheapest || search.selector == PathSelector::all_cheapest ||
               search.selector == PathSelector::cheapest),
      writer_(evaluator.terms(), evaluator.budget()) {
  for (const algebra::PathSearch::Inner& inner : search.inner) inner_columns_.push_back({inner.node});
  for (const auto& columns : inner_columns_) inner_.emplace_back(evaluator, graph, columns);
}

void PathSearcher::read_edges() {
  graph_.match({}, evaluator_.terms(), evaluator_.budget(), [&](const runtime::TripleIds& triple) {
    edges_.push_back({triple.subject, triple.predicate, triple.object, std::nullopt});
    graph_nodes_.insert(triple.subject);
    graph_nodes_.insert(triple.object);
    return true;
  });
  nodes_ = graph_nodes_;
  // A walk of no edges leads from a term to itself, be it a node of the graph or not (SPARQL 18.4).
  for (const algebra::PatternTerm& end : {search_.subject, search_.object}) {
    if (std::holds_alternative<algebra::Constant>(end)) nodes_.insert(candidates(end).front());
  }
  for (std::uint32_t number = 0; number < search_.steps.size(); ++number) add_step(number);
  for (const WalkEdge& edge : edges_) {
    moves_[edge.from].push_back({&edge, false});
    moves_[edge.to].push_back({&edge, true});
  }
}

void PathSearcher::add_step(std::uint32_t number) {
  const algebra::PathSearch::Step& step = search_.steps[number];
  const Table table = evaluator_.evaluate(*step.pattern, graph_);
  const auto cell = [&](const algebra::PatternTerm& term, std::size_t row) {
    if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
      return constant->id.is_bound() ? constant->id : evaluator_.terms().id(constant->term);
    }
    const auto column = table.column_of(std::get<algebra::Variable>(term).slot);
    return column ? table.cell(row, *column) : Id();
  };
  const Id label = evaluator_.terms().id(step.label);
  for (std::size_t row = 0; row < table.size(); ++row) {
    const Id from = cell(step.from, row);
    const Id to = cell(step.to, row);
    if (!from.is_bound() || !to.is_bound()) continue;
    Decimal cost(1);
    if (step.cost) {
      const auto column = table.column_of(*step.cost);
      cost = runtime::step_cost(column ? table.cell(row, *column) : Id(), step, evaluator_.terms());
    }
    const auto [known, is_new] = costs_.try_emplace({number, from, to}, cost);
    if (cost < known->second) known->second = cost;
    if (is_new) edges_.push_back({from, label, to, number});
    nodes_.insert(from);
    nodes_.insert(to);
  }
}

bool PathSearcher::is_kept(Id node) {
  const auto [place, is_new] = kept_.try_emplace(node, true);
  if (!is_new) return place->second;
  bool kept = true;
  for (std::size_t i = 0; i < inner_.size() && kept; ++i) {
    kept = inner_[i].all_true(search_.inner[i].conditions, std::vector<Id>{node});
  }
  return kept_[node] = kept;
}

Decimal PathSearcher::weight(const Move& move) const {
  if (!by_cost_ || !move.edge->step) return Decimal(1);
  return costs_.at({*move.edge->step, move.edge->from, move.edge->to});
}

void PathSearcher::read_links() {
  for (const auto& [from, moves] : moves_) {
    for (const Move& move : moves) {
      for (std::size_t state = 0; state < automaton_.size(); ++state) {
        WalkAutomaton::States next = automaton_.after({state}, move);
        if (!next.empty()) links_.push_back({move, state, std::move(next)});
      }
    }
  }
}

PathSearcher::Distances PathSearcher::distances_to(Id end) {
  Distances distances;
  for (bool changed = true; changed;) {
    changed = false;
    for (const Link& link : links_) {
      evaluator_.budget().step();
      std::optional<Decimal> rest;
      if (link.move.to() == end && automaton_.accepts(link.next)) rest = Decimal(0);
      if (is_kept(link.move.to())) {
        for (const std::size_t state : link.next) {
          const auto known = distances.find({link.move.to(), state});
          if (known != distances.end() && (!rest || known->second < *rest)) rest = known->second;
        }
      }
      if (!rest) continue;
      const Decimal whole = *Decimal::add(*rest, weight(link.move));
      const auto [place, is_new] = distances.try_emplace({link.move.from(), link.state}, whole);
      if (is_new || whole < place->second) {
        place->second = whole;
        changed = true;
      }
    }
  }
  return distances;
}

bool PathSearcher::allows(const Walk& walk, const Move& move) const {
  const auto visited = [&](Id node) {
    return std::any_of(walk.moves.begin(), walk.moves.end(), [&](const Move& each) { return each.to() == node; });
  };
  switch (search_.mode) {
    case PathMode::walk:
      return true;
    case PathMode::trail:
      return std::none_of(walk.moves.begin(), walk.moves.end(),
                          [&](const Move& each) { return each.edge == move.edge; });
    case PathMode::acyclic:
      return move.to() != walk.start && !visited(move.to());
    case PathMode::simple:
      // Back at the start it goes no further.
      return !visited(move.to()) && !visited(walk.start);
  }
  return true;
}

bool PathSearcher::select(const Walk& walk, std::vector<Walk>& selected) const {
  const auto groups = [&] {
    std::set<std::size_t> lengths;
    for (const Walk& each : selected) lengths.insert(each.moves.size());
    lengths.insert(walk.moves.size());
    return lengths.size();
  };
  switch (search_.selector) {
    case PathSelector::all:
      break;
    case PathSelector::any:
    case PathSelector::any_shortest:
    case PathSelector::shortest:
    case PathSelector::any_cheapest:
    case PathSelector::cheapest:
      selected.push_back(walk);
      return selected.size() < search_.count;
    case PathSelector::all_shortest:
      if (groups() > 1) return false;
      break;
    case PathSelector::shortest_groups:
      if (groups() > search_.count) return false;
      break;
    case PathSelector::all_cheapest:
      if (!selected.empty() && selected.front().cost < walk.cost) return false;
      if (search_.mode == PathMode::walk &&
          std::any_of(walk.moves.begin(), walk.moves.end(), [&](const Move& move) { return weight(move).is_zero(); })) {
        throw Error(ErrorCode::invalid_argument, "ALL CHEAPEST WALK meets an edge that costs nothing", search_.place);
      }
      break;
  }
  selected.push_back(walk);
  return true;
}

void PathSearcher::between(Id start, Id end, const Distances& distances, Table& result) {
  struct Entry {
    Decimal least;  // of what it can become
    std::size_t length;
    bool finished;
    std::size_t number;
    Walk walk;
  };
  const auto later = [](const Entry& a, const Entry& b) {
    if (const auto order = a.least <=> b.least; order != 0) return order > 0;
    return std::tie(a.length, b.finished, a.number) > std::tie(b.length, a.finished, b.number);
  };
  std::priority_queue<Entry, std::vector<Entry>, decltype(later)> queue(later);
  std::size_t number = 0;
  const auto offer = [&](Walk walk) {
    const std::size_t length = walk.moves.size();
    const bool stranger = walk.moves.empty() && !graph_nodes_.contains(start) &&
                          !std::holds_alternative<algebra::Constant>(search_.subject) &&
                          !std::holds_alternative<algebra::Constant>(search_.object);
    if (walk.end() == end && automaton_.accepts(walk.states) && length >= search_.min_length && !stranger) {
      queue.push({walk.cost, length, true, number++, walk});
    }
    if (search_.max_length && length >= *search_.max_length) return;
    if (length > 0 && !is_kept(walk.end())) return;
    std::optional<Decimal> rest;
    for (const std::size_t state : walk.states) {
      const auto known = distances.find({walk.end(), state});
      if (known != distances.end() && (!rest || known->second < *rest)) rest = known->second;
    }
    if (!rest) return;
    Decimal least = *Decimal::add(walk.cost, *rest);
    queue.push({std::move(least), length, false, number++, std::move(walk)});
  };
  offer({start, {}, automaton_.start(), Decimal(0)});
  std::vector<Walk> selected;
  while (!queue.empty()) {
    evaluator_.budget().step();
    const Entry entry = queue.top();
    queue.pop();
    if (entry.finished) {
      if (!select(entry.walk, selected)) break;
      continue;
    }
    const auto moves = moves_.find(entry.walk.end());
    if (moves == moves_.end()) continue;
    for (const Move& move : moves->second) {
      WalkAutomaton::States next = automaton_.after(entry.walk.states, move);
      if (next.empty() || !allows(entry.walk, move)) continue;
      Walk longer = entry.walk;
      longer.moves.push_back(move);
      longer.states = std::move(next);
      longer.cost = *Decimal::add(longer.cost, weight(move));
      offer(std::move(longer));
    }
  }
  for (const Walk& walk : selected) emit(walk, result);
}

void PathSearcher::emit(const Walk& walk, Table& result) {
  std::vector<Id> row(result.width());
  if (!unify(search_.subject, walk.start, row, result.columns()) ||
      !unify(search_.object, walk.end(), row, result.columns())) {
    return;
  }
  writer_.begin(walk.start);
  for (const Move& move : walk.moves) {
    const WalkEdge& edge = *move.edge;
    writer_.add(edge.predicate, move.inverse, edge.step.has_value(), move.to());
    if (!edge.step) continue;
    const std::string from = writer_.text(edge.from);
    const std::string label = writer_.text(edge.predicate);
    evaluator_.context().step_costs.insert_or_assign(step_text(from, label, writer_.text(edge.to)),
                                                     expr::Value::decimal(costs_.at({*edge.step, edge.from, edge.to})));
  }
  row[*result.column_of(search_.path)] = evaluator_.terms().id(writer_.path());
  result.append(row);
}

std::vector<Id> PathSearcher::candidates(const algebra::PatternTerm& term) {
  if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
    return {constant->id.is_bound() ? constant->id : evaluator_.terms().id(constant->term)};
  }
  return {nodes_.begin(), nodes_.end()};
}

bool PathSearcher::unify(const algebra::PatternTerm& term, Id id, std::vector<Id>& row,
                         const std::vector<algebra::Slot>& columns) {
  if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
    return id == (constant->id.is_bound() ? constant->id : evaluator_.terms().id(constant->term));
  }
  if (const auto* variable = std::get_if<algebra::Variable>(&term)) {
    Id& cell =
        row[static_cast<std::size_t>(std::find(columns.begin(), columns.end(), variable->slot) - columns.begin())];
    if (!cell.is_bound()) cell = id;
    return cell == id;
  }
  if (id.type() != IdType::triple) return false;
  const auto& triple = *std::get<std::shared_ptr<const algebra::TripleTerm>>(term);
  const runtime::TripleIds parts = evaluator_.terms().parts(id);
  return unify(triple.subject, parts.subject, row, columns) && unify(triple.predicate, parts.predicate, row, columns) &&
         unify(triple.object, parts.object, row, columns);
}

Table PathSearcher::evaluate() {
  read_edges();
  read_links();
  const algebra::Node node(search_);
  Table result(algebra::scope_of(node), evaluator_.budget());
  const std::vector<Id> starts = candidates(search_.subject);
  for (const Id end : candidates(search_.object)) {
    std::optional<Distances> distances;
    for (const Id start : starts) {
      // Ends that do not fit are not worth a search.
      std::vector<Id> row(result.width());
      if (!unify(search_.subject, start, row, result.columns()) || !unify(search_.object, end, row, result.columns())) {
        continue;
      }
      if (!distances) distances = distances_to(end);
      between(start, end, *distances, result);
    }
  }
  return result;
}

}  // namespace akyn::oracle
