#include "engine/path/cheapest_search.h"

#include <algorithm>

namespace akyn::path {

namespace {

// Pairs that may wait backwards before any has been settled forwards.
constexpr std::size_t kBackwardPairs = 64;

const Decimal& one() {
  static const Decimal kOne(1);
  return kOne;
}

// Calls use(target, state, name, cost) for all edges that may follow.
template <class Use>
void each_next(WalkGraph& graph, const WalkPlan& plan, Node node, WalkAutomaton::State state, Use use) {
  for (const WalkAutomaton::Transition& transition : plan.automaton.from(state)) {
    const WalkGraph::LabelNumber label = plan.labels[transition.label];
    graph.load(label, {&node, 1});
    const WalkGraph::Edges edges = graph.edges(label, node);
    each_edge(edges, node, transition, [&](std::size_t edge, Node target) {
      use(target, transition.to, edges.name(edge, transition.inverse),
          edges.costs == nullptr ? &one() : edges.costs + edge);
    });
  }
}

}  // namespace

CheapestSearch::CheapestSearch(WalkGraph& graph, const WalkPlan& plan, const WalkPlan& back, WalkWish wish,
                               runtime::Budget& budget)
    : graph_(graph),
      plan_(plan),
      back_(back),
      wish_(wish),
      budget_(budget),
      distances_(graph, back, budget),
      index_(plan.automaton.states()),
      charge_(budget) {}

void CheapestSearch::begin(Node from, std::optional<Node> to) {
  to_ = to;
  for (const Pair& pair : pairs_) index_.set(pair.node, pair.state, 0);
  for (const Count& end : ends_) end_index_.set(end.node, 0, 0);
  pairs_.clear();
  ends_.clear();
  labels_.clear();
  heap_.clear();
  settled_ = 0;
  done_ = false;
  distances_.clear();
  if (to) {
    for (const WalkAutomaton::State state : back_.automaton.starts()) distances_.add_end(*to, state);
  }
  for (const WalkAutomaton::State state : plan_.automaton.starts()) {
    labels_.push_back({from, state, kNone, {}, 0, Decimal()});
    wait(static_cast<std::uint32_t>(labels_.size() - 1));
  }
}

void CheapestSearch::wait(std::uint32_t label) {
  const Label& at = labels_[label];
  Decimal bound = at.cost;
  if (to_) {
    const auto distance = distances_.bound(at.node, at.state);
    if (!distance.reachable) return;
    bound = sum_of(bound, distance.value);
  }
  heap_.push_back({std::move(bound), label});
  std::push_heap(heap_.begin(), heap_.end(), After{});
}

std::optional<std::uint32_t> CheapestSearch::take() {
  while (!heap_.empty()) {
    budget_.step();
    std::pop_heap(heap_.begin(), heap_.end(), After{});
    const Waiting waiting = std::move(heap_.back());
    heap_.pop_back();
    if (!to_) return waiting.label;
    const Label& label = labels_[waiting.label];
    const auto distance = distances_.bound(label.node, label.state);
    if (!distance.reachable) continue;
    const bool back_is_less = !distance.exact && distances_.frontier() <= settled_ + kBackwardPairs;
    if (!back_is_less && waiting.bound == sum_of(label.cost, distance.value)) return waiting.label;
    if (back_is_less) distances_.extend();
    wait(waiting.label);
  }
  return std::nullopt;
}

CheapestSearch::Pair& CheapestSearch::pair(Node node, WalkAutomaton::State state) {
  std::uint32_t place = index_.get(node, state);
  if (place == 0) {
    pairs_.push_back({node, state, 0, kNone});
    place = static_cast<std::uint32_t>(pairs_.size());
    index_.set(node, state, place);
  }
  return pairs_[place - 1];
}

void CheapestSearch::reach(std::uint32_t before, Node node, WalkAutomaton::State state, EdgeName name,
                           const Decimal* cost) {
  Pair& pair = this->pair(node, state);
  if (pair.settled >= wish_.count) return;
  Decimal sum = sum_of(labels_[before].cost, *cost);
  // The first that is settled is the best there has been: where no other is wanted, others need not wait.
  if (wish_.count == 1 && pair.best != kNone && labels_[pair.best].cost <= sum) return;
  if (labels_.size() == kNone - 1) throw Error(ErrorCode::limit, "a path search comes to more than 2^32 steps");
  const auto label = static_cast<std::uint32_t>(labels_.size());
  pair.best = label;
  labels_.push_back({node, state, before, name, labels_[before].length + 1, std::move(sum)});
  wait(label);
}

void CheapestSearch::expand(std::uint32_t label) {
  const Node node = labels_[label].node;
  if (labels_[label].length != 0 && !graph_.keeps(node)) return;
  each_next(graph_, plan_, node, labels_[label].state,
            [&](Node target, WalkAutomaton::State state, EdgeName name, const Decimal* cost) {
              reach(label, target, state, name, cost);
            });
}

bool CheapestSearch::select(const Label& label) {
  if (!plan_.automaton.accepts(label.state) || (to_ && label.node != *to_)) return false;
  if (label.length == 0 && wish_.graph_nodes_only && !graph_.contains(label.node)) return false;
  std::uint32_t place = end_index_.get(label.node, 0);
  if (place == 0) {
    ends_.push_back({label.node, 0});
    place = static_cast<std::uint32_t>(ends_.size());
    end_index_.set(label.node, 0, place);
  }
  std::uint64_t& given = ends_[place - 1].given;
  if (given == wish_.count) return false;
  ++given;
  if (to_) done_ = given == wish_.count;
  return true;
}

bool CheapestSearch::next(FoundWalk& found) {
  while (!done_) {
    const std::optional<std::uint32_t> taken = take();
    if (!taken) return false;
    const std::uint32_t label = *taken;
    // The walk of no edges may be none that counts, and INNER does not hold for it: those that come back are others.
    if (labels_[label].length != 0) {
      Pair& pair = this->pair(labels_[label].node, labels_[label].state);
      if (pair.settled >= wish_.count) continue;
      ++pair.settled;
    }
    ++settled_;
    const bool selected = select(labels_[label]);
    if (!done_) expand(label);
    charge();
    if (!selected) continue;
    give(label, found);
    return true;
  }
  return false;
}

void CheapestSearch::give(std::uint32_t label, FoundWalk& found) const {
  const Label& last = labels_[label];
  found.to = last.node;
  found.length = last.length;
  found.cost = last.cost;
  found.steps.clear();
  std::uint32_t at = label;
  for (; labels_[at].before != kNone; at = labels_[at].before) {
    if (wish_.steps) found.steps.push_back({labels_[at].name, labels_[at].node});
  }
  found.from = labels_[at].node;
  std::reverse(found.steps.begin(), found.steps.end());
}

void CheapestSearch::charge() {
  charge_.set(labels_.capacity() * sizeof(Label) + heap_.capacity() * sizeof(Waiting) +
              pairs_.capacity() * sizeof(Pair) + ends_.capacity() * sizeof(Count) + index_.memory_bytes() +
              end_index_.memory_bytes());
}

AllCheapestSearch::AllCheapestSearch(WalkGraph& graph, const WalkPlan& plan, WalkWish wish, runtime::Budget& budget)
    : graph_(graph), plan_(plan), wish_(wish), budget_(budget), index_(plan.automaton.states()), charge_(budget) {}

void AllCheapestSearch::begin(Node from, std::optional<Node> to) {
  from_ = from;
  to_ = to;
  for (const Pair& pair : pairs_) index_.set(pair.node, pair.state, 0);
  for (const Node end : ends_) end_index_.set(end, 0, 0);
  pairs_.clear();
  links_.clear();
  heap_.clear();
  ends_.clear();
  found_.clear();
  next_found_ = 0;
  hops_.clear();
  done_ = false;
  for (const WalkAutomaton::State state : plan_.automaton.starts()) {
    // Not in the index: a walk that comes back is in another pair, where INNER's condition holds for it.
    pairs_.push_back({from, state, kNone, false, false, Decimal()});
    push(static_cast<std::uint32_t>(pairs_.size() - 1));
  }
}

void AllCheapestSearch::push(std::uint32_t pair) {
  heap_.push_back({pairs_[pair].cost, pair});
  std::push_heap(heap_.begin(), heap_.end(), [](const Entry& a, const Entry& b) { return b.cost < a.cost; });
}

void AllCheapestSearch::reach(std::uint32_t from, Node node, WalkAutomaton::State state, EdgeName name,
                              const Decimal* cost) {
  Decimal sum = sum_of(pairs_[from].cost, *cost);
  std::uint32_t place = index_.get(node, state);
  if (pairs_.size() == kNone - 1 || links_.size() == kNone - 1) {
    throw Error(ErrorCode::limit, "a path search comes to more than 2^32 steps");
  }
  if (place == 0) {
    pairs_.push_back({node, state, kNone, false, false, std::move(sum)});
    place = static_cast<std::uint32_t>(pairs_.size());
    index_.set(node, state, place);
    push(place - 1);
  } else if (pairs_[place - 1].cost < sum) {
    return;
  } else if (sum < pairs_[place - 1].cost) {
    pairs_[place - 1].cost = std::move(sum);
    pairs_[place - 1].first_link = kNone;
    push(place - 1);
  }
  Pair& pair = pairs_[place - 1];
  if (cost->is_zero()) pair.has_free_edge = true;
  links_.push_back({from, pair.first_link, name});
  pair.first_link = static_cast<std::uint32_t>(links_.size() - 1);
}

void AllCheapestSearch::expand(std::uint32_t pair) {
  const Node node = pairs_[pair].node;
  const bool at_start = pair < plan_.automaton.starts().size();
  if (!at_start && !graph_.keeps(node)) return;
  each_next(graph_, plan_, node, pairs_[pair].state,
            [&](Node target, WalkAutomaton::State state, EdgeName name, const Decimal* cost) {
              reach(pair, target, state, name, cost);
            });
}

bool AllCheapestSearch::settle_next_cost() {
  const auto after = [](const Entry& a, const Entry& b) { return b.cost < a.cost; };
  settled_.clear();
  std::optional<Decimal> cost;
  while (!heap_.empty() && (!cost || heap_.front().cost == *cost)) {
    budget_.step();
    std::pop_heap(heap_.begin(), heap_.end(), after);
    Entry entry = std::move(heap_.back());
    heap_.pop_back();
    if (pairs_[entry.pair].settled) continue;
    pairs_[entry.pair].settled = true;
    settled_.push_back(entry.pair);
    if (!cost) cost = std::move(entry.cost);
    expand(entry.pair);
    charge();
  }
  for (const std::uint32_t number : settled_) {
    Pair& pair = pairs_[number];
    for (std::uint32_t link = pair.first_link; link != kNone; link = links_[link].next) {
      pair.has_free_edge = pair.has_free_edge || pairs_[links_[link].from].has_free_edge;
    }
  }
  return cost.has_value();
}

void AllCheapestSearch::gather_ends() {
  found_.clear();
  next_found_ = 0;
  for (const std::uint32_t number : settled_) {
    const Pair& pair = pairs_[number];
    if (!plan_.automaton.accepts(pair.state) || (to_ && pair.node != *to_)) continue;
    if (end_index_.get(pair.node, 0) != 0) continue;
    const bool empty = number < plan_.automaton.starts().size();
    if (empty && wish_.graph_nodes_only && !graph_.contains(pair.node)) continue;
    if (pair.has_free_edge) {
      throw Error(ErrorCode::invalid_argument,
                  "ALL CHEAPEST meets an edge whose COST is 0, so that there may be walks without end that cost the "
                  "same; write ANY CHEAPEST, CHEAPEST k, or a mode such as ALL CHEAPEST ACYCLIC");
    }
    found_.push_back(number);
  }
  for (const std::uint32_t number : found_) {
    if (end_index_.get(pairs_[number].node, 0) != 0) continue;
    ends_.push_back(pairs_[number].node);
    end_index_.set(ends_.back(), 0, 1);
  }
  done_ = to_ && !found_.empty();
}

void AllCheapestSearch::descend(std::uint32_t pair) {
  while (pairs_[pair].first_link != kNone) {
    hops_.push_back({pair, pairs_[pair].first_link});
    pair = links_[hops_.back().link].from;
  }
}

bool AllCheapestSearch::to_next_walk() {
  while (!hops_.empty()) {
    const std::uint32_t next = links_[hops_.back().link].next;
    if (next == kNone) {
      hops_.pop_back();
      continue;
    }
    hops_.back().link = next;
    descend(links_[next].from);
    return true;
  }
  while (next_found_ == found_.size()) {
    if (done_ || !settle_next_cost()) return false;
    gather_ends();
  }
  descend(found_[next_found_++]);
  return true;
}

bool AllCheapestSearch::next(FoundWalk& found) {
  if (!to_next_walk()) return false;
  budget_.step();
  const Pair& end = pairs_[found_[next_found_ - 1]];
  found.from = from_;
  found.to = end.node;
  found.length = hops_.size();
  found.cost = end.cost;
  found.steps.clear();
  if (!wish_.steps) return true;
  for (const Hop& hop : hops_) found.steps.push_back({links_[hop.link].name, pairs_[hop.pair].node});
  std::reverse(found.steps.begin(), found.steps.end());
  return true;
}

void AllCheapestSearch::charge() {
  charge_.set(pairs_.capacity() * sizeof(Pair) + links_.capacity() * sizeof(Link) + heap_.capacity() * sizeof(Entry) +
              index_.memory_bytes() + end_index_.memory_bytes() + found_.capacity() * sizeof(std::uint32_t));
}

}  // namespace akyn::path
