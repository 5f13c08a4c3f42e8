// Shortest and cheapest walks that repeat no edge or node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/path/walk_distances.h"
#include "engine/path/walk_search.h"
#include "engine/path/walk_searcher.h"

namespace akyn::path {

// A*: partial walks, the one first whose length so far and distance to the end are least together, of equals the last
// that was made. Distances are found backwards from the end while that is less work than going forwards.
//
// Between two known ends. Exponential in the worst case, as the problem is; memory is that of partial walks. One thread
// at a time.
template <class Metric>
class RestrictedSearch final : public WalkSearcher {
 public:
  // `back` is of the reverse of forward's automaton.
  RestrictedSearch(WalkGraph& graph, const WalkPlan& forward, const WalkPlan& back, WalkMode mode, WalkWish wish,
                   runtime::Budget& budget);

  // Precondition: `to` is given.
  void begin(Node from, std::optional<Node> to) override;
  [[nodiscard]] bool next(FoundWalk& found) override;

 private:
  using Value = typename Metric::Value;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Partial {
    Node node = 0;
    WalkAutomaton::State state = 0;
    std::uint32_t before = kNone;
    EdgeName name;
    std::uint32_t uses = 0;  // by partial walks that go on from it, and by the queue
    std::uint64_t length = 0;
    Value value{};
  };
  struct Waiting {
    Value bound{};
    std::uint64_t number = 0;
    std::uint32_t partial = 0;
  };
  struct After {
    bool operator()(const Waiting& a, const Waiting& b) const {
      return b.bound < a.bound || (!(a.bound < b.bound) && a.number < b.number);
    }
  };

  [[nodiscard]] std::uint32_t make(Partial partial);
  void release(std::uint32_t partial);
  // Puts it where it belongs by what is known of its distance; or lets it go when it leads nowhere.
  void wait(std::uint32_t partial);
  void expand(std::uint32_t partial);
  [[nodiscard]] bool uses_edge(std::uint32_t partial, Node from, EdgeName name, Node to) const;
  [[nodiscard]] bool may_follow(std::uint32_t partial, Node target, EdgeName name) const;
  [[nodiscard]] bool select(std::uint32_t partial);
  void give(std::uint32_t partial, FoundWalk& found) const;

  WalkGraph& graph_;
  const WalkPlan& plan_;
  const WalkPlan& back_;
  WalkMode mode_;
  WalkWish wish_;
  runtime::Budget& budget_;
  WalkDistances<Metric> distances_;
  std::vector<Partial> partials_;
  std::vector<std::uint32_t> free_;
  std::vector<Waiting> queue_;
  std::vector<std::uint64_t> on_path_;  // by node: the stamp of the last partial walk that went on with it
  std::uint64_t stamp_ = 0;
  std::size_t expanded_ = 0;
  std::uint64_t waited_ = 0;
  Node from_ = 0;
  Node to_ = 0;
  std::uint64_t given_ = 0;  // walks, or groups
  Value group_{};            // the last one's
  bool done_ = true;
  runtime::Charge charge_;
};

extern template class RestrictedSearch<EdgeCount>;
extern template class RestrictedSearch<EdgeCost>;

}  // namespace akyn::path
