// DISTINCT and REDUCED on batches.
#include "engine/exec/distinct_operator.h"

#include <algorithm>
#include <set>

#include "tests/exec/gather_support.h"

using namespace akyn;
using namespace akyn::exec;
using namespace akyn::exec::test;

namespace {

// The first row of each kind.
std::vector<Cells> naive(const TestInput& input) {
  std::set<Cells> seen;
  std::vector<Cells> rows;
  for (const TestRow& row : input.rows) {
    if (seen.insert(row.cells).second) rows.push_back(row.cells);
  }
  return rows;
}

TestInput many_integers(Random& random, std::size_t rows, std::uint64_t different) {
  TestInput input{{10, 11}, {}, 100, false};
  for (std::size_t i = 0; i < rows; ++i) {
    const auto cell = [&] { return Id(IdType::integer, (std::uint64_t{1} << 59) + random() % different).bits(); };
    input.rows.push_back({{cell(), cell()}, 1});
  }
  return input;
}

std::vector<Cells> distinct(TermPool& pool, const TestInput& input, DistinctInput kind, std::size_t bytes = 0) {
  const auto run = pool.run(bytes);
  DistinctOperator op(*run, rows_operator(*run, input), kind);
  return expanded(rows_of(op));
}

}  // namespace

TEST_CASE("each row once, in the order they come") {
  TermPool pool;
  Random random(1);
  for (int round = 0; round < 100; ++round) {
    TestInput input = random_input(random, pool.all(), random() % 4, random() % 500);
    for (TestRow& row : input.rows) {
      for (std::uint64_t& cell : row.cells) cell = random() % 2 == 0 ? cell : pool.all()[random() % 3].bits();
    }
    CHECK(distinct(pool, input, DistinctInput::anything) == naive(input));
    CHECK(distinct(pool, input, DistinctInput::ordered) == naive(input));
    std::sort(input.rows.begin(), input.rows.end());
    CHECK(distinct(pool, input, DistinctInput::sorted) == naive(input));
    const auto run = pool.run();
    ReducedOperator reduced(*run, rows_operator(*run, input));
    CHECK(expanded(rows_of(reduced)) == naive(input));
  }
}

TEST_CASE("many rows") {
  TermPool pool;
  Random random(2);
  const TestInput input = many_integers(random, 100'000, 300);
  CHECK(distinct(pool, input, DistinctInput::anything) == naive(input));
}

TEST_CASE("more rows than memory holds") {
  TermPool pool;
  Random random(3);
  const TestInput input = many_integers(random, 60'000, 150);
  std::vector<Cells> rows = distinct(pool, input, DistinctInput::anything, 200'000);
  std::vector<Cells> expected = naive(input);
  CHECK(rows != expected);  // what was put off comes last
  std::sort(rows.begin(), rows.end());
  std::sort(expected.begin(), expected.end());
  CHECK(rows == expected);

  const auto run = pool.run(200'000);
  DistinctOperator op(*run, rows_operator(*run, input), DistinctInput::ordered);
  CHECK_THROWS_WITH_AS(rows_of(op), doctest::Contains("memory limit"), Error);
}
