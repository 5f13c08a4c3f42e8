#include "engine/path/exhaustive_search.h"

#include <algorithm>
#include <utility>

namespace akyn::path {

namespace {

// Distances beyond half the greatest length are found as long as they are no more than these: the first half of a walk
// has to be tried anyway, and the second is what they are for.
constexpr std::size_t kMaxDistances = std::size_t{1} << 22;

WalkWish whether(std::optional<std::uint64_t> max_length) {
  return {.max_length = max_length, .steps = false, .only_whether = true};
}

}  // namespace

ExhaustiveSearch::ExhaustiveSearch(WalkGraph& graph, const WalkPlan& forward, const WalkPlan& back, WalkMode mode,
                                   WalkWish wish, runtime::Budget& budget)
    : graph_(graph),
      plan_(forward),
      back_(back),
      mode_(mode),
      wish_(wish),
      reach_wish_(whether(wish.max_length)),
      budget_(budget),
      reached_(graph, forward, reach_wish_, budget),
      distances_(graph, back, budget),
      charge_(budget) {}

void ExhaustiveSearch::begin(Node from, std::optional<Node> to) {
  from_ = from;
  to_ = to;
  begun_ = false;
  while (!frames_.empty()) pop();
  find_distances();
}

void ExhaustiveSearch::find_distances() {
  distances_.clear();
  bounded_ = to_ || !plan_.automaton.accepts_all_begun();
  if (!bounded_) return;
  if (to_) {
    for (const WalkAutomaton::State state : back_.automaton.starts()) distances_.add_end(*to_, state);
  } else {
    // Where walks from here come to an end at all.
    reached_.start(from_);
    do {
      for (std::uint32_t i = reached_.first_entry(); i < reached_.end_entry(); ++i) {
        const Layers::Entry& entry = reached_.entry(i);
        if (plan_.automaton.accepts(entry.state)) distances_.add_end(entry.node, entry.state);
      }
    } while (reached_.length() != wish_.max_length && reached_.advance());
  }
  while (!distances_.complete()) {
    const std::uint64_t radius = distances_.radius();
    if (wish_.max_length && radius >= *wish_.max_length) break;
    const bool needed = wish_.max_length && radius * 2 <= *wish_.max_length;
    if (!needed && distances_.size() > kMaxDistances) break;
    distances_.extend();
  }
}

bool ExhaustiveSearch::next(FoundWalk& found) {
  if (!begun_) {
    begun_ = true;
    if (plan_.automaton.starts().empty()) return false;
    const WalkAutomaton::State start = plan_.automaton.starts().front();
    if (!leads_to_end(from_, start)) return false;
    frames_.push_back({from_, start, {}, 0, 0});
    count_visit(from_);
    if (matches() && (!wish_.graph_nodes_only || graph_.contains(from_))) {
      give(found);
      return true;
    }
  }
  while (!frames_.empty()) {
    if (!push_next()) {
      pop();
      continue;
    }
    if (!matches()) continue;
    give(found);
    return true;
  }
  return false;
}

bool ExhaustiveSearch::may_go_on() {
  const std::size_t length = frames_.size() - 1;
  const Node node = frames_.back().node;
  if (wish_.max_length && length >= *wish_.max_length) return false;
  if (length == 0) return mode_ != WalkMode::acyclic || from_ != to_;
  if (!graph_.keeps(node)) return false;
  // What cannot be met again: the end, and the start of a simple walk that has come back.
  if (mode_ == WalkMode::simple && node == from_) return false;
  return (mode_ != WalkMode::simple && mode_ != WalkMode::acyclic) || node != to_;
}

bool ExhaustiveSearch::push_next() {
  if (!may_go_on()) return false;
  Frame& frame = frames_.back();
  const auto transitions = plan_.automaton.from(frame.state);
  for (; frame.transition < transitions.size(); ++frame.transition, frame.edge = 0) {
    const WalkAutomaton::Transition& transition = transitions[frame.transition];
    const WalkGraph::LabelNumber label = plan_.labels[transition.label];
    if (frame.edge == 0) graph_.load(label, {&frame.node, 1});
    const WalkGraph::Edges edges = graph_.edges(label, frame.node);
    while (frame.edge < edges.size()) {
      budget_.step();
      const std::size_t edge = frame.edge++;
      const Node target = edges.targets[edge];
      if (transition.loops != Loops::with && (transition.loops == Loops::only) != (target == frame.node)) continue;
      const EdgeName name = edges.name(edge, transition.inverse);
      if (!may_follow(frame.node, target, name, transition.to)) continue;
      count_visit(target);
      frames_.push_back({target, transition.to, name, 0, 0});
      return true;
    }
  }
  return false;
}

bool ExhaustiveSearch::may_follow(Node node, Node target, EdgeName name, WalkAutomaton::State state) const {
  if (target < visits_.size() && visits_[target] != 0) {
    if (mode_ == WalkMode::acyclic) return false;
    if (mode_ == WalkMode::trail && uses_edge(node, name, target)) return false;
    // Back at the start, a simple walk is at its end.
    if (mode_ == WalkMode::simple && (target != from_ || (to_ && *to_ != from_) || !plan_.automaton.accepts(state))) {
      return false;
    }
  }
  return leads_to_end(target, state);
}

// Of a node that the next edge leads to; or of the first, while there is none.
bool ExhaustiveSearch::leads_to_end(Node node, WalkAutomaton::State state) const {
  if (!bounded_) return true;
  const auto distance = distances_.bound(node, state);
  if (!distance.reachable) return false;
  return !wish_.max_length || frames_.size() + distance.value <= *wish_.max_length;
}

bool ExhaustiveSearch::uses_edge(Node from, EdgeName name, Node to) const {
  if (name.inverse()) std::swap(from, to);
  for (std::size_t i = 1; i < frames_.size(); ++i) {
    if (!frames_[i].name.same_but_for_direction(name)) continue;
    Node step_from = frames_[i - 1].node;
    Node step_to = frames_[i].node;
    if (frames_[i].name.inverse()) std::swap(step_from, step_to);
    if (step_from == from && step_to == to) return true;
  }
  return false;
}

bool ExhaustiveSearch::matches() const {
  return plan_.automaton.accepts(frames_.back().state) && (!to_ || frames_.back().node == *to_);
}

void ExhaustiveSearch::count_visit(Node node) {
  if (node >= visits_.size()) {
    visits_.resize(graph_.nodes());
    charge_.set(visits_.capacity() * sizeof(std::uint32_t) + frames_.capacity() * sizeof(Frame));
  }
  ++visits_[node];
}

void ExhaustiveSearch::pop() {
  --visits_[frames_.back().node];
  frames_.pop_back();
}

void ExhaustiveSearch::give(FoundWalk& found) const {
  found.from = from_;
  found.to = frames_.back().node;
  found.length = frames_.size() - 1;
  found.steps.clear();
  if (!wish_.steps) return;
  for (std::size_t i = 1; i < frames_.size(); ++i) found.steps.push_back({frames_[i].name, frames_[i].node});
}

}  // namespace akyn::path
