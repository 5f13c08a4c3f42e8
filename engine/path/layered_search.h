// Shortest walks: breadth first, from one end or from both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "engine/path/large_array.h"
#include "engine/path/state_index.h"
#include "engine/path/walk_searcher.h"

namespace akyn::path {

// Walks from one node by their length: layer n has the pairs of a node and a state to which walks of n edges lead. A
// pair comes into no more layers than are wanted: as many lengths, or as many walks. Each entry of a layer is linked to
// those of the layer before from which edges lead to it; so layers hold all their walks, however many these are.
//
// About 35 bytes for each entry with one link, 16 more where more than one walk is wanted. One thread at a time.
class Layers {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::uint64_t kManyWalks = std::numeric_limits<std::uint64_t>::max();
  struct Entry {
    Node node = 0;
    WalkAutomaton::State state = 0;
    std::uint32_t first_link = kNone;
    bool inner = true;  // its walks may go on
  };
  struct Counts {
    std::uint64_t walks = 1;    // that lead to an entry, as far as they count
    std::uint64_t earlier = 0;  // walks, or layers, of the pair before this layer
  };
  struct Link {
    std::uint32_t from = 0;  // entry
    std::uint32_t next = kNone;
    EdgeName name;
  };

  Layers(WalkGraph& graph, const WalkPlan& plan, const WalkWish& wish, runtime::Budget& budget);

  // Begins anew, with the layer of `node` in all states that the automaton starts with.
  void start(Node node);
  // Makes the next layer. False when it is empty. With `other`, the layers from the other end, it is only made until a
  // walk meets one of theirs: for those who want no more than one.
  bool advance(const Layers* other = nullptr);

  [[nodiscard]] std::size_t length() const noexcept { return length_; }
  // Of the last layer, [first_entry(), end_entry()).
  [[nodiscard]] std::uint32_t first_entry() const noexcept { return layer_begin_; }
  [[nodiscard]] std::uint32_t end_entry() const noexcept { return static_cast<std::uint32_t>(entries_.size()); }
  [[nodiscard]] std::size_t layer_size() const noexcept { return entries_.size() - layer_begin_; }
  [[nodiscard]] const Entry& entry(std::uint32_t number) const noexcept { return entries_[number]; }
  // How many walks lead to an entry, as far as they count.
  [[nodiscard]] std::uint64_t walks(std::uint32_t number) const noexcept {
    return one_walk_ ? 1 : counts_[number].walks;
  }
  [[nodiscard]] const Link& link(std::uint32_t number) const noexcept { return links_[number]; }
  // The pair's entry of the last layer; kNone when it has none.
  [[nodiscard]] std::uint32_t find(Node node, WalkAutomaton::State state) const noexcept;
  [[nodiscard]] const WalkAutomaton& automaton() const noexcept { return plan_.automaton; }

 private:
  void reach(std::uint32_t from, Node node, WalkAutomaton::State state, EdgeName name);
  [[nodiscard]] bool meets(const Layers& other, Node node, WalkAutomaton::State state) const;
  [[nodiscard]] bool expand(std::span<const std::uint32_t> entries, const Layers* other);
  void look_ahead(WalkGraph::LabelNumber label, WalkAutomaton::State to, std::size_t i) const noexcept;
  void ask_inner();
  void charge();

  WalkGraph& graph_;
  const WalkPlan& plan_;
  const WalkWish& wish_;
  bool one_walk_;  // is all that is wanted of each pair
  runtime::Budget& budget_;
  StateIndex index_;  // the pair's last entry, plus 1
  LargeArray<Entry> entries_;
  LargeArray<Counts> counts_;  // by entry; unless one walk is all that is wanted of each pair
  LargeArray<Link> links_;
  std::uint32_t layer_begin_ = 0;
  std::uint32_t next_begin_ = 0;
  std::size_t length_ = 0;
  runtime::Charge charge_;
  // Kept for their memory.
  std::vector<std::uint32_t> sorted_;  // entries of a layer by state
  std::vector<Node> nodes_;
};

// Lists the walks that lead to an entry. One thread at a time.
class LayeredWalks {
 public:
  explicit LayeredWalks(const Layers& layers) : layers_(layers) {}

  // Begins with the first.
  void begin(std::uint32_t entry);
  // The next; false when there is none.
  [[nodiscard]] bool advance();

  // Calls use(name, node it leads to) for the edges of the walk: from the end to the start of the search's.
  template <class Use>
  void each_backwards(Use use) const {
    for (const Hop& hop : hops_) use(layers_.link(hop.link).name, layers_.entry(hop.entry).node);
  }
  // Likewise with the nodes that they come from.
  template <class Use>
  void each_from(Use use) const {
    for (const Hop& hop : hops_) {
      const Layers::Link& link = layers_.link(hop.link);
      use(link.name, layers_.entry(link.from).node);
    }
  }

 private:
  struct Hop {
    std::uint32_t entry = 0;
    std::uint32_t link = 0;  // one of the entry's
  };
  void descend(std::uint32_t entry);

  const Layers& layers_;
  std::vector<Hop> hops_;
};

// Shortest walks of Selector::any, shortest and shortest_groups. From both ends at once where both are known: layer by
// layer, from the side whose last one is smaller; then all walks of one length are those that meet between the last
// layers. Otherwise from one, and walks come out as ends are found.
class LayeredSearch final : public WalkSearcher {
 public:
  // `back` is of the reverse of forward's automaton.
  LayeredSearch(WalkGraph& graph, const WalkPlan& forward, const WalkPlan& back, WalkWish wish,
                runtime::Budget& budget);

  void begin(Node from, std::optional<Node> to) override;
  [[nodiscard]] bool next(FoundWalk& found) override;

 private:
  // Walks that are to come out: those that lead to an entry, going on, where both ends are known, with the other
  // side's.
  struct Bundle {
    std::uint32_t forward = 0;
    std::uint32_t back = Layers::kNone;
    std::uint64_t walks = 0;  // how many of them
  };

  [[nodiscard]] bool advance();
  // Bundles of the next entries of the last layer.
  void gather_ends();
  void gather_meetings();
  void open(const Bundle& bundle);
  [[nodiscard]] bool to_next_walk();
  void give(FoundWalk& found) const;

  WalkGraph& graph_;
  WalkWish wish_;
  runtime::Budget& budget_;
  Layers forward_;
  Layers back_;
  LayeredWalks forward_walks_;
  LayeredWalks back_walks_;
  bool each_once_ = false;  // ends other than the start are met once, whatever the graph
  Node from_ = 0;
  std::optional<Node> to_;
  bool done_ = true;
  bool back_moved_ = false;  // the side that made its last layer last
  std::uint64_t given_ = 0;  // of the one pair, when both ends are known: walks, or groups
  struct End {
    Node node = 0;
    std::size_t length = 0;  // of its last group
    std::uint64_t given = 0;
  };
  std::vector<End> ends_;
  StateIndex end_index_;        // of ends_, plus 1
  std::uint32_t next_end_ = 0;  // entry that gather_ends() goes on with
  std::vector<Bundle> bundles_;
  std::size_t next_bundle_ = 0;
  std::uint64_t left_ = 0;  // walks of the open bundle
  runtime::Charge charge_;
};

}  // namespace akyn::path
