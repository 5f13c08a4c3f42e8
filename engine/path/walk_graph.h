// The graph that a search for walks sees: stored edges with their predicates, those of STEPs, and INNER's nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/path/edge_source.h"
#include "engine/path/graph.h"
#include "engine/path/walk_automaton.h"

namespace akyn::path {

// How an edge of a walk is called, in 32 bits: its predicate, or the STEP's name, and the direction it has in the walk.
class EdgeName {
 public:
  constexpr EdgeName() noexcept = default;
  // `predicate` is a number of Graph's.
  constexpr EdgeName(std::uint32_t predicate, bool is_step, bool inverse) noexcept
      : bits_(predicate << 2 | std::uint32_t{is_step} << 1 | std::uint32_t{inverse}) {}

  [[nodiscard]] constexpr std::uint32_t predicate() const noexcept { return bits_ >> 2; }
  [[nodiscard]] constexpr bool is_step() const noexcept { return (bits_ & 2) != 0; }
  [[nodiscard]] constexpr bool inverse() const noexcept { return (bits_ & 1) != 0; }
  // Whether both have the same predicate, or name of a STEP.
  [[nodiscard]] constexpr bool same_but_for_direction(EdgeName other) const noexcept {
    return bits_ >> 1 == other.bits_ >> 1;
  }

 private:
  std::uint32_t bits_ = 0;
};

// One thread at a time.
class WalkGraph {
 public:
  using InnerFilter = std::function<void(std::span<const Id> nodes, std::vector<bool>& kept)>;
  using LabelNumber = std::uint32_t;

  // The edges of a node that a label takes, each once.
  struct Edges {
    std::span<const Node> targets;
    const std::uint32_t* predicates = nullptr;  // null: `predicate` of all
    const Decimal* costs = nullptr;             // null: 1
    std::uint32_t predicate = 0;
    bool is_step = false;

    [[nodiscard]] std::size_t size() const noexcept { return targets.size(); }
    [[nodiscard]] EdgeName name(std::size_t edge, bool inverse) const noexcept {
      return {predicates != nullptr ? predicates[edge] : predicate, is_step, inverse};
    }
  };

  // All must outlive it. `step_names` are by the STEPs' numbers; `steps` may be null when there are none.
  WalkGraph(Graph& graph, EdgeSource* steps, std::vector<Id> step_names, InnerFilter inner, runtime::Budget& budget);

  // Precondition: a letter of a WalkAutomaton: of a STEP, of one predicate or negated.
  [[nodiscard]] LabelNumber label(const Label& label);

  // Begins a search: numbers of nodes hold until it ends. What is remembered of edges goes when it is large.
  void begin();
  void end() { use_.reset(); }

  [[nodiscard]] Node node(Id id) { return graph_.node(id); }
  [[nodiscard]] Id id(Node node) const noexcept { return graph_.id(node); }
  [[gnu::always_inline]] void expect_id(Node node) const noexcept { graph_.expect_id(node); }
  [[nodiscard]] std::size_t nodes() const noexcept { return graph_.nodes(); }
  [[nodiscard]] Id predicate(EdgeName name) const noexcept { return graph_.predicate(name.predicate()); }
  [[nodiscard]] bool contains(Node node) { return graph_.contains(node); }

  void load(LabelNumber label, std::span<const Node> nodes);
  // Valid until edges are loaded; their sequence stays. Precondition: load() has been called for the node.
  [[nodiscard]] Edges edges(LabelNumber label, Node node) const;

  // As Graph's.
  [[gnu::always_inline]] void expect_place(LabelNumber label, Node node) const noexcept {
    const Source& source = sources_[label];
    if (!source.label.step) graph_.expect_place(source.stored, node);
  }
  [[gnu::always_inline]] void expect_edges(LabelNumber label, Node node) const noexcept {
    const Source& source = sources_[label];
    if (!source.label.step) graph_.expect_edges(source.stored, node);
  }

  // What an edge of a walk that has been found costs.
  [[nodiscard]] Decimal cost(Node from, EdgeName name, Node to) const;

  // Whether the node may stand between the ends. ask() for many nodes at once is cheaper than keeps() one by one.
  [[nodiscard]] bool filters() const noexcept { return inner_ != nullptr; }
  void ask(std::span<const Node> nodes);
  [[nodiscard]] bool keeps(Node node);

  // Nodes that have edges of one of the labels, and all of the graph; ascending.
  [[nodiscard]] std::vector<Id> starts_of(const std::vector<Label>& labels);
  [[nodiscard]] std::vector<Id> all_nodes() { return graph_.all_nodes(); }

 private:
  struct Source {
    Label label;
    Graph::LabelNumber stored = 0;  // unless it is a STEP's
    std::uint32_t predicate = 0;    // of all its edges, unless negated
  };
  // Edges of a STEP in one direction.
  struct StepLists {
    struct Place {
      std::size_t first = 0;
      std::size_t count = 0;
    };
    std::unordered_map<Node, Place> lists;
    std::vector<Node> targets;
    std::vector<Decimal> costs;
  };
  struct Step {
    StepLists lists[2];     // inverse ones are the second
    bool complete = false;  // those that have no list have no edges
  };

  void load_step(const Source& source, std::span<const Node> nodes);
  void load_whole_step(std::uint32_t step);
  void add_step_edges(StepLists& lists, bool inverse);
  void charge();

  Graph& graph_;
  EdgeSource* steps_source_;
  std::vector<Id> step_names_;
  InnerFilter inner_;
  runtime::Budget& budget_;
  std::vector<Source> sources_;
  std::vector<Step> steps_;  // by number
  enum class Verdict : std::uint8_t { unknown, kept, dropped };
  std::vector<Verdict> verdicts_;  // of INNER, by node; those beyond the end are unknown
  std::optional<Graph::Use> use_;
  std::size_t forgotten_ = 0;  // of the graph, when what is known here was learnt
  runtime::Charge charge_;
  // Kept for their memory.
  std::vector<VirtualEdge> read_;
  std::vector<Id> ids_;
  std::vector<Node> unknown_;
  std::vector<bool> kept_;
};

}  // namespace akyn::path
