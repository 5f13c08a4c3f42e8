#include "engine/path/restricted_search.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace akyn::path {

namespace {

// Pairs that may be settled backwards for each partial walk that has gone on forwards.
constexpr std::size_t kBackwardPairs = 64;

}  // namespace

template <class Metric>
RestrictedSearch<Metric>::RestrictedSearch(WalkGraph& graph, const WalkPlan& forward, const WalkPlan& back,
                                           WalkMode mode, WalkWish wish, runtime::Budget& budget)
    : graph_(graph),
      plan_(forward),
      back_(back),
      mode_(mode),
      wish_(wish),
      budget_(budget),
      distances_(graph, back, budget),
      charge_(budget) {}

template <class Metric>
void RestrictedSearch<Metric>::begin(Node from, std::optional<Node> to) {
  from_ = from;
  to_ = *to;
  given_ = 0;
  done_ = false;
  partials_.clear();
  free_.clear();
  queue_.clear();
  expanded_ = 0;
  distances_.clear();
  for (const WalkAutomaton::State state : back_.automaton.starts()) distances_.add_end(to_, state);
  for (const WalkAutomaton::State state : plan_.automaton.starts()) {
    wait(make({from, state, kNone, {}, 1, 0, Value{}}));
  }
}

template <class Metric>
std::uint32_t RestrictedSearch<Metric>::make(Partial partial) {
  if (partial.before != kNone) ++partials_[partial.before].uses;
  if (!free_.empty()) {
    const std::uint32_t place = free_.back();
    free_.pop_back();
    partials_[place] = std::move(partial);
    return place;
  }
  if (partials_.size() == kNone) throw Error(ErrorCode::limit, "a path search comes to more than 2^32 partial paths");
  partials_.push_back(std::move(partial));
  return static_cast<std::uint32_t>(partials_.size() - 1);
}

template <class Metric>
void RestrictedSearch<Metric>::release(std::uint32_t partial) {
  while (partial != kNone && --partials_[partial].uses == 0) {
    free_.push_back(partial);
    partial = partials_[partial].before;
  }
}

template <class Metric>
void RestrictedSearch<Metric>::wait(std::uint32_t partial) {
  const Partial& at = partials_[partial];
  const auto distance = distances_.bound(at.node, at.state);
  if (!distance.reachable) return release(partial);
  if constexpr (std::is_same_v<Metric, EdgeCount>) {
    if (wish_.max_length && at.length + distance.value > *wish_.max_length) return release(partial);
  }
  queue_.push_back({Metric::sum(at.value, distance.value), ++waited_, partial});
  std::push_heap(queue_.begin(), queue_.end(), After{});
}

template <class Metric>
bool RestrictedSearch<Metric>::next(FoundWalk& found) {
  while (!done_ && !queue_.empty()) {
    budget_.step();
    std::pop_heap(queue_.begin(), queue_.end(), After{});
    const Waiting waiting = std::move(queue_.back());
    queue_.pop_back();
    const std::uint32_t partial = waiting.partial;
    const auto distance = distances_.bound(partials_[partial].node, partials_[partial].state);
    if (!distance.reachable || waiting.bound < Metric::sum(partials_[partial].value, distance.value)) {
      wait(partial);
      continue;
    }
    if (!distance.exact && distances_.frontier() <= kBackwardPairs * (expanded_ + 1)) {
      distances_.extend();
      wait(partial);
      continue;
    }
    const bool selected = select(partial);
    if (selected) give(partial, found);
    if (!done_) expand(partial);
    release(partial);
    charge_.set(partials_.capacity() * sizeof(Partial) + queue_.capacity() * sizeof(Waiting) +
                on_path_.capacity() * sizeof(std::uint64_t) + free_.capacity() * sizeof(std::uint32_t));
    if (selected) return true;
  }
  return false;
}

template <class Metric>
bool RestrictedSearch<Metric>::select(std::uint32_t partial) {
  const Partial& at = partials_[partial];
  if (at.node != to_ || !plan_.automaton.accepts(at.state)) return false;
  if (at.length == 0 && wish_.graph_nodes_only && !graph_.contains(at.node)) return false;
  if (!wish_.groups) {
    done_ = ++given_ == wish_.count;
    return true;
  }
  if (given_ == 0 || group_ != at.value) {
    if (given_ == wish_.count) {
      done_ = true;
      return false;
    }
    ++given_;
    group_ = at.value;
  }
  return true;
}

template <class Metric>
void RestrictedSearch<Metric>::expand(std::uint32_t partial) {
  ++expanded_;
  const Node node = partials_[partial].node;
  const std::uint64_t length = partials_[partial].length;
  if (wish_.max_length && length >= *wish_.max_length) return;
  if (length != 0 && !graph_.keeps(node)) return;
  // Nodes that cannot be met again end it: the end, and where it is the start as well, that.
  if (mode_ != WalkMode::trail && node == to_ && (length != 0 || mode_ == WalkMode::acyclic)) return;
  ++stamp_;
  for (std::uint32_t at = partial; at != kNone; at = partials_[at].before) {
    const Node on_path = partials_[at].node;
    if (on_path >= on_path_.size()) on_path_.resize(std::max<std::size_t>(graph_.nodes(), on_path + 1));
    on_path_[on_path] = stamp_;
  }
  for (const WalkAutomaton::Transition& transition : plan_.automaton.from(partials_[partial].state)) {
    const WalkGraph::LabelNumber label = plan_.labels[transition.label];
    graph_.load(label, {&node, 1});
    const WalkGraph::Edges edges = graph_.edges(label, node);
    each_edge(edges, node, transition, [&](std::size_t edge, Node target) {
      const EdgeName name = edges.name(edge, transition.inverse);
      if (!may_follow(partial, target, name)) return;
      wait(make({target, transition.to, partial, name, 1, length + 1,
                 Metric::sum(partials_[partial].value, Metric::of(edges, edge))}));
    });
  }
}

template <class Metric>
bool RestrictedSearch<Metric>::may_follow(std::uint32_t partial, Node target, EdgeName name) const {
  if (target >= on_path_.size() || on_path_[target] != stamp_) return true;
  if (mode_ == WalkMode::trail) return !uses_edge(partial, partials_[partial].node, name, target);
  return mode_ == WalkMode::simple && target == from_ && from_ == to_;
}

template <class Metric>
bool RestrictedSearch<Metric>::uses_edge(std::uint32_t partial, Node from, EdgeName name, Node to) const {
  if (name.inverse()) std::swap(from, to);
  for (std::uint32_t at = partial; partials_[at].before != kNone; at = partials_[at].before) {
    const Partial& step = partials_[at];
    if (!step.name.same_but_for_direction(name)) continue;
    Node step_from = partials_[step.before].node;
    Node step_to = step.node;
    if (step.name.inverse()) std::swap(step_from, step_to);
    if (step_from == from && step_to == to) return true;
  }
  return false;
}

template <class Metric>
void RestrictedSearch<Metric>::give(std::uint32_t partial, FoundWalk& found) const {
  found.from = from_;
  found.to = to_;
  found.length = partials_[partial].length;
  Metric::set(found, partials_[partial].value);
  found.steps.clear();
  if (!wish_.steps) return;
  for (std::uint32_t at = partial; partials_[at].before != kNone; at = partials_[at].before) {
    found.steps.push_back({partials_[at].name, partials_[at].node});
  }
  std::reverse(found.steps.begin(), found.steps.end());
}

template class RestrictedSearch<EdgeCount>;
template class RestrictedSearch<EdgeCost>;

}  // namespace akyn::path
