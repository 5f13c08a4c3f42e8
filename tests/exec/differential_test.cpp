// The engine against the oracle, over random graphs and random queries, and several threads against one, row by row.
// AKYN_DIFFERENTIAL_CASES sets their number, AKYN_DIFFERENTIAL_SEED where they begin.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/exec/random_query.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<std::string> rows_of(const Solutions& solutions, const LocalTerms& terms) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    std::string row;
    for (const Id id : solutions.row(i)) {
      const Term term = terms.term(id);
      row += (term ? term.to_string() : std::string("-")) + " ";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::string joined(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += row + "\n";
  return text;
}

std::vector<std::string> answer_of(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                                   const plan::PlannerOptions& options) {
  try {
    return rows_of(evaluate_select(query, terms, environment, options), terms);
  } catch (const Error& error) {
    return {error.message()};
  }
}

// Whether threads share some of it.
bool is_shared(const plan::Node& node) {
  return std::holds_alternative<plan::Parallel>(node.op) ||
         std::any_of(node.inputs.begin(), node.inputs.end(),
                     [](const plan::NodePtr& input) { return is_shared(*input); });
}

// Sanitizers look at what each does, not at how many agree.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kCases = 2'000;
#else
constexpr std::uint64_t kCases = 20'000;
#endif

constexpr unsigned kThreads = 3;

struct Way {
  const char* name;
  plan::PlannerOptions options;
};
constexpr Way kWays[] = {{"optimized", {}},
                         {"in the sequence of the text", {.optimize = false}},
                         {"cycles at once", {.cycles_at_once = true}}};

}  // namespace

TEST_CASE("random queries have the oracle's answers") {
  const std::uint64_t cases = number_from("AKYN_DIFFERENTIAL_CASES", kCases);
  const std::uint64_t first_seed = number_from("AKYN_DIFFERENTIAL_SEED", 1);
  constexpr std::uint64_t kQueriesPerGraph = 50;
  std::uint64_t refused = 0;
  std::uint64_t shared_plans = 0;
  for (std::uint64_t graph = 0; graph * kQueriesPerGraph < cases; ++graph) {
    std::mt19937_64 random(first_seed + graph);
    const std::string data = random_data(random);
    TestStore store(data);
    if (graph % 2 == 0) store.database().optimize();
    for (std::uint64_t i = 0; i < kQueriesPerGraph; ++i) {
      const RandomQuery query = random_query(random);
      algebra::Query translated;
      try {
        translated = test::translated(query.text);
      } catch (const Error&) {
        ++refused;
        continue;
      }
      LocalTerms terms = store.terms();
      const std::vector<std::string> expected =
          sorted(rows_of(oracle::evaluate_select(translated, terms, store.environment), terms));
      for (const auto& [way, options] : kWays) {
        CAPTURE(first_seed + graph);
        CAPTURE(data);
        CAPTURE(query.text);
        CAPTURE(way);
        const std::vector<std::string> answer = answer_of(translated, terms, store.environment, options);
        if (query.limited) {
          REQUIRE(answer.size() == expected.size());
        } else {
          REQUIRE(joined(sorted(answer)) == joined(expected));
        }
        plan::PlannerOptions shared = options;
        shared.parallel_work = 0;
        Environment several = store.environment;
        several.threads = kThreads;
        if (!is_shared(open_select(translated, terms, several, shared)->plan())) continue;
        ++shared_plans;
        REQUIRE(joined(answer_of(translated, terms, several, shared)) == joined(answer));
      }
    }
  }
  CHECK(refused * 3 < cases);
  CHECK(shared_plans * 2 > cases);
}

}  // namespace akyn::exec::test
