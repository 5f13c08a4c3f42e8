// For the operators that gather rows: terms of every kind, rows to feed operators with, and what comes out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/exec/operator.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {

using Random = std::mt19937_64;
using Cells = std::vector<std::uint64_t>;

// A row, and how many solutions it stands for.
struct TestRow {
  Cells cells;
  std::uint64_t count = 1;
  friend auto operator<=>(const TestRow&, const TestRow&) = default;
};
using TestRows = std::vector<TestRow>;

// Each row as often as it counts.
[[nodiscard]] std::vector<Cells> expanded(const TestRows& rows);

struct TestInput {
  std::vector<Slot> columns;
  TestRows rows;
  std::size_t batch_rows = kBatchRows;
  bool counted = false;  // batches are, but for some whose rows all count once
};

// Gives the rows of a TestInput.
[[nodiscard]] OperatorPtr rows_operator(Run& run, TestInput input);
// All rows of an operator, which must keep what Operator promises.
[[nodiscard]] TestRows rows_of(Operator& op);

// A store, some of whose terms are in a run of the dictionary and some in its tail, and terms that a query computes.
class TermPool {
 public:
  TermPool();

  [[nodiscard]] LocalTerms& terms() noexcept { return terms_; }
  // Ids of all kinds of terms, several of one value and several of each kind.
  [[nodiscard]] const std::vector<Id>& all() const noexcept { return all_; }
  [[nodiscard]] std::vector<Id> only(bool (*wanted)(const expr::Value&));
  [[nodiscard]] const expr::Value& value(std::uint64_t bits);
  // "no value" for the unbound Id.
  [[nodiscard]] expr::Result result(std::uint64_t bits);

  // A run with so many bytes beside what the terms take already; 0: plenty.
  [[nodiscard]] std::unique_ptr<Run> run(std::size_t bytes = 0);
  Environment environment;

 private:
  TestStore store_;
  LocalTerms terms_;
  algebra::Query query_;
  std::vector<Id> all_;
  std::unordered_map<std::uint64_t, expr::Value> values_;
};

// Rows with cells from `ids` and unbound ones.
[[nodiscard]] TestInput random_input(Random& random, const std::vector<Id>& ids, std::size_t columns, std::size_t rows);

}  // namespace akyn::exec::test
