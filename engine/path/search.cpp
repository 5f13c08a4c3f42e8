#include "engine/path/search.h"

#include <algorithm>

namespace akyn::path {

Search::Search(Graph& graph, const Automaton& automaton, runtime::Budget& budget)
    : graph_(graph), automaton_(automaton), budget_(budget), states_(automaton.states()), charge_(budget) {
  for (const Label& label : automaton.labels()) labels_.push_back(graph.label(label));
  std::size_t accepting = 0;
  for (Automaton::State state = 0; state < states_.size(); ++state) {
    if (!automaton.accepts(state)) continue;
    only_accepting_ = state;
    ++accepting;
  }
  if (accepting != 1) only_accepting_.reset();
}

void Search::clear() {
  for (StateData& state : states_) {
    for (const Node node : state.touched) state.seen[node] = 0;
    for (const Node node : state.next_nodes) state.next[node] = 0;
    state.touched.clear();
    state.next_nodes.clear();
    state.frontier.clear();
  }
  for (const Node end : ends_) accepted_[end] = 0;
  ends_.clear();
  found_.clear();
  active_ = 0;
  with_ends_ = 0;
  frontier_size_ = 0;
}

// Nodes get numbers as edges are read. Grows by doubling, or each step would copy everything.
void Search::make_room() {
  if (room_ >= graph_.nodes()) return;
  room_ = std::max(graph_.nodes(), 2 * room_);
  const std::size_t arrays = 2 * states_.size() + (only_accepting_ ? 0 : 1);
  const std::size_t bytes = room_ * sizeof(Bits) * arrays;
  charge_.add(bytes - charged_);
  charged_ = bytes;
  if (!only_accepting_) accepted_.resize(room_);
  for (StateData& state : states_) {
    state.seen.resize(room_);
    state.next.resize(room_);
  }
}

void Search::reach(Automaton::State to, Node node, Bits fresh) {
  StateData& state = states_[to];
  if (state.seen[node] == 0) state.touched.push_back(node);
  state.seen[node] |= fresh;
  if (state.next[node] == 0) state.next_nodes.push_back(node);
  state.next[node] |= fresh;
  if (only_accepting_ || !automaton_.accepts(to)) return;
  const Bits before = accepted_[node];
  const Bits accepted = fresh & ~before;
  if (accepted == 0) return;
  if (before == 0) ends_.push_back(node);
  accepted_[node] = before | accepted;
  with_ends_ |= accepted;
  found_.push_back({node, accepted});
}

void Search::take_frontiers() {
  frontier_size_ = 0;
  active_ = 0;
  for (StateData& state : states_) {
    state.frontier.clear();
    for (const Node node : state.next_nodes) {
      state.frontier.push_back({node, state.next[node]});
      active_ |= state.next[node];
      state.next[node] = 0;
    }
    state.next_nodes.clear();
    frontier_size_ += state.frontier.size();
  }
  if (only_accepting_) {
    for (const Entry& entry : states_[*only_accepting_].frontier) with_ends_ |= entry.bits;
  }
}

void Search::start(std::span<const Node> starts) {
  clear();
  make_room();
  for (const Automaton::State state : automaton_.starts()) {
    for (std::size_t i = 0; i < starts.size(); ++i) reach(state, starts[i], bit_of(i));  // bits are all different
  }
  take_frontiers();
}

bool Search::advance(Bits wanted) {
  found_.clear();
  if ((active_ & wanted) == 0) {
    if (only_accepting_) states_[*only_accepting_].frontier.clear();
    return false;
  }
  budget_.check();
  for (Automaton::State from = 0; from < states_.size(); ++from) {
    auto& frontier = states_[from].frontier;
    if (frontier.empty() || automaton_.from(from).empty()) continue;
    nodes_.clear();
    for (const Entry& entry : frontier) {
      if ((entry.bits & wanted) != 0) nodes_.push_back(entry.node);
    }
    for (const Automaton::Transition& transition : automaton_.from(from)) {
      const Graph::LabelNumber label = labels_[transition.label];
      graph_.load(label, nodes_);
      make_room();
      const Bits* const seen = states_[transition.to].seen.data();
      for (const Entry& entry : frontier) {
        const Bits bits = entry.bits & wanted;
        if (bits == 0) continue;
        budget_.step();
        for (const Node target : graph_.neighbours(label, entry.node)) {
          const Bits fresh = bits & ~seen[target];
          if (fresh != 0) reach(transition.to, target, fresh);
        }
      }
    }
  }
  take_frontiers();
  return frontier_size_ != 0;
}

namespace {

// Pairs whose sides meet where `side` has come with its last step.
Bits meetings(const Search& side, const Search& other) {
  Bits met = 0;
  for (Automaton::State state = 0; state < side.automaton().states(); ++state) {
    for (const Search::Entry& entry : side.frontier(state)) met |= entry.bits & other.reached(state, entry.node);
  }
  return met;
}

}  // namespace

Bits connected(Search& forward, Search& backward, std::span<const Node> starts, std::span<const Node> ends) {
  forward.start(starts);
  backward.start(ends);
  Bits met = meetings(forward, backward);
  for (;;) {
    const Bits open = forward.active() & backward.active() & ~met;
    if (open == 0) return met;
    Search& side = forward.frontier_size() <= backward.frontier_size() ? forward : backward;
    side.advance(open);
    met |= meetings(side, &side == &forward ? backward : forward);
  }
}

}  // namespace akyn::path
