// Searches for the paths of PATH: between two nodes of a large graph, to all within some edges, and of many answers.
//
// AKYN_WALK_EDGES says how many edges the large graph has; 10 M unless set. AKYN_WALK_STORE is the directory of a store
// that holds them already, <urn:p> between <urn:n0>, <urn:n1> ..., a fifth as many nodes: making them takes minutes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/path/search.h"
#include "engine/path/walk_search.h"
#include "engine/storage/database.h"

namespace {

using namespace akyn;

sparql::PathNode one_or_more() {
  return {sparql::PathRepeat{sparql::PathNode{sparql::PathLink{iri("urn:p")}}, 1, {}}};
}

class Edges {
 public:
  Edges() : database_(storage::Database::in_memory({})), writer_(database_->begin()) {}
  explicit Edges(const std::filesystem::path& store) : database_(storage::Database::open(store, {})) {}

  void add(std::size_t from, std::size_t to) {
    if (nodes_.size() <= std::max(from, to)) nodes_.resize(std::max(from, to) + 1);
    writer_->insert({node(from), predicate(), node(to), storage::kDefaultGraph});
    if (++pending_ < kCommitEdges) return;
    commit();
    writer_ = database_->begin();
  }
  void finish() {
    commit();
    database_->optimize();
  }
  [[nodiscard]] std::shared_ptr<const storage::Snapshot> snapshot() const { return database_->snapshot(); }

 private:
  static constexpr std::size_t kCommitEdges = 1'000'000;

  [[nodiscard]] Id predicate() {
    if (!predicate_.is_bound()) predicate_ = writer_->intern(iri("urn:p").view());
    return predicate_;
  }
  [[nodiscard]] Id node(std::size_t number) {
    Id& id = nodes_[number];
    if (!id.is_bound()) id = writer_->intern(iri("urn:n" + std::to_string(number)).view());
    return id;
  }
  void commit() {
    writer_->commit();
    writer_.reset();
    pending_ = 0;
    nodes_.assign(nodes_.size(), Id());  // terms get other Ids when they are committed
    predicate_ = Id();
  }

  std::shared_ptr<storage::Database> database_;
  std::unique_ptr<storage::Writer> writer_;
  std::vector<Id> nodes_;
  Id predicate_;
  std::size_t pending_ = 0;
};

std::size_t edge_count() {
  const char* text = std::getenv("AKYN_WALK_EDGES");
  return text == nullptr ? 10'000'000 : std::strtoull(text, nullptr, 10);
}
std::size_t node_count() {
  return edge_count() / 5;
}

// Few nodes have many edges.
const Edges& power_law() {  // made when first asked for
  static const std::unique_ptr<Edges> edges = [] {
    if (const char* store = std::getenv("AKYN_WALK_STORE")) return std::make_unique<Edges>(store);
    auto result = std::make_unique<Edges>();
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    const std::size_t nodes = node_count();
    const auto node = [&] {
      const auto rank = static_cast<std::size_t>(std::pow(uniform(random), 3.0) * static_cast<double>(nodes));
      return rank * 7919 % nodes;  // spread over the Ids
    };
    for (std::size_t i = 0; i < edge_count(); ++i) {
      const std::size_t from = node();
      result->add(from, node());
    }
    result->finish();
    return result;
  }();
  return *edges;
}

std::unique_ptr<Edges> diamonds(std::size_t count) {
  auto result = std::make_unique<Edges>();
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::size_t side : {1'000 + 2 * i, 1'001 + 2 * i}) {
      result->add(i, side);
      result->add(side, i + 1);
    }
  }
  result->finish();
  return result;
}

struct Session {
  explicit Session(const Edges& edges)
      : terms(edges.snapshot()),
        budget({}, terms),
        graph(runtime::ActiveGraph({storage::GraphScope::default_graph()}), terms, budget) {}

  [[nodiscard]] Id node(std::size_t number) { return terms.id(iri("urn:n" + std::to_string(number))); }

  runtime::LocalTerms terms;
  runtime::Budget budget;
  path::Graph graph;
};

std::size_t count(path::WalkSearch& search, std::size_t most = SIZE_MAX) {
  std::size_t walks = 0;
  for (path::Walk walk; walks < most && search.next(walk);) ++walks;
  return walks;
}

// Nothing is known of the graph when a search begins; `median` and `p95` are of single searches.
void between_two(benchmark::State& state, path::WalkRequest request, bool fresh) {
  std::mt19937_64 random(3);
  power_law();
  std::vector<double> times;
  std::size_t found = 0;
  auto session = std::make_unique<Session>(power_law());
  for (auto step : state) {
    const std::size_t from = random() % node_count();
    const std::size_t to = random() % node_count();
    const auto begin = std::chrono::steady_clock::now();
    if (fresh) session = std::make_unique<Session>(power_law());
    path::WalkSearch search(session->graph, one_or_more(), request, nullptr, session->terms, session->budget);
    search.begin(session->node(from), session->node(to));
    found += count(search, 100);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  state.counters["median_ms"] = times[times.size() / 2];
  state.counters["p95_ms"] = times[times.size() * 95 / 100];
  state.counters["found"] = benchmark::Counter(static_cast<double>(found), benchmark::Counter::kAvgIterations);
}

void any_shortest_between_two(benchmark::State& state) {
  between_two(state, {}, true);
}
BENCHMARK(any_shortest_between_two)->Unit(benchmark::kMillisecond)->Iterations(101);

void any_shortest_between_two_known_edges(benchmark::State& state) {
  between_two(state, {}, false);
}
BENCHMARK(any_shortest_between_two_known_edges)->Unit(benchmark::kMillisecond)->Iterations(301);

void all_shortest_between_two(benchmark::State& state) {
  path::WalkRequest request;
  request.selector = path::Selector::shortest_groups;
  between_two(state, request, true);
}
BENCHMARK(all_shortest_between_two)->Unit(benchmark::kMillisecond)->Iterations(101);

// Of a node with many edges; edges that are seen from nodes within two.
void to_all_within_three(benchmark::State& state) {
  power_law();
  std::size_t walks = 0;
  std::size_t edges = 0;
  for (auto step : state) {
    Session session(power_law());
    path::WalkRequest request;
    request.max_length = 3;
    path::WalkSearch search(session.graph, one_or_more(), request, nullptr, session.terms, session.budget);
    search.begin(session.node(7919), Id());
    std::vector<Id> expanded{session.node(7919)};
    walks = 0;
    for (path::Walk walk; search.next(walk); ++walks) {
      if (walk.length < 3) expanded.push_back(walk.end);
    }
    state.PauseTiming();
    edges = 0;
    const auto label = session.graph.label({false, false, {session.terms.id(iri("urn:p"))}});
    for (const Id id : expanded) {
      const path::Node node = session.graph.node(id);
      session.graph.load(label, {&node, 1});
      edges += session.graph.neighbours(label, node).size();
    }
    state.ResumeTiming();
  }
  state.counters["ends"] = static_cast<double>(walks);
  state.counters["edges"] = static_cast<double>(edges);
  state.counters["edges_per_s"] = benchmark::Counter(
      static_cast<double>(edges * static_cast<std::size_t>(state.iterations())), benchmark::Counter::kIsRate);
}
BENCHMARK(to_all_within_three)->Unit(benchmark::kMillisecond)->Iterations(3);

void first_of_diamonds(benchmark::State& state) {
  const auto edges = diamonds(40);
  path::WalkRequest request;
  if (state.range(0) == 0) {
    request.selector = path::Selector::shortest_groups;
  } else {
    request.selector = path::Selector::all;
    request.mode = path::WalkMode::trail;
    request.max_length = 80;
  }
  std::size_t bytes = 0;
  for (auto step : state) {
    Session session(*edges);
    const std::size_t available = session.budget.available();
    path::WalkSearch search(session.graph, one_or_more(), request, nullptr, session.terms, session.budget);
    search.begin(session.node(0), session.node(40));
    if (count(search, static_cast<std::size_t>(state.range(1))) == 0) state.SkipWithError("no walks");
    bytes = available - session.budget.available();
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(first_of_diamonds)
    ->ArgNames({"trails", "walks"})
    ->Args({0, 100'000})
    ->Args({1, 100'000})
    ->Args({1, 1'000'000})
    ->Unit(benchmark::kMillisecond);

}  // namespace
