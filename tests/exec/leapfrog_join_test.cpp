// Joins of many inputs at once, against loops over all of their rows.
#include "engine/exec/leapfrog_join.h"

#include <algorithm>
#include <map>

#include "tests/exec/gather_support.h"

using namespace akyn;
using namespace akyn::exec;
using namespace akyn::exec::test;

namespace {

std::uint64_t bits(std::uint64_t n) {
  return Id(IdType::integer, (std::uint64_t{1} << 59) + n).bits();
}

// Distinct rows, sorted.
TestInput edges(Random& random, std::vector<Slot> columns, std::size_t rows, std::uint64_t values) {
  std::map<Cells, std::uint64_t> all;
  const bool counted = random() % 3 == 0;
  for (std::size_t i = 0; i < rows; ++i) {
    Cells cells;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      // Some values far more often than others.
      cells.push_back(bits(random() % 2 == 0 ? random() % values : random() % (1 + values / 8)));
    }
    all[std::move(cells)] = counted ? 1 + random() % 3 : 1;
  }
  TestInput input;
  input.columns = std::move(columns);
  input.counted = counted;
  input.batch_rows = 1 + random() % 100;
  for (auto& [cells, count] : all) input.rows.push_back({cells, count});
  return input;
}

using Solution = std::map<Slot, std::uint64_t>;

// How many solutions each row of the result stands for.
std::map<Cells, std::uint64_t> naive(const std::vector<TestInput>& inputs, const std::vector<Slot>& columns) {
  std::vector<std::pair<Solution, std::uint64_t>> solutions = {{{}, 1}};
  for (const TestInput& input : inputs) {
    std::vector<std::pair<Solution, std::uint64_t>> longer;
    for (const auto& [solution, count] : solutions) {
      for (const TestRow& row : input.rows) {
        bool agrees = true;
        for (std::size_t c = 0; c < input.columns.size() && agrees; ++c) {
          const auto known = solution.find(input.columns[c]);
          agrees = known == solution.end() || known->second == row.cells[c];
        }
        if (!agrees) continue;
        longer.emplace_back(solution, count * row.count);
        for (std::size_t c = 0; c < input.columns.size(); ++c) longer.back().first[input.columns[c]] = row.cells[c];
      }
    }
    solutions = std::move(longer);
  }
  std::map<Cells, std::uint64_t> result;
  for (const auto& [solution, count] : solutions) {
    Cells cells;
    for (const Slot slot : columns) cells.push_back(solution.at(slot));
    result[cells] += count;
  }
  return result;
}

std::map<Cells, std::uint64_t> joined(Run& run, const std::vector<Slot>& variables,
                                      const std::vector<TestInput>& inputs, const std::vector<Slot>& columns) {
  std::vector<OperatorPtr> operators;
  for (const TestInput& input : inputs) operators.push_back(rows_operator(run, input));
  LeapfrogJoinOperator op(run, variables, std::move(operators), columns);
  const TestRows rows = rows_of(op);
  // Sorted by the variables as far as they are columns.
  if (columns == variables) CHECK(std::is_sorted(rows.begin(), rows.end()));
  std::map<Cells, std::uint64_t> result;
  for (const TestRow& row : rows) result[row.cells] += row.count;
  return result;
}

}  // namespace

TEST_CASE("many inputs joined at once are loops over all of them") {
  // Of variables 1, 2, 3 ...: a triangle, a square with a diagonal, a clique, a wedge, a triangle with a tail, one
  // input.
  const std::vector<std::vector<std::vector<Slot>>> shapes = {
      {{1, 2}, {2, 3}, {1, 3}},
      {{1, 2}, {2, 3}, {3, 4}, {1, 4}, {1, 3}},
      {{1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}},
      {{1, 2}, {2, 3}, {2}},
      {{1, 2}, {2, 3}, {1, 3}, {3, 4}},
      {{1, 2, 3}, {1, 3}},
      {{1, 2}},
  };
  TermPool pool;
  Random random(11);
  std::size_t found = 0;
  for (std::size_t round = 0; round < 20 * shapes.size(); ++round) {
    CAPTURE(round);
    const auto& shape = shapes[round % shapes.size()];
    std::vector<TestInput> inputs;
    std::vector<Slot> variables;
    for (const std::vector<Slot>& slots : shape) {
      inputs.push_back(edges(random, slots, random() % 60, 2 + random() % 20));
      variables.insert(variables.end(), slots.begin(), slots.end());
    }
    std::sort(variables.begin(), variables.end());
    variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
    std::vector<Slot> columns = variables;
    for (std::size_t drop = random() % 3; drop > 0 && !columns.empty(); --drop) {
      columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(random() % columns.size()));
    }
    const auto expected = naive(inputs, columns);
    found += expected.empty() ? 0 : 1;
    CHECK(joined(*pool.run(), variables, inputs, columns) == expected);
  }
  CHECK(found > shapes.size() * 10);
}

TEST_CASE("more rows than a batch has, from one value on") {
  TermPool pool;
  TestInput left;
  TestInput right;
  left.columns = {1, 2};
  right.columns = {1, 3};
  for (std::uint64_t i = 0; i < 200; ++i) {
    left.rows.push_back({{bits(1), bits(i)}, 1});
    right.rows.push_back({{bits(1), bits(i)}, 1});
  }
  CHECK(joined(*pool.run(), {1, 2, 3}, {left, right}, {1, 2, 3}).size() == 40'000);
}

TEST_CASE("inputs that memory does not hold are an error") {
  TermPool pool;
  Random random(12);
  const std::vector<TestInput> inputs = {edges(random, {1, 2}, 20'000, 1'000'000), edges(random, {1, 2}, 10, 10)};
  CHECK_THROWS_AS(joined(*pool.run(200'000), {1, 2}, inputs, {1, 2}), Error);
}
