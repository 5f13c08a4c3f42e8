// The ends of walks from many starts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/path/graph.h"
#include "engine/path/search.h"

namespace akyn::path {

// Finds them for groups of starts. One thread at a time.
class Ends {
 public:
  Ends() = default;
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  virtual ~Ends() = default;

  // Whether list() may be called for it without find().
  [[nodiscard]] virtual bool knows(Id start) const = 0;
  struct Wish {
    bool only_whether = false;  // lists need tell only whether there are any
    bool remember = false;      // the same starts may come again
  };
  // Finds the ends of all of these, which are different and at most kMaxStarts.
  virtual void find(std::span<const Id> starts, Wish wish) = 0;
  // The ends of a start that is known or was in the last group. Valid until the next call of anything here.
  [[nodiscard]] virtual std::span<const Id> list(Id start) = 0;

  // Instead, for a single start: appends more of its ends as they are found; false, with nothing appended, at the end.
  virtual void begin(Id start) = 0;
  [[nodiscard]] virtual bool more(std::vector<Id>& out) = 0;

  // Between groups: forgets results when they have taken too much memory.
  virtual void forget_if_large() = 0;
};

// Distinct ends of the walks that match an automaton. Small results are remembered until they are forgotten.
class SearchedEnds final : public Ends {
 public:
  // What to do with terms that are no nodes of the graph: a walk of no edges leads from each to itself.
  enum class Strangers : std::uint8_t { keep, drop };

  // All three must outlive it.
  SearchedEnds(Graph& graph, const Automaton& automaton, Strangers strangers, runtime::Budget& budget);

  [[nodiscard]] bool knows(Id start) const override { return places_.contains(start); }
  void find(std::span<const Id> starts, Wish wish) override;
  [[nodiscard]] std::span<const Id> list(Id start) override;
  void begin(Id start) override;
  [[nodiscard]] bool more(std::vector<Id>& out) override;
  void forget_if_large() override;

 private:
  struct Place {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
  };

  // Starts, by bit, that are to be dropped.
  [[nodiscard]] Bits strangers();
  void sort_into_lists(std::uint64_t total);
  void charge();

  Graph& graph_;
  Search search_;
  Strangers strangers_;
  bool accepts_empty_;
  runtime::Budget& budget_;
  std::vector<Id> group_;
  std::vector<Node> nodes_;  // of the group
  Bits kept_ = 0;            // those that are no strangers
  bool finished_ = false;
  bool sorted_ = false;  // whether the group's lists are in lists_
  std::array<Place, kMaxStarts> group_places_{};
  std::size_t last_ = 0;  // of the group, whose list was asked for last
  std::unordered_map<Id, Place> places_;
  std::vector<Id> lists_;
  std::vector<Id> large_;  // the last list that was asked for, of those too large for lists_
  Id large_start_;
  runtime::Charge charge_;
  std::size_t charged_ = 0;
};

// One end for every triple whose predicate is not in a set: a negated property set by itself.
class TripleEnds final : public Ends {
 public:
  // Precondition: label.negated.
  TripleEnds(Graph& graph, const Label& label, runtime::Budget& budget);

  [[nodiscard]] bool knows(Id) const override { return false; }
  void find(std::span<const Id> starts, Wish wish) override;
  [[nodiscard]] std::span<const Id> list(Id start) override;
  void begin(Id start) override;
  [[nodiscard]] bool more(std::vector<Id>& out) override;
  void forget_if_large() override {}

 private:
  std::vector<EdgeCursor> cursors_;
  runtime::Budget& budget_;
  std::vector<Id> group_;            // ascending
  std::vector<std::size_t> firsts_;  // in ends_, of each of the group; one more than there are
  std::vector<Id> ends_;
  std::vector<Edge> edges_;
  runtime::Charge charge_;
  std::size_t charged_ = 0;
};

}  // namespace akyn::path
