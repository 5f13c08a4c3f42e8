// Expressions over batches against the oracle's, which go row by row: random expressions over random terms.
#include "engine/exec/column_expressions.h"

#include <cstdlib>

#include "engine/algebra/print.h"
#include "tests/exec/expression_support.h"

namespace akyn::exec::test {
namespace {

void compare_with_oracle(unsigned seed, int expressions, int batches, std::size_t most_rows) {
  Fixture fixture;
  const std::vector<Slot> columns{fixture.slots[0], fixture.slots[1], fixture.slots[2]};
  Maker maker(fixture, seed);
  oracle::ActiveGraph graph;
  oracle::Expressions expected(*fixture.evaluator, graph, columns);
  std::vector<std::uint64_t> ids;
  std::vector<std::uint32_t> rows;
  Batch batch;
  for (int i = 0; i < expressions; ++i) {
    const int depth = static_cast<int>(maker.random() % 4);
    const Expression expression = maker.any(depth);
    const std::vector<Expression> conditions{maker.truth(depth), maker.truth(1)};
    ColumnExpressions actual(*fixture.run, columns, nullptr);
    for (int j = 0; j < batches; ++j) {
      const std::size_t size = 1 + maker.random() % most_rows;
      fill(batch, fixture, maker.random, size, 1 + maker.random() % (2 * most_rows));
      const std::uint64_t first = maker.random() % 1000;
      actual.number_from(first);
      actual.evaluate(*expression, batch, ids);
      actual.matching(conditions, batch, rows);
      REQUIRE(ids.size() == size);
      std::size_t next = 0;
      for (std::size_t row = 0; row < size; ++row) {
        const std::vector<Id> values = row_of(batch, row);
        fixture.evaluator->context().solution = first + row;
        INFO(algebra::to_string(*expression, fixture.query.variables));
        INFO(fixture.show(values[0].bits()), " ", fixture.show(values[1].bits()), " ", fixture.show(values[2].bits()));
        const std::uint64_t wanted = expected.id(*expression, values).bits();
        INFO("expected ", fixture.show(wanted), ", got ", fixture.show(ids[row]));
        REQUIRE(ids[row] == wanted);
        INFO(algebra::to_string(*conditions[0], fixture.query.variables), " and ",
             algebra::to_string(*conditions[1], fixture.query.variables));
        const bool matches = next < rows.size() && rows[next] == row;
        REQUIRE(matches == expected.all_true(conditions, values));
        next += matches ? 1 : 0;
      }
      REQUIRE(next == rows.size());
    }
  }
}

TEST_CASE("expressions over batches have the oracle's values") {
  compare_with_oracle(1, 1500, 3, 40);
  compare_with_oracle(2, 300, 4, 1);
  compare_with_oracle(3, 60, 3, 700);
}

// A long run, for whoever changes this: AKYN_EXPRESSION_ROUNDS=100000.
TEST_CASE("many more random expressions") {
  const char* rounds = std::getenv("AKYN_EXPRESSION_ROUNDS");
  if (rounds == nullptr) return;
  for (int i = 0; i < std::atoi(rounds); ++i) compare_with_oracle(100 + static_cast<unsigned>(i), 300, 3, 60);
}

}  // namespace
}  // namespace akyn::exec::test
