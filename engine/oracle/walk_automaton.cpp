#include "engine/oracle/walk_automaton.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace akyn::oracle {

WalkAutomaton::WalkAutomaton(const sparql::PathNode& path, runtime::LocalTerms& terms) {
  const Fragment whole = build(path, {}, terms);
  start_ = whole.first;
  accepting_ = whole.last;
}

std::size_t WalkAutomaton::new_state() {
  states_.emplace_back();
  return states_.size() - 1;
}

WalkAutomaton::Fragment WalkAutomaton::atom(Atom atom) {
  const Fragment made{new_state(), new_state()};
  states_[made.first].moves.emplace_back(std::move(atom), made.last);
  return made;
}

WalkAutomaton::Fragment WalkAutomaton::choice(const std::vector<Fragment>& choices) {
  const Fragment made{new_state(), new_state()};
  for (const Fragment& each : choices) {
    connect(made.first, each.first);
    connect(each.last, made.last);
  }
  return made;
}

WalkAutomaton::Fragment WalkAutomaton::repeat(const sparql::PathRepeat& path, Direction direction,
                                              runtime::LocalTerms& terms) {
  Fragment made{new_state(), 0};
  made.last = made.first;
  const auto append = [&] {
    const Fragment once = build(*path.path, direction, terms);
    connect(made.last, once.first);
    made.last = once.last;
  };
  for (std::uint32_t i = 0; i < path.min; ++i) append();
  if (!path.max) {
    const Fragment loop = build(*path.path, direction, terms);
    const std::size_t end = new_state();
    connect(made.last, loop.first);
    connect(made.last, end);
    connect(loop.last, loop.first);
    connect(loop.last, end);
    made.last = end;
    return made;
  }
  std::vector<std::size_t> ends{made.last};
  for (std::uint32_t i = path.min; i < *path.max; ++i) {
    append();
    ends.push_back(made.last);
  }
  const std::size_t end = new_state();
  for (const std::size_t each : ends) connect(each, end);
  made.last = end;
  return made;
}

WalkAutomaton::Fragment WalkAutomaton::build(const sparql::PathNode& path, Direction direction,
                                             runtime::LocalTerms& terms) {
  if (const auto* link = std::get_if<sparql::PathLink>(&path.node)) {
    return atom({direction.inverse, direction.either, false, {}, {terms.id(link->iri)}});
  }
  if (const auto* inverse = std::get_if<sparql::PathInverse>(&path.node)) {
    return build(*inverse->path, {!direction.inverse, direction.either}, terms);
  }
  if (const auto* either = std::get_if<sparql::PathEither>(&path.node)) {
    const Fragment along = build(*either->path, {direction.inverse, true}, terms);
    const Fragment against = build(*either->path, {!direction.inverse, true}, terms);
    return choice({along, against});
  }
  if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) {
    std::vector<sparql::Path> steps = sequence->steps;
    if (direction.inverse) std::reverse(steps.begin(), steps.end());
    Fragment made = build(*steps.front(), direction, terms);
    for (std::size_t i = 1; i < steps.size(); ++i) {
      const Fragment next = build(*steps[i], direction, terms);
      connect(made.last, next.first);
      made.last = next.last;
    }
    return made;
  }
  if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path.node)) {
    std::vector<Fragment> choices;
    for (const sparql::Path& each : alternative->choices) choices.push_back(build(*each, direction, terms));
    return choice(choices);
  }
  if (const auto* repeated = std::get_if<sparql::PathRepeat>(&path.node)) return repeat(*repeated, direction, terms);
  if (const auto* step = std::get_if<sparql::PathStep>(&path.node)) {
    return atom({direction.inverse, direction.either, false, step->number, {}});
  }
  const auto& negated = std::get<sparql::PathNegated>(path.node);
  const auto ids = [&](const std::vector<Term>& iris) {
    std::vector<Id> result;
    for (const Term& iri : iris) result.push_back(terms.id(iri));
    return result;
  };
  std::vector<Fragment> choices;
  if (!negated.forward.empty() || negated.inverse.empty()) {
    choices.push_back(atom({direction.inverse, direction.either, true, {}, ids(negated.forward)}));
  }
  if (!negated.inverse.empty()) {
    choices.push_back(atom({!direction.inverse, direction.either, true, {}, ids(negated.inverse)}));
  }
  return choice(choices);
}

WalkAutomaton::States WalkAutomaton::closure(States states) const {
  std::vector<std::size_t> pending(states.begin(), states.end());
  while (!pending.empty()) {
    const std::size_t state = pending.back();
    pending.pop_back();
    for (const std::size_t next : states_[state].empty) {
      if (states.insert(next).second) pending.push_back(next);
    }
  }
  return states;
}

bool WalkAutomaton::matches(const Atom& atom, const Move& move) {
  const WalkEdge& edge = *move.edge;
  if (edge.step != atom.step) return false;
  const bool is_loop = edge.from == edge.to;
  if (move.inverse != (is_loop && atom.either ? false : atom.inverse)) return false;
  if (atom.step) return true;
  const bool listed =
      std::find(atom.predicates.begin(), atom.predicates.end(), edge.predicate) != atom.predicates.end();
  return listed != atom.negated;
}

WalkAutomaton::States WalkAutomaton::after(const States& states, const Move& move) const {
  States next;
  for (const std::size_t state : states) {
    for (const auto& [atom, to] : states_[state].moves) {
      if (matches(atom, move)) next.insert(to);
    }
  }
  return closure(std::move(next));
}

}  // namespace akyn::oracle
