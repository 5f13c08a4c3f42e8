// Breadth-first search on the product of a graph and an automaton, for up to 64 starts at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/path/automaton.h"
#include "engine/path/graph.h"
#include "engine/runtime/limits.h"

namespace akyn::path {

// One bit for each start of a search.
using Bits = std::uint64_t;
inline constexpr std::size_t kMaxStarts = 64;
[[nodiscard]] constexpr Bits bit_of(std::size_t start) noexcept {
  return Bits{1} << start;
}

// Walks from all starts step by step, and knows for each node and state which starts reach it. An edge that several
// searches take in the same step is read once for them all. Costs 16 bytes for each node of the graph and state.
//
// Graph and budget must outlive it; memory is kept from start to start. One thread at a time.
class Search {
 public:
  struct Entry {
    Node node = 0;
    Bits bits = 0;
  };

  Search(Graph& graph, const Automaton& automaton, runtime::Budget& budget);

  // Begins anew: bit i is for starts[i]. At most kMaxStarts.
  void start(std::span<const Node> starts);
  // Takes the next step, of starts that are `wanted`. False when it led nowhere: all is known.
  bool advance(Bits wanted = ~Bits{0});

  // Nodes that the last step, or start(), has found to be ends of matching walks.
  [[nodiscard]] const std::vector<Entry>& found() const noexcept {
    return only_accepting_ ? states_[*only_accepting_].frontier : found_;
  }
  // All of those so far, each once, and of one of them the starts.
  [[nodiscard]] const std::vector<Node>& ends() const noexcept {
    return only_accepting_ ? states_[*only_accepting_].touched : ends_;
  }
  [[nodiscard]] Bits starts_of(Node end) const noexcept {
    const std::vector<Bits>& bits = only_accepting_ ? states_[*only_accepting_].seen : accepted_;
    return end < bits.size() ? bits[end] : 0;
  }
  // Starts that have ends.
  [[nodiscard]] Bits with_ends() const noexcept { return with_ends_; }

  // What the last step has reached, from which the next one starts; and what all have.
  [[nodiscard]] const std::vector<Entry>& frontier(Automaton::State state) const noexcept {
    return states_[state].frontier;
  }
  [[nodiscard]] Bits reached(Automaton::State state, Node node) const noexcept {
    const auto& seen = states_[state].seen;
    return node < seen.size() ? seen[node] : 0;
  }
  // Entries of all frontiers, and starts that have some.
  [[nodiscard]] std::size_t frontier_size() const noexcept { return frontier_size_; }
  [[nodiscard]] Bits active() const noexcept { return active_; }

  [[nodiscard]] const Automaton& automaton() const noexcept { return automaton_; }

 private:
  struct StateData {
    std::vector<Bits> seen;        // by node
    std::vector<Bits> next;        // by node: what the next step starts with
    std::vector<Node> touched;     // nodes whose `seen` is not 0
    std::vector<Node> next_nodes;  // likewise of `next`
    std::vector<Entry> frontier;
  };

  void clear();
  void make_room();
  // Precondition: no start of `fresh` has reached the node in this state before.
  void reach(Automaton::State state, Node node, Bits fresh);
  void take_frontiers();

  Graph& graph_;
  const Automaton& automaton_;
  runtime::Budget& budget_;
  std::vector<Graph::LabelNumber> labels_;
  std::vector<StateData> states_;
  // What is accepted, is what the one accepting state has seen; or, when there are several, what these say.
  std::optional<Automaton::State> only_accepting_;
  std::vector<Bits> accepted_;  // by node
  std::vector<Node> ends_;
  std::vector<Entry> found_;
  std::size_t room_ = 0;     // nodes that there are arrays for
  std::vector<Node> nodes_;  // of a frontier
  std::size_t frontier_size_ = 0;
  Bits active_ = 0;
  Bits with_ends_ = 0;
  runtime::Charge charge_;
  std::size_t charged_ = 0;
};

// Whether walks lead from starts[i] to ends[i]: searches from both sides, always from that with less to do, and gives
// each pair up as soon as its sides meet or one of them has nothing left. `forward` and `backward` are of an automaton
// and its reverse. At most kMaxStarts pairs; those that are connected.
[[nodiscard]] Bits connected(Search& forward, Search& backward, std::span<const Node> starts,
                             std::span<const Node> ends);

}  // namespace akyn::path
