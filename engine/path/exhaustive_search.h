// All walks, or all that repeat no edge or node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/path/layered_search.h"
#include "engine/path/walk_distances.h"
#include "engine/path/walk_search.h"
#include "engine/path/walk_searcher.h"

namespace akyn::path {

// Depth first. What cannot come to an end, or not within the greatest length, is left out by distances that have been
// found backwards from the ends; so memory is that of one walk and of these distances, which are not all found where
// they are too many.
//
// One thread at a time.
class ExhaustiveSearch final : public WalkSearcher {
 public:
  // `back` is of the reverse of forward's automaton. With WalkMode::walk the wish has a greatest length.
  ExhaustiveSearch(WalkGraph& graph, const WalkPlan& forward, const WalkPlan& back, WalkMode mode, WalkWish wish,
                   runtime::Budget& budget);

  void begin(Node from, std::optional<Node> to) override;
  [[nodiscard]] bool next(FoundWalk& found) override;

 private:
  // A node of the walk, and the edges from it that have been looked at.
  struct Frame {
    Node node = 0;
    WalkAutomaton::State state = 0;
    EdgeName name;  // of the edge to it
    std::size_t transition = 0;
    std::size_t edge = 0;
  };

  void find_distances();
  [[nodiscard]] bool may_go_on();
  // Puts the next edge that may follow on the walk; false when the last node has no more.
  [[nodiscard]] bool push_next();
  [[nodiscard]] bool may_follow(Node node, Node target, EdgeName name, WalkAutomaton::State state) const;
  [[nodiscard]] bool leads_to_end(Node node, WalkAutomaton::State state) const;
  [[nodiscard]] bool uses_edge(Node from, EdgeName name, Node to) const;
  [[nodiscard]] bool matches() const;
  void count_visit(Node node);
  void pop();
  void give(FoundWalk& found) const;

  WalkGraph& graph_;
  const WalkPlan& plan_;
  const WalkPlan& back_;
  WalkMode mode_;
  WalkWish wish_;
  WalkWish reach_wish_;  // to find the ends with
  runtime::Budget& budget_;
  Layers reached_;
  WalkDistances<EdgeCount> distances_;
  bool bounded_ = false;  // whether distances say anything
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> visits_;  // by node, of the walk
  Node from_ = 0;
  std::optional<Node> to_;
  bool begun_ = true;
  runtime::Charge charge_;
};

}  // namespace akyn::path
