// Searches for paths: reachability from one end, between two ends, and of all pairs.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/algebra/translate.h"
#include "engine/exec/path_operator.h"
#include "engine/path/estimate.h"
#include "engine/storage/database.h"
#include "parser/sparql/parse.h"

namespace {

using namespace akyn;

// A graph of one predicate, <urn:p>, in memory.
class Edges {
 public:
  Edges()
      : database_(storage::Database::in_memory({})),
        writer_(database_->begin()),
        p_(writer_->intern(iri("urn:p").view())) {}

  void nodes(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) nodes_.push_back(writer_->intern(iri("urn:n" + std::to_string(i)).view()));
  }
  void add(std::size_t from, std::size_t to) {
    writer_->insert({nodes_[from], p_, nodes_[to], storage::kDefaultGraph});
  }
  void finish() {
    writer_->commit();
    writer_.reset();
    database_->optimize();
  }
  [[nodiscard]] std::shared_ptr<const storage::Snapshot> snapshot() const { return database_->snapshot(); }

 private:
  std::shared_ptr<storage::Database> database_;
  std::unique_ptr<storage::Writer> writer_;
  Id p_;
  std::vector<Id> nodes_;
};

// 1 M edges between 200,000 nodes, of which few have many.
const Edges& power_law() {  // made when first asked for
  static const std::unique_ptr<Edges> edges = [] {
    constexpr std::size_t kNodes = 200'000;
    auto result = std::make_unique<Edges>();
    result->nodes(kNodes);
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    const auto node = [&] {
      const auto rank = static_cast<std::size_t>(std::pow(uniform(random), 3.0) * kNodes);
      return rank * 7919 % kNodes;  // spread over the Ids
    };
    for (std::size_t i = 0; i < 1'000'000; ++i) result->add(node(), node());
    result->finish();
    return result;
  }();
  return *edges;
}

// Trees: every node but some has one edge to an earlier one.
std::unique_ptr<Edges> forest(std::size_t count) {
  auto result = std::make_unique<Edges>();
  result->nodes(count);
  std::mt19937_64 random(9);
  for (std::size_t i = count / 100 + 1; i < count; ++i) result->add(i, random() % i);
  result->finish();
  return result;
}

// A run with what it needs around it.
struct Session {
  explicit Session(const Edges& edges, const std::string& path = "<urn:p>+")
      : query(algebra::translate(sparql::parse_query("SELECT * { ?x " + path + " ?y }"))),
        terms(edges.snapshot()),
        run(query, terms, environment),
        graph(std::make_shared<path::Graph>(run.dataset().default_graph(), terms, run.budget())) {}

  [[nodiscard]] const algebra::PathPattern& pattern() const {
    return std::get<algebra::PathPattern>((query.root->inputs.empty() ? query.root : query.root->inputs[0])->op);
  }
  [[nodiscard]] Id node(std::size_t i) { return terms.id(iri("urn:n" + std::to_string(i))); }
  [[nodiscard]] std::size_t rows(const exec::PathEnd& subject, const exec::PathEnd& object) {
    exec::PathOperator paths(run, graph, *pattern().path, subject, object, nullptr);
    exec::Batch batch;
    std::size_t rows = 0;
    while (paths.next(batch)) rows += batch.rows();
    return rows;
  }

  algebra::Query query;
  runtime::LocalTerms terms;
  runtime::Environment environment;
  exec::Run run;
  std::shared_ptr<path::Graph> graph;
};

void from_one_end(benchmark::State& state) {
  std::size_t rows = 0;
  power_law();
  for (auto step : state) {
    Session session(power_law());
    rows = session.rows(session.node(4711), exec::Slot{1});
  }
  state.counters["rows"] = static_cast<double>(rows);
}
BENCHMARK(from_one_end)->Unit(benchmark::kMillisecond);

void from_one_end_known_edges(benchmark::State& state) {
  Session session(power_law());
  std::size_t i = 0;
  for (auto step : state) benchmark::DoNotOptimize(session.rows(session.node(i += 31), exec::Slot{1}));
}
BENCHMARK(from_one_end_known_edges)->Unit(benchmark::kMillisecond);

void between_two_ends(benchmark::State& state) {
  std::mt19937_64 random(3);
  std::size_t found = 0;
  for (auto step : state) {
    Session session(power_law());
    found += session.rows(session.node(random() % 200'000), session.node(random() % 200'000));
  }
  state.counters["found"] = benchmark::Counter(static_cast<double>(found), benchmark::Counter::kAvgIterations);
}
BENCHMARK(between_two_ends)->Unit(benchmark::kMicrosecond);

void between_two_ends_known_edges(benchmark::State& state) {
  std::mt19937_64 random(3);
  Session session(power_law());
  for (auto step : state) {
    benchmark::DoNotOptimize(session.rows(session.node(random() % 200'000), session.node(random() % 200'000)));
  }
}
BENCHMARK(between_two_ends_known_edges)->Unit(benchmark::kMicrosecond);

void all_pairs_of_forest(benchmark::State& state) {
  const auto edges = forest(static_cast<std::size_t>(state.range(0)));
  std::size_t rows = 0;
  for (auto step : state) {
    Session session(*edges);
    rows = session.rows(exec::Slot{0}, exec::Slot{1});
  }
  state.counters["rows"] = static_cast<double>(rows);
}
BENCHMARK(all_pairs_of_forest)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// The first 100,000 pairs, and the first alone.
void some_pairs_of_power_law(benchmark::State& state) {
  const auto wanted = static_cast<std::size_t>(state.range(0));
  for (auto step : state) {
    Session session(power_law());
    exec::PathOperator paths(session.run, session.graph, *session.pattern().path, exec::Slot{0}, exec::Slot{1},
                             nullptr);
    exec::Batch batch;
    for (std::size_t rows = 0; rows < wanted && paths.next(batch);) rows += batch.rows();
  }
}
BENCHMARK(some_pairs_of_power_law)->Arg(1)->Arg(20'000'000)->Unit(benchmark::kMillisecond);

void on_cycles(benchmark::State& state) {
  std::size_t rows = 0;
  power_law();
  for (auto step : state) {
    Session session(power_law());
    rows = session.rows(exec::Slot{0}, exec::Slot{0});
  }
  state.counters["rows"] = static_cast<double>(rows);
}
BENCHMARK(on_cycles)->Unit(benchmark::kMillisecond);

void estimate_power_law(benchmark::State& state) {
  double rows = 0;
  for (auto step : state) {
    Session session(power_law());
    const path::Automaton automaton(*session.pattern().path, session.terms);
    rows = path::estimate(*session.graph, automaton, session.run.budget()).rows(true, false);
  }
  state.counters["from one end"] = rows;
}
BENCHMARK(estimate_power_law)->Unit(benchmark::kMicrosecond);

}  // namespace
