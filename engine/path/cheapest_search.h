// Cheapest walks: Dijkstra's algorithm on the product of graph and automaton.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/path/state_index.h"
#include "engine/path/walk_distances.h"
#include "engine/path/walk_searcher.h"

namespace akyn::path {

// Selector::cheapest: the cheapest walks to each pair of a node and a state, as many as are wanted, in ascending order
// of their costs. Edges that cost nothing are fine. Between two known ends it goes from both: distances are found
// backwards from the end while that is less work than going forwards, and those walks come first that cost least
// together with what is known to be left.
//
// One thread at a time.
class CheapestSearch final : public WalkSearcher {
 public:
  // `back` is of the reverse of the plan's automaton.
  CheapestSearch(WalkGraph& graph, const WalkPlan& plan, const WalkPlan& back, WalkWish wish, runtime::Budget& budget);

  void begin(Node from, std::optional<Node> to) override;
  [[nodiscard]] bool next(FoundWalk& found) override;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Label {  // one walk
    Node node = 0;
    WalkAutomaton::State state = 0;
    std::uint32_t before = kNone;  // label
    EdgeName name;
    std::uint64_t length = 0;
    Decimal cost;
  };
  struct Pair {  // of a node and a state
    Node node = 0;
    WalkAutomaton::State state = 0;
    std::uint64_t settled = 0;   // walks
    std::uint32_t best = kNone;  // label, while none is settled
  };
  struct Count {
    Node node = 0;
    std::uint64_t given = 0;
  };
  struct Waiting {
    Decimal bound;  // of a walk to the end
    std::uint32_t label = 0;
  };
  struct After {
    bool operator()(const Waiting& a, const Waiting& b) const { return b.bound < a.bound; }
  };

  void wait(std::uint32_t label);
  // The next label that is to be settled.
  [[nodiscard]] std::optional<std::uint32_t> take();
  [[nodiscard]] Pair& pair(Node node, WalkAutomaton::State state);
  void reach(std::uint32_t before, Node node, WalkAutomaton::State state, EdgeName name, const Decimal* cost);
  void expand(std::uint32_t label);
  [[nodiscard]] bool select(const Label& label);
  void give(std::uint32_t label, FoundWalk& found) const;
  void charge();

  WalkGraph& graph_;
  const WalkPlan& plan_;
  const WalkPlan& back_;
  WalkWish wish_;
  runtime::Budget& budget_;
  WalkDistances<EdgeCost> distances_;  // where the end is known
  std::vector<Label> labels_;
  std::vector<Waiting> heap_;  // the cheapest on top
  std::size_t settled_ = 0;
  StateIndex index_;  // of pairs_, plus 1
  std::vector<Pair> pairs_;
  StateIndex end_index_;  // of ends_, plus 1
  std::vector<Count> ends_;
  std::optional<Node> to_;
  bool done_ = true;
  runtime::Charge charge_;
};

// Selector::all_cheapest, with WalkMode::walk: every pair of a node and a state is linked to those before it on
// cheapest walks. Throws Error(invalid_argument) when a cheapest walk to an end has an edge that costs nothing. One
// thread at a time.
class AllCheapestSearch final : public WalkSearcher {
 public:
  AllCheapestSearch(WalkGraph& graph, const WalkPlan& plan, WalkWish wish, runtime::Budget& budget);

  void begin(Node from, std::optional<Node> to) override;
  [[nodiscard]] bool next(FoundWalk& found) override;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Pair {  // of a node and a state
    Node node = 0;
    WalkAutomaton::State state = 0;
    std::uint32_t first_link = kNone;
    bool settled = false;
    bool has_free_edge = false;  // on a cheapest walk that leads here
    Decimal cost;
  };
  struct Link {
    std::uint32_t from = 0;  // pair
    std::uint32_t next = kNone;
    EdgeName name;
  };
  struct Entry {
    Decimal cost;
    std::uint32_t pair = 0;
  };
  struct Hop {
    std::uint32_t pair = 0;
    std::uint32_t link = 0;
  };

  void reach(std::uint32_t from, Node node, WalkAutomaton::State state, EdgeName name, const Decimal* cost);
  void push(std::uint32_t pair);
  void expand(std::uint32_t pair);
  // Settles all pairs of the next cost; false when there are none.
  [[nodiscard]] bool settle_next_cost();
  void gather_ends();
  void descend(std::uint32_t pair);
  [[nodiscard]] bool to_next_walk();
  void charge();

  WalkGraph& graph_;
  const WalkPlan& plan_;
  WalkWish wish_;
  runtime::Budget& budget_;
  StateIndex index_;  // of pairs_, plus 1
  std::vector<Pair> pairs_;
  std::vector<Link> links_;
  std::vector<Entry> heap_;             // the cheapest on top
  std::vector<std::uint32_t> settled_;  // pairs of the last cost
  StateIndex end_index_;                // 1: has come out
  std::vector<Node> ends_;
  std::vector<std::uint32_t> found_;  // pairs whose walks are to come out
  std::size_t next_found_ = 0;
  std::vector<Hop> hops_;
  Node from_ = 0;
  std::optional<Node> to_;
  bool done_ = true;
  runtime::Charge charge_;
};

}  // namespace akyn::path
