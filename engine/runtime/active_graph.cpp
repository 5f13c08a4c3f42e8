#include "engine/runtime/active_graph.h"

#include <algorithm>

namespace akyn::runtime {

namespace {

bool is_local_pattern(const TripleIds& pattern) {
  return pattern.subject.is_local() || pattern.predicate.is_local() || pattern.object.is_local();
}

storage::TriplePattern stored(const TripleIds& pattern) {
  return {pattern.subject, pattern.predicate, pattern.object};
}

bool overlaps_itself(storage::GraphScope scope) {
  return scope.kind == storage::GraphScope::Kind::all || scope.kind == storage::GraphScope::Kind::all_named;
}

}  // namespace

void ActiveGraph::match(const TripleIds& pattern, LocalTerms& terms, Budget& budget, const Use& use) const {
  budget.step();
  if (scopes_.empty() || is_local_pattern(pattern)) return;
  if (scopes_.size() == 1) {
    match_scope(pattern, scopes_.front(), terms, budget, use);
    return;
  }
  std::vector<TripleIds> merged;
  for (const storage::GraphScope scope : scopes_) {
    match_scope(pattern, scope, terms, budget, [&](const TripleIds& triple) {
      merged.push_back(triple);
      return true;
    });
  }
  std::sort(merged.begin(), merged.end());
  merged.erase(std::unique(merged.begin(), merged.end()), merged.end());
  for (const TripleIds& triple : merged) {
    if (!use(triple)) return;
  }
}

void ActiveGraph::match_scope(const TripleIds& pattern, storage::GraphScope scope, LocalTerms& terms, Budget& budget,
                              const Use& use) const {
  const std::unique_ptr<storage::Scan> scan = terms.snapshot().scan(stored(pattern), scope);
  const bool overlaps = overlaps_itself(scope);
  storage::ScanBatch batch;
  TripleIds last;
  while (scan->next(batch)) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      budget.step();
      const TripleIds triple{batch.subjects[i], batch.predicates[i], batch.objects[i]};
      if (overlaps && triple == last) continue;  // sorted: the same triple of another graph
      last = triple;
      if (!use(triple)) return;
    }
  }
}

bool ActiveGraph::contains(const TripleIds& pattern, LocalTerms& terms, Budget& budget) const {
  bool found = false;
  match(pattern, terms, budget, [&](const TripleIds&) {
    found = true;
    return false;
  });
  return found;
}

std::uint64_t ActiveGraph::estimate(const TripleIds& pattern, const LocalTerms& terms) const {
  if (is_local_pattern(pattern)) return 0;
  std::uint64_t total = 0;
  for (const storage::GraphScope scope : scopes_) total += terms.snapshot().count(stored(pattern), scope);
  return total;
}

bool ActiveGraph::has_node(Id node, LocalTerms& terms, Budget& budget) const {
  return contains({node, Id(), Id()}, terms, budget) || contains({Id(), Id(), node}, terms, budget);
}

Dataset::Dataset(const algebra::Dataset& dataset, bool union_default_graph, LocalTerms& terms) : terms_(terms) {
  if (dataset.default_graphs) {
    std::vector<Id> graphs;
    for (const Term& graph : *dataset.default_graphs) {
      const Id id = terms.id(graph);
      if (!id.is_local() && std::find(graphs.begin(), graphs.end(), id) == graphs.end()) graphs.push_back(id);
    }
    for (const Id graph : graphs) default_scopes_.push_back(storage::GraphScope::named(graph));
  } else {
    default_scopes_ = {union_default_graph ? storage::GraphScope::all() : storage::GraphScope::default_graph()};
  }
  default_graph_ = ActiveGraph(default_scopes_);
  if (dataset.named_graphs) {
    names_.emplace();
    for (const Term& graph : *dataset.named_graphs) {
      const Id id = terms.id(graph);
      if (std::find(names_->begin(), names_->end(), id) == names_->end()) names_->push_back(id);
    }
  }
}

std::vector<Id> Dataset::names() const {
  return names_ ? *names_ : terms_.snapshot().named_graphs();
}

std::optional<ActiveGraph> Dataset::named(Id name, Budget& budget) const {
  ActiveGraph graph;
  if (name.is_bound() && !name.is_local()) graph = ActiveGraph({storage::GraphScope::named(name)});
  const bool exists =
      names_ ? std::find(names_->begin(), names_->end(), name) != names_->end() : graph.contains({}, terms_, budget);
  if (!exists) return std::nullopt;
  return graph;
}

ActiveGraph Dataset::everything() const {
  if (!names_) {
    // A default graph made of named graphs lies within these.
    const auto is_store_default = [](const storage::GraphScope& scope) {
      return scope.kind != storage::GraphScope::Kind::named;
    };
    const bool has_default = std::any_of(default_scopes_.begin(), default_scopes_.end(), is_store_default);
    return ActiveGraph({has_default ? storage::GraphScope::all() : storage::GraphScope::all_named()});
  }
  std::vector<storage::GraphScope> scopes = default_scopes_;
  for (const Id name : *names_) {
    if (!name.is_local()) scopes.push_back(storage::GraphScope::named(name));
  }
  return ActiveGraph(std::move(scopes));
}

}  // namespace akyn::runtime
