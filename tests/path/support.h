// Small graphs in a store, and searches in them.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/path/walk_search.h"
#include "engine/storage/database.h"
#include "tests/path/walk_oracle.h"

namespace akyn::path::test {

// Nodes are <urn:n0> ..., predicates <urn:p0> ..., graphs <urn:g0> ...
class GraphStore {
 public:
  GraphStore();
  // To the default graph, or a named one.
  void add(int from, int predicate, int to, std::optional<int> graph = {});
  void commit();

  [[nodiscard]] std::shared_ptr<const storage::Snapshot> snapshot() const { return database_->snapshot(); }

 private:
  [[nodiscard]] Id id(char kind, int number);

  std::shared_ptr<storage::Database> database_;
  std::unique_ptr<storage::Writer> writer_;
};

// STEP edges from a list. Gives them as a sub-plan might: all at once when it likes, some of them twice.
class ListedEdges final : public EdgeSource {
 public:
  struct Edge {
    std::uint32_t step = 0;
    VirtualEdge edge;
  };
  void add(std::uint32_t step, Id from, Id to, Decimal cost) { edges_.push_back({step, {from, to, std::move(cost)}}); }
  void gives_all_at_once(bool yes) { all_at_once_ = yes; }

  void list_all(std::uint32_t step, std::vector<VirtualEdge>& out) override;
  [[nodiscard]] bool list(std::uint32_t step, std::span<const Id> nodes, bool inverse,
                          std::vector<VirtualEdge>& out) override;

 private:
  std::vector<Edge> edges_;
  bool all_at_once_ = false;
};

// What a search needs around it.
class Session {
 public:
  // Of the default graph, or the merge of named ones.
  explicit Session(const GraphStore& store, const std::vector<int>& graphs = {}, runtime::ExecutionLimits limits = {},
                   std::uint64_t lookup_cost = Graph::kLookupCost);

  [[nodiscard]] Id node(int number) { return terms.id(iri("urn:n" + std::to_string(number))); }
  [[nodiscard]] int number(Id node) const;
  [[nodiscard]] PlainWalk plain(const Walk& walk) const;
  [[nodiscard]] std::unique_ptr<WalkSearch> search(const sparql::PathNode& expression, WalkRequest request) {
    return std::make_unique<WalkSearch>(graph, expression, std::move(request), &steps, terms, budget);
  }
  // All that a search finds between two ends, -1: open; as texts, sorted.
  [[nodiscard]] std::vector<std::string> walks(const sparql::PathNode& expression, const WalkRequest& request,
                                               int start, int end);

  runtime::LocalTerms terms;
  runtime::Budget budget;
  Graph graph;
  ListedEdges steps;

 private:
  [[nodiscard]] runtime::ActiveGraph active(const std::vector<int>& graphs);
};

// Expressions.
[[nodiscard]] sparql::PathNode link(int predicate);
[[nodiscard]] sparql::PathNode inverse(sparql::PathNode path);
[[nodiscard]] sparql::PathNode either(sparql::PathNode path);
[[nodiscard]] sparql::PathNode sequence(std::vector<sparql::Path> steps);
[[nodiscard]] sparql::PathNode alternative(std::vector<sparql::Path> choices);
[[nodiscard]] sparql::PathNode repeat(sparql::PathNode path, std::uint32_t min, std::optional<std::uint32_t> max = {});
[[nodiscard]] sparql::PathNode negated(const std::vector<int>& forward, const std::vector<int>& inverse);
[[nodiscard]] sparql::PathNode step(std::uint32_t number, bool has_cost);

// The error an action throws, as its message; "no error" otherwise.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace akyn::path::test
