// ORDER BY on batches, against expr::order_by_value row by row.
#include "engine/exec/sort_operator.h"

#include <algorithm>

#include "engine/exec/slice_operator.h"
#include "engine/expr/operators.h"
#include "tests/exec/gather_support.h"

using namespace akyn;
using namespace akyn::exec;
using namespace akyn::exec::test;

namespace {

std::vector<Cells> naive(TermPool& pool, const TestInput& input, const std::vector<SortKey>& keys) {
  std::vector<Cells> rows = expanded(input.rows);
  std::stable_sort(rows.begin(), rows.end(), [&](const Cells& left, const Cells& right) {
    for (const SortKey& key : keys) {
      const std::uint64_t a = left[key.slot - 10];
      const std::uint64_t b = right[key.slot - 10];
      const std::weak_ordering order =
          expr::order_by_value(a == 0 ? nullptr : &pool.value(a), b == 0 ? nullptr : &pool.value(b));
      if (order != 0) return key.descending ? order > 0 : order < 0;
    }
    return false;
  });
  return rows;
}

std::vector<Cells> sorted(TermPool& pool, const TestInput& input, const std::vector<SortKey>& keys,
                          std::size_t bytes = 0, std::optional<std::uint64_t> limit = std::nullopt) {
  const auto run = pool.run(bytes);
  OperatorPtr op = std::make_unique<SortOperator>(*run, rows_operator(*run, input), keys, limit);
  if (limit) op = std::make_unique<SliceOperator>(*run, std::move(op), 0, limit);
  return expanded(rows_of(*op));
}

std::vector<SortKey> random_keys(Random& random, std::size_t columns) {
  std::vector<SortKey> keys(1 + random() % 2);
  for (SortKey& key : keys) key = {static_cast<Slot>(10 + random() % columns), random() % 2 == 0};
  return keys;
}

std::uint64_t integer(std::uint64_t n) {
  return Id(IdType::integer, (std::uint64_t{1} << 59) + n).bits();
}

}  // namespace

TEST_CASE("rows are sorted by value, equal ones as they came") {
  TermPool pool;
  Random random(1);
  std::vector<std::vector<Id>> kinds = {pool.all()};
  for (const expr::ValueKind kind :
       {expr::ValueKind::iri, expr::ValueKind::blank, expr::ValueKind::triple, expr::ValueKind::string,
        expr::ValueKind::lang_string, expr::ValueKind::boolean, expr::ValueKind::integer, expr::ValueKind::decimal,
        expr::ValueKind::double_, expr::ValueKind::date_time, expr::ValueKind::date, expr::ValueKind::other}) {
    kinds.emplace_back();
    for (const Id id : pool.all()) {
      if (pool.value(id.bits()).kind() == kind) kinds.back().push_back(id);
    }
    REQUIRE(kinds.back().size() > 1);
  }
  // Of one type of Ids each: what sorts without a look at the terms.
  for (int type = 1; type < 16; ++type) {
    std::vector<Id> ids;
    for (const Id id : pool.all()) {
      if (static_cast<int>(id.type()) == type) ids.push_back(id);
    }
    REQUIRE_FALSE(ids.empty());
    kinds.push_back(ids);
  }
  for (std::size_t round = 0; round < 8 * kinds.size(); ++round) {
    const TestInput input = random_input(random, kinds[round % kinds.size()], 3, random() % 300);
    const std::vector<SortKey> keys = random_keys(random, 3);
    CHECK(sorted(pool, input, keys) == naive(pool, input, keys));
  }
}

TEST_CASE("the first rows of many") {
  TermPool pool;
  Random random(2);
  for (int round = 0; round < 12; ++round) {
    TestInput input = random_input(random, pool.all(), 2, 30'000);
    if (round % 3 == 0) {
      for (TestRow& row : input.rows) row.cells[0] = integer(random() % 10'000);
    }
    if (input.batch_rows < 100) input.batch_rows = 100;
    const std::vector<SortKey> keys = random_keys(random, 2);
    const std::uint64_t limit = round % 4 == 0 ? 0 : random() % (round % 2 == 0 ? 20 : 9'000);
    std::vector<Cells> expected = naive(pool, input, keys);
    expected.resize(limit);
    CHECK(sorted(pool, input, keys, 0, limit) == expected);
  }
}

TEST_CASE("more rows than memory holds") {
  TermPool pool;
  Random random(3);
  for (int round = 0; round < 9; ++round) {
    TestInput input = random_input(random, pool.all(), 2, 12'000);
    if (round % 3 == 0) {
      for (TestRow& row : input.rows) row.cells = {integer(random() % 5'000), integer(random() % 10)};
    }
    if (input.batch_rows < 100) input.batch_rows = 100;
    const std::vector<SortKey> keys = random_keys(random, 2);
    std::optional<std::uint64_t> limit;
    std::vector<Cells> expected = naive(pool, input, keys);
    if (round % 2 == 0) {
      limit = 5'000;
      expected.resize(*limit);
    }
    CHECK(sorted(pool, input, keys, round % 3 == 0 ? 120'000 : 600'000, limit) == expected);
  }
}

TEST_CASE("slices of counted batches") {
  TermPool pool;
  Random random(4);
  for (int round = 0; round < 200; ++round) {
    const TestInput input = random_input(random, pool.all(), 1 + random() % 2, random() % 60);
    std::vector<Cells> expected = expanded(input.rows);
    const std::uint64_t offset = random() % 3 == 0 ? 0 : random() % 80;
    std::optional<std::uint64_t> limit;
    if (random() % 4 != 0) limit = random() % 40;
    expected.erase(expected.begin(),
                   expected.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(offset, expected.size())));
    if (limit && *limit < expected.size()) expected.resize(*limit);
    const auto run = pool.run();
    SliceOperator op(*run, rows_operator(*run, input), offset, limit);
    CHECK(expanded(rows_of(op)) == expected);
  }
}

TEST_CASE("a slice asks for no more than it needs") {
  class Endless final : public Operator {
   public:
    Endless(Run& run, std::uint64_t& asked) : Operator(run, {10}), asked_(asked) {}

   protected:
    bool produce(Batch& out) override {
      ++asked_;
      out.values(0).assign(10, integer(asked_));
      out.set_rows(10);
      return true;
    }

   private:
    std::uint64_t& asked_;
  };
  TermPool pool;
  const auto run = pool.run();
  std::uint64_t asked = 0;
  SliceOperator op(*run, std::make_unique<Endless>(*run, asked), 15, 15);
  CHECK(rows_of(op).size() == 15);
  CHECK(asked == 3);
}

TEST_CASE("the terms of spilled rows are there when these are read again") {
  // Each row has a term of its own, which is gone with the next batch; memory is short until the fourth.
  class Passing final : public Operator {
   public:
    explicit Passing(Run& run) : Operator(run, {10}), terms_(run.terms()), short_(run.budget()) {
      set_passing();
      short_.add(run.budget().available() * 15 / 16);
    }

   protected:
    bool produce(Batch& out) override {
      terms_.release();
      if (batches_ == 3) short_.clear();
      if (batches_++ == 16) return false;
      for (std::size_t i = 0; i < kBatchRows; ++i) {
        out.values(0).push_back(terms_.id(literal(std::to_string(next_++ * 7919 % 1'000'003)).view()).bits());
      }
      out.set_rows(kBatchRows);
      return true;
    }

   private:
    runtime::PassingTerms terms_;
    Charge short_;
    std::size_t batches_ = 0;
    std::uint64_t next_ = 0;
  };
  TermPool pool;
  const auto run = pool.run(std::size_t{64} << 20);
  std::vector<std::string> expected;
  for (std::uint64_t i = 0; i < 16 * kBatchRows; ++i) expected.push_back(std::to_string(i * 7919 % 1'000'003));
  std::sort(expected.begin(), expected.end());
  SortOperator op(*run, std::make_unique<Passing>(*run), {{10, false}}, 3000);
  std::vector<std::string> given;
  for (Batch batch; op.next(batch);) {
    for (const std::uint64_t cell : batch.column(0)) given.push_back(pool.terms().term(Id::from_bits(cell)).value());
  }
  REQUIRE(given.size() >= 3000);
  CHECK(std::equal(given.begin(), given.begin() + 3000, expected.begin()));
}

TEST_CASE("sorting stops when the query is cancelled") {
  TermPool pool;
  std::atomic<bool> cancelled = false;
  pool.environment.limits.cancelled = &cancelled;
  const auto run = pool.run();
  Random random(5);
  SortOperator op(*run, rows_operator(*run, random_input(random, pool.all(), 1, 100)), {{10, false}});
  cancelled = true;
  Batch batch;
  CHECK_THROWS_AS(op.next(batch), Error);
}
