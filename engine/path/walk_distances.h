// How far it is to where walks may end: what searches leave out with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/path/state_index.h"
#include "engine/path/walk_searcher.h"

namespace akyn::path {

// What a distance counts.
struct EdgeCount {
  using Value = std::uint64_t;
  [[nodiscard]] static Value of(const WalkGraph::Edges&, std::size_t) noexcept { return 1; }
  [[nodiscard]] static Value sum(Value a, Value b) noexcept { return a + b; }
  static void set(FoundWalk&, Value) noexcept {}
};
struct EdgeCost {
  using Value = Decimal;
  [[nodiscard]] static Value of(const WalkGraph::Edges& edges, std::size_t edge) {
    return edges.costs == nullptr ? Decimal(1) : edges.costs[edge];
  }
  [[nodiscard]] static Value sum(const Value& a, const Value& b) { return sum_of(a, b); }
  static void set(FoundWalk& found, const Value& cost) { found.cost = cost; }
};

// Least distances from pairs of a node and a state to the ends, found backwards from these and only as far as asked.
// One thread at a time.
template <class Metric>
class WalkDistances {
 public:
  using Value = typename Metric::Value;
  struct Bound {
    Value value{};           // at least as far
    bool exact = false;      // just as far
    bool reachable = false;  // perhaps, unless exact
  };

  // `back` is of the reverse of the automaton whose states are asked for.
  WalkDistances(WalkGraph& graph, const WalkPlan& back, runtime::Budget& budget)
      : graph_(graph), back_(back), budget_(budget), index_(back.automaton.states()), charge_(budget) {}

  void clear() {
    for (const Pair& pair : pairs_) index_.set(pair.node, pair.state, 0);
    pairs_.clear();
    heap_.clear();
    ends_ = 0;
  }
  // Precondition: extend() has not been called since clear(); not added before.
  void add_end(Node node, WalkAutomaton::State state) {
    reach(node, state, Value{});
    ends_ = pairs_.size();
  }

  // Whether all distances are known.
  [[nodiscard]] bool complete() const noexcept { return heap_.empty(); }
  // Pairs that the next extend() may start from, and all that are known.
  [[nodiscard]] std::size_t frontier() const noexcept { return heap_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return pairs_.size(); }
  // The least distance that is not known yet. Precondition: !complete().
  [[nodiscard]] const Value& radius() const noexcept { return heap_.front().value; }

  // Goes on to the next greater distance.
  void extend() {
    if (complete()) return;
    const Value distance = radius();
    while (!complete() && radius() == distance) {
      budget_.step();
      std::pop_heap(heap_.begin(), heap_.end(), After{});
      const std::uint32_t number = heap_.back().pair;
      heap_.pop_back();
      if (pairs_[number].settled) continue;
      pairs_[number].settled = true;
      expand(number);
      charge_.set(pairs_.capacity() * sizeof(Pair) + heap_.capacity() * sizeof(Entry) + index_.memory_bytes());
    }
  }

  [[nodiscard]] Bound bound(Node node, WalkAutomaton::State state) const {
    const std::uint32_t place = index_.get(node, state);
    if (place != 0 && pairs_[place - 1].settled) return {pairs_[place - 1].value, true, true};
    if (complete()) return {};
    return {radius(), false, true};
  }

 private:
  struct Pair {
    Node node = 0;
    WalkAutomaton::State state = 0;
    bool settled = false;
    Value value{};
  };
  struct Entry {
    Value value{};
    std::uint32_t pair = 0;
  };
  struct After {
    bool operator()(const Entry& a, const Entry& b) const { return b.value < a.value; }
  };

  void reach(Node node, WalkAutomaton::State state, Value value) {
    std::uint32_t place = index_.get(node, state);
    if (place == 0) {
      if (pairs_.size() == ~std::uint32_t{0} - 1) {
        throw Error(ErrorCode::limit, "a path search comes to more than 2^32 steps");
      }
      pairs_.push_back({node, state, false, value});
      place = static_cast<std::uint32_t>(pairs_.size());
      index_.set(node, state, place);
    } else if (pairs_[place - 1].value <= value) {
      return;
    } else {
      pairs_[place - 1].value = value;
    }
    heap_.push_back({std::move(value), place - 1});
    std::push_heap(heap_.begin(), heap_.end(), After{});
  }

  void expand(std::uint32_t number) {
    const Node node = pairs_[number].node;
    if (number >= ends_ && !graph_.keeps(node)) return;
    const WalkAutomaton::State state = pairs_[number].state;
    for (const WalkAutomaton::Transition& transition : back_.automaton.from(state)) {
      const WalkGraph::LabelNumber label = back_.labels[transition.label];
      graph_.load(label, {&node, 1});
      const WalkGraph::Edges edges = graph_.edges(label, node);
      each_edge(edges, node, transition, [&](std::size_t edge, Node target) {
        reach(target, transition.to, Metric::sum(pairs_[number].value, Metric::of(edges, edge)));
      });
    }
  }

  WalkGraph& graph_;
  const WalkPlan& back_;
  runtime::Budget& budget_;
  StateIndex index_;  // of pairs_, plus 1
  std::vector<Pair> pairs_;
  std::size_t ends_ = 0;     // of pairs_, that were added as such
  std::vector<Entry> heap_;  // the nearest on top
  runtime::Charge charge_;
};

}  // namespace akyn::path
