// The RDF dataset a query sees, and the graph of it that is active.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"
#include "engine/storage/database.h"

namespace akyn::runtime {

// One graph, or the merge of several: a triple that several of them hold is one triple.
class ActiveGraph {
 public:
  // No graph at all: nothing matches.
  ActiveGraph() = default;
  explicit ActiveGraph(std::vector<storage::GraphScope> scopes) : scopes_(std::move(scopes)) {}

  [[nodiscard]] const std::vector<storage::GraphScope>& scopes() const noexcept { return scopes_; }

  // Calls use(triple) for every match until it returns false. Unbound positions match anything;
  // query-local Ids match nothing.
  using Use = std::function<bool(const TripleIds&)>;
  void match(const TripleIds& pattern, LocalTerms& terms, Budget& budget, const Use& use) const;
  [[nodiscard]] bool contains(const TripleIds& pattern, LocalTerms& terms, Budget& budget) const;
  // Number of matches, or more where graphs overlap.
  [[nodiscard]] std::uint64_t estimate(const TripleIds& pattern, const LocalTerms& terms) const;
  // True when the node is a subject or an object.
  [[nodiscard]] bool has_node(Id node, LocalTerms& terms, Budget& budget) const;

 private:
  void match_scope(const TripleIds& pattern, storage::GraphScope scope, LocalTerms& terms, Budget& budget,
                   const Use& use) const;

  std::vector<storage::GraphScope> scopes_;
};

// Default and named graphs (13.1), as the query's dataset clauses or the store give them.
class Dataset {
 public:
  Dataset(const algebra::Dataset& dataset, bool union_default_graph, LocalTerms& terms);

  [[nodiscard]] const ActiveGraph& default_graph() const noexcept { return default_graph_; }
  // Names of the named graphs, each once.
  [[nodiscard]] std::vector<Id> names() const;
  // The named graph; nothing when the dataset has none of that name.
  [[nodiscard]] std::optional<ActiveGraph> named(Id name, Budget& budget) const;
  // Default and named graphs merged.
  [[nodiscard]] ActiveGraph everything() const;

 private:
  LocalTerms& terms_;
  std::vector<storage::GraphScope> default_scopes_;
  ActiveGraph default_graph_;
  std::optional<std::vector<Id>> names_;  // nothing: those of the store
};

}  // namespace akyn::runtime
