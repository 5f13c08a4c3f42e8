// How long planning takes, from algebra to a plan: what a query costs before it has read anything.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "engine/algebra/translate.h"
#include "engine/exec/run.h"
#include "engine/plan/planner.h"
#include "engine/storage/database.h"
#include "parser/sparql/parse.h"

namespace akyn::plan {
namespace {

constexpr int kPredicates = 64;
constexpr int kNodes = 500;

std::shared_ptr<const storage::Snapshot> snapshot() {
  static const std::shared_ptr<storage::Database> database = [] {
    auto made = storage::Database::in_memory({});
    const auto writer = made->begin();
    const auto node = [&](int i) { return writer->intern(iri("http://example/n" + std::to_string(i)).view()); };
    for (int p = 0; p < kPredicates; ++p) {
      const Id predicate = writer->intern(iri("http://example/p" + std::to_string(p)).view());
      // Each has some more rows than the one before.
      for (int i = 0; i < kNodes * (p + 8) / kPredicates; ++i) {
        writer->insert({node(i), predicate, node((i * 7 + p) % kNodes), storage::kDefaultGraph});
      }
    }
    writer->commit();
    made->optimize();
    return made;
  }();
  return database->snapshot();
}

std::string pattern(const std::string& subject, int predicate, const std::string& object) {
  return subject + " <http://example/p" + std::to_string(predicate) + "> " + object + " . ";
}
std::string variable(int i) {
  return "?v" + std::to_string(i);
}

std::string chain(int patterns) {
  std::string text;
  for (int i = 0; i < patterns; ++i) text += pattern(variable(i), i, variable(i + 1));
  return text;
}
std::string star(int patterns) {
  std::string text;
  for (int i = 0; i < patterns; ++i) text += pattern("?s", i, variable(i));
  return text;
}
// A cycle of half of them, with a ray at each node.
std::string wheel(int patterns) {
  std::string text;
  for (int i = 0; i < patterns / 2; ++i) {
    text += pattern(variable(i), i, variable((i + 1) % (patterns / 2))) +
            pattern(variable(i), i + 32, "?w" + std::to_string(i));
  }
  return text;
}

void plan_of(benchmark::State& state, std::string (*patterns)(int)) {
  const algebra::Query query =
      algebra::translate(sparql::parse_query("SELECT * { " + patterns(static_cast<int>(state.range(0))) + "}", {}));
  const auto data = snapshot();
  for (auto unused : state) {
    // What is known of the data is found out anew by each query.
    exec::LocalTerms terms(data);
    const runtime::Environment environment;
    exec::Run run(query, terms, environment);
    Planner planner(query.variables, terms, run.dataset(), run.budget(), run.functions());
    benchmark::DoNotOptimize(planner.plan(*query.root, run.dataset().default_graph(), query.columns));
  }
}

BENCHMARK_CAPTURE(plan_of, chain, chain)->Arg(1)->Arg(2)->Arg(5)->Arg(10)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(plan_of, star, star)->Arg(5)->Arg(10)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(plan_of, wheel, wheel)->Arg(10)->Arg(64)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace akyn::plan
