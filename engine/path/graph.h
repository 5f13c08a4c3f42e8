// An active graph as path searches see it: nodes with dense numbers, and what has been read of their edges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/path/automaton.h"
#include "engine/path/edge_range.h"
#include "engine/path/large_array.h"
#include "engine/path/node_table.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"

namespace akyn::path {

// Edges are read when first asked for, node by node, and remembered: searches from many starts share them. When as many
// nodes of a label have been asked for that reading all its edges would have cost no more, all are read, once. What it
// holds is charged to the budget.
//
// Made once for a run and an active graph, and shared by the operators that search it. One thread at a time.
class Graph {
 public:
  // Rows of a scan that are taken to cost as much as looking up one node.
  static constexpr std::uint64_t kLookupCost = 40;

  // `terms` and `budget` must outlive it.
  Graph(const runtime::ActiveGraph& graph, runtime::LocalTerms& terms, runtime::Budget& budget,
        std::uint64_t lookup_cost = kLookupCost);
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  // While there is one, the numbers of nodes stay.
  class Use {
   public:
    explicit Use(Graph& graph) : graph_(graph) { ++graph_.uses_; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { --graph_.uses_; }

   private:
    Graph& graph_;
  };

  using LabelNumber = std::size_t;
  // The label's number here, for the functions below; with `predicates`, those of its edges are remembered.
  // Precondition: no STEP, and negated with `predicates`.
  [[nodiscard]] LabelNumber label(const Label& label, bool predicates = false);

  // Numbers hold as long as there is a Use.
  [[nodiscard]] Node node(Id id) { return nodes_.number(id); }
  [[nodiscard]] Id id(Node node) const noexcept { return nodes_.id(node); }
  // Tells the processor that it will be called soon.
  [[gnu::always_inline]] void expect_id(Node node) const noexcept { nodes_.expect(node); }
  // Numbers in use; grows as edges are read.
  [[nodiscard]] std::size_t nodes() const noexcept { return nodes_.size(); }

  // Reads what is not known of the edges of these nodes, which may be in any order.
  void load(LabelNumber label, std::span<const Node> nodes);
  void load_all(LabelNumber label);
  // Where the edges of a node lead: each once, by ascending Ids of where they lead, then of their predicates where
  // these are remembered, and otherwise nodes once. Valid until edges of this label are read. Precondition: load() has
  // been called for it.
  [[nodiscard]] std::span<const Node> neighbours(LabelNumber label, Node node) const noexcept {
    const Edges& edges = edges_[label];
    const std::uint64_t list = node < edges.lists.size() ? edges.lists[node] : kUnknown;
    if (list == kUnknown) return {};
    return {edges.targets.data() + list + 1, edges.targets[list]};
  }
  // Tells the processor that the edges of a node will be asked for soon; best in two steps, some time apart: where they
  // are, then they themselves.
  [[gnu::always_inline]] void expect_place(LabelNumber label, Node node) const noexcept {
    const auto& lists = edges_[label].lists;
    if (node < lists.size()) __builtin_prefetch(&lists[node]);
  }
  [[gnu::always_inline]] void expect_edges(LabelNumber label, Node node) const noexcept {
    const Edges& edges = edges_[label];
    if (node < edges.lists.size() && edges.lists[node] != kUnknown)
      __builtin_prefetch(&edges.targets[edges.lists[node]]);
  }
  // Numbers of the predicates of these edges. Precondition: the label remembers them.
  [[nodiscard]] const std::uint32_t* predicates(LabelNumber label, Node node) const noexcept {
    const Edges& edges = edges_[label];
    const std::uint64_t list = node < edges.lists.size() ? edges.lists[node] : kUnknown;
    return list == kUnknown ? nullptr : edges.predicates.data() + list + 1;
  }
  [[nodiscard]] Id predicate(std::uint32_t number) const noexcept { return predicates_.id(number); }
  // The number of a predicate, or whatever else names edges; these numbers stay.
  [[nodiscard]] std::uint32_t predicate_number(Id predicate) { return predicates_.number(predicate); }

  // Whether it is a subject or an object.
  [[nodiscard]] bool contains(Node node);

  // All nodes that have edges of one of the labels, or all subjects and objects; ascending.
  [[nodiscard]] std::vector<Id> starts_of(const std::vector<Label>& labels);
  [[nodiscard]] std::vector<Id> all_nodes();

  // Rows that hold edges of the label: as many as there are, or more where graphs overlap. Reads nothing.
  [[nodiscard]] std::uint64_t edge_count(const Label& label) const;
  // For reading the edges themselves.
  [[nodiscard]] std::vector<EdgeCursor> cursors(const Label& label) const;

  // About `count` nodes that edges of the label start from, spread over them; ascending. Costs that many look-ups.
  [[nodiscard]] std::vector<Id> sample(const Label& label, std::size_t count) const;

  // Starts anew when what is held has taken half of the memory that there was for it and there is no Use.
  void forget_if_large();
  // How often it has: what is known of the numbers of nodes holds as long as this.
  [[nodiscard]] std::size_t forgotten() const noexcept { return forgotten_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  static constexpr std::uint64_t kUnknown = ~std::uint64_t{0};
  // Of one label. A list is the number of targets, then the targets.
  struct Edges {
    Label label;
    LargeArray<std::uint64_t> lists;  // by node: where its list is; those beyond the end are unknown
    LargeArray<Node> targets;         // at 0 the empty list
    bool keeps_predicates = false;
    LargeArray<std::uint32_t> predicates;  // then at the same places
    bool complete = false;                 // what is unknown is empty
    std::uint64_t rows = 0;                // that load_all() would read
    std::uint64_t lookups = 0;
    std::vector<EdgeCursor> cursors;
  };

  void forget(Edges& edges);
  // Scans a range, and calls use(rows, numbers) for some thousand edges at a time, with the numbers of their targets.
  template <class UseRows>
  void scan(const Edges& edges, const EdgeRange& range, UseRows use);
  void read_lists(Edges& edges, const EdgeRange& range);
  void read_links(Edges& edges, const std::vector<EdgeRange>& ranges);
  [[nodiscard]] bool pays_to_load_all(const Edges& edges, std::size_t lookups) const;
  void set_list(Edges& edges, Node node, std::span<const Id> targets);
  void set_whole_list(Edges& edges, Node node, std::span<const Edge> list);
  void begin_list(Edges& edges, Node node, std::size_t size);
  void sort_lists(Edges& edges);
  void charge();
  // All nodes from this number on are in the graph.
  void mark_contained(std::size_t first);

  runtime::ActiveGraph graph_;
  runtime::LocalTerms& terms_;
  runtime::Budget& budget_;
  std::shared_ptr<const storage::Version> version_;
  NodeTable nodes_;
  NodeTable predicates_;
  std::vector<Edges> edges_;
  enum class Presence : std::uint8_t { unknown, absent, present };
  std::vector<Presence> presence_;  // by node; those beyond the end are unknown
  runtime::Charge charge_;
  std::size_t charged_ = 0;
  std::uint64_t lookup_cost_;
  std::size_t uses_ = 0;
  std::size_t forgotten_ = 0;
  // Kept for their memory.
  std::vector<Node> missing_;
  std::vector<Node> numbers_;
  std::vector<Id> targets_;
  std::vector<Edge> whole_;
};

}  // namespace akyn::path
