#include "tests/path/support.h"

#include <algorithm>

namespace akyn::path::test {

GraphStore::GraphStore() : database_(storage::Database::in_memory({})), writer_(database_->begin()) {}

Id GraphStore::id(char kind, int number) {
  return writer_->intern(iri(std::string("urn:") + kind + std::to_string(number)).view());
}

void GraphStore::add(int from, int predicate, int to, std::optional<int> graph) {
  writer_->insert({id('n', from), id('p', predicate), id('n', to), graph ? id('g', *graph) : storage::kDefaultGraph});
}

void GraphStore::commit() {
  writer_->commit();
  writer_.reset();
}

void ListedEdges::list_all(std::uint32_t step, std::vector<VirtualEdge>& out) {
  for (const Edge& edge : edges_) {
    if (edge.step == step) out.push_back(edge.edge);
  }
}

bool ListedEdges::list(std::uint32_t step, std::span<const Id> nodes, bool inverse, std::vector<VirtualEdge>& out) {
  if (all_at_once_) {
    list_all(step, out);
    return true;
  }
  for (const Edge& edge : edges_) {
    const Id node = inverse ? edge.edge.to : edge.edge.from;
    if (edge.step == step && std::binary_search(nodes.begin(), nodes.end(), node)) out.push_back(edge.edge);
  }
  return false;
}

Session::Session(const GraphStore& store, const std::vector<int>& graphs, runtime::ExecutionLimits limits,
                 std::uint64_t lookup_cost)
    : terms(store.snapshot()), budget(limits, terms), graph(active(graphs), terms, budget, lookup_cost) {}

runtime::ActiveGraph Session::active(const std::vector<int>& graphs) {
  std::vector<storage::GraphScope> scopes;
  for (const int number : graphs) {
    scopes.push_back(storage::GraphScope::named(terms.id(iri("urn:g" + std::to_string(number)))));
  }
  if (graphs.empty()) scopes.push_back(storage::GraphScope::default_graph());
  return runtime::ActiveGraph(std::move(scopes));
}

int Session::number(Id node) const {
  return std::stoi(std::string(terms.term(node).value().substr(5)));
}

PlainWalk Session::plain(const Walk& walk) const {
  PlainWalk plain{number(walk.start), {}};
  for (const WalkStep& step : walk.steps) {
    plain.steps.push_back({number(step.predicate), step.inverse, step.is_step, number(step.to)});
  }
  return plain;
}

std::vector<std::string> Session::walks(const sparql::PathNode& expression, const WalkRequest& request, int start,
                                        int end) {
  const auto search = this->search(expression, request);
  search->begin(start < 0 ? Id() : node(start), end < 0 ? Id() : node(end));
  std::vector<std::string> texts;
  Walk walk;
  while (search->next(walk)) texts.push_back(plain(walk).to_string());
  std::sort(texts.begin(), texts.end());
  return texts;
}

sparql::PathNode link(int predicate) {
  return {sparql::PathLink{iri(predicate_iri(predicate))}};
}

sparql::PathNode inverse(sparql::PathNode path) {
  return {sparql::PathInverse{std::move(path)}};
}

sparql::PathNode either(sparql::PathNode path) {
  return {sparql::PathEither{std::move(path)}};
}

sparql::PathNode sequence(std::vector<sparql::Path> steps) {
  return {sparql::PathSequence{std::move(steps)}};
}

sparql::PathNode alternative(std::vector<sparql::Path> choices) {
  return {sparql::PathAlternative{std::move(choices)}};
}

sparql::PathNode repeat(sparql::PathNode path, std::uint32_t min, std::optional<std::uint32_t> max) {
  return {sparql::PathRepeat{std::move(path), min, max}};
}

sparql::PathNode negated(const std::vector<int>& forward, const std::vector<int>& inverse) {
  sparql::PathNegated negated;
  for (const int predicate : forward) negated.forward.push_back(iri(predicate_iri(predicate)));
  for (const int predicate : inverse) negated.inverse.push_back(iri(predicate_iri(predicate)));
  return {std::move(negated)};
}

sparql::PathNode step(std::uint32_t number, bool has_cost) {
  sparql::PathStep step;
  step.number = number;
  step.iri = iri("urn:s" + std::to_string(number));
  if (has_cost) step.cost.emplace();
  return {std::move(step)};
}

}  // namespace akyn::path::test
