// UNION of sorted inputs: sorted, and in one sequence, wherever the batches of the inputs begin.
#include "engine/exec/union_operator.h"

#include <algorithm>

#include "tests/exec/gather_support.h"

using namespace akyn;
using namespace akyn::exec;
using namespace akyn::exec::test;

TEST_CASE("of rows with the same key those of the first input come first, whatever the sizes of batches") {
  TermPool pool;
  const auto run = pool.run();
  Random random(20261126);
  const auto integer = [](std::uint64_t number) {
    return Id(IdType::integer, (std::uint64_t{1} << 59) + number).bits();
  };
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    std::vector<TestInput> inputs(2 + random() % 3);
    std::uint64_t number = 0;
    TestRows expected;
    for (TestInput& input : inputs) {
      input.columns = {10, 11};
      input.batch_rows = 1 + random() % 9;
      std::vector<std::uint64_t> keys(random() % 40);
      for (std::uint64_t& key : keys) key = integer(random() % 12);
      std::sort(keys.begin(), keys.end());
      for (const std::uint64_t key : keys) input.rows.push_back({{key, integer(number++)}});
      expected.insert(expected.end(), input.rows.begin(), input.rows.end());
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const TestRow& a, const TestRow& b) { return a.cells[0] < b.cells[0]; });
    std::vector<OperatorPtr> operators;
    for (const TestInput& input : inputs) operators.push_back(rows_operator(*run, input));
    SortedUnionOperator op(*run, std::move(operators), 10, {10, 11});
    CHECK(rows_of(op) == expected);
  }
}
