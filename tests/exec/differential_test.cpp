// The engine against the oracle, over random graphs and random queries. AKYN_DIFFERENTIAL_CASES sets their number,
// AKYN_DIFFERENTIAL_SEED where they begin.
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

std::vector<std::string> sorted_rows(const Solutions& solutions, const LocalTerms& terms) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    std::string row;
    for (const Id id : solutions.row(i)) {
      const Term term = terms.term(id);
      row += (term ? term.to_string() : std::string("-")) + " ";
    }
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::string joined(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += row + "\n";
  return text;
}

struct Way {
  const char* name;
  plan::PlannerOptions options;
};
constexpr Way kWays[] = {{"optimized", {}},
                         {"in the sequence of the text", {.optimize = false}},
                         {"cycles at once", {.cycles_at_once = true}}};

}  // namespace

TEST_CASE("random queries have the oracle's answers") {
  const std::uint64_t cases = number_from("AKYN_DIFFERENTIAL_CASES", 20'000);
  const std::uint64_t first_seed = number_from("AKYN_DIFFERENTIAL_SEED", 1);
  constexpr std::uint64_t kQueriesPerGraph = 50;
  std::uint64_t refused = 0;
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
          sorted_rows(oracle::evaluate_select(translated, terms, store.environment), terms);
      for (const auto& [way, options] : kWays) {
        CAPTURE(first_seed + graph);
        CAPTURE(data);
        CAPTURE(query.text);
        CAPTURE(way);
        std::vector<std::string> answer;
        try {
          answer = sorted_rows(evaluate_select(translated, terms, store.environment, options), terms);
        } catch (const Error& error) {
          answer.push_back(error.message());
        }
        if (query.limited) {
          REQUIRE(answer.size() == expected.size());
        } else {
          REQUIRE(joined(answer) == joined(expected));
        }
      }
    }
  }
  CHECK(refused * 3 < cases);
}

}  // namespace akyn::exec::test
