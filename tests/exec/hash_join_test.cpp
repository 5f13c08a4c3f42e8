// Hash joins of every kind against loops, with and without memory for the right input.
#include "engine/exec/hash_join.h"

#include <algorithm>
#include <map>

#include "tests/exec/gather_support.h"

using namespace akyn;
using namespace akyn::exec;
using namespace akyn::exec::test;
using plan::JoinKind;

namespace {

constexpr JoinKind kKinds[] = {JoinKind::inner, JoinKind::left, JoinKind::semi, JoinKind::anti};

std::uint64_t integer(std::uint64_t n) {
  return Id(IdType::integer, (std::uint64_t{1} << 59) + n).bits();
}

// Rows of a key, a column that both sides have but do not always bind, and one of their own.
TestInput input(Random& random, std::vector<Slot> columns, std::size_t rows, std::uint64_t keys) {
  TestInput result;
  result.columns = std::move(columns);
  result.batch_rows = 1 + random() % 500;
  result.counted = random() % 2 == 0;
  for (std::size_t i = 0; i < rows; ++i) {
    TestRow row;
    row.cells = {integer(random() % keys), random() % 3 == 0 ? 0 : integer(random() % 2), integer(i)};
    if (result.counted) row.count = 1 + random() % 3;
    result.rows.push_back(std::move(row));
  }
  return result;
}

// The columns of the left side are 10, 11, 12, those of the right one 10, 11, 13.
using Condition = bool (*)(std::uint64_t left, std::uint64_t right);

std::vector<Cells> naive(const TestInput& left, const TestInput& right, const HashJoinSpec& spec, Condition condition) {
  std::multimap<std::uint64_t, Cells> by_key;
  for (const Cells& row : expanded(right.rows)) by_key.emplace(row[0], row);
  std::vector<Cells> result;
  for (const Cells& row : expanded(left.rows)) {
    bool matched = false;
    const auto [first, last] = by_key.equal_range(row[0]);
    for (auto at = first; at != last; ++at) {
      const Cells& other = at->second;
      if (!spec.loose.empty() && row[1] != 0 && other[1] != 0 && row[1] != other[1]) continue;
      if (condition != nullptr && !condition(row[2], other[2])) continue;
      matched = true;
      const std::uint64_t loose = row[1] != 0 || spec.loose.empty() ? row[1] : other[1];
      if (spec.kind == JoinKind::inner || spec.kind == JoinKind::left) {
        result.push_back({row[0], loose, row[2], other[2]});
      }
    }
    if (matched ? spec.kind == JoinKind::semi : spec.kind == JoinKind::anti) {
      result.push_back({row[0], row[1], row[2]});
    }
    if (!matched && spec.kind == JoinKind::left) result.push_back({row[0], row[1], row[2], 0});
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<Cells> joined(Run& run, const TestInput& left, const TestInput& right, const HashJoinSpec& spec) {
  const bool pairs = spec.kind == JoinKind::inner || spec.kind == JoinKind::left;
  const std::vector<Slot> columns = pairs ? std::vector<Slot>{10, 11, 12, 13} : std::vector<Slot>{10, 11, 12};
  HashJoinOperator op(run, spec, rows_operator(run, left), rows_operator(run, right), columns);
  std::vector<Cells> result = expanded(rows_of(op));
  std::sort(result.begin(), result.end());
  return result;
}

bool larger(std::uint64_t left, std::uint64_t right) {
  return left % 7 > right % 5;
}

void set_condition(HashJoinSpec& spec) {
  spec.condition_columns = {12, 13};
  spec.condition = [](const Batch& batch, std::vector<std::uint32_t>& rows) {
    rows.clear();
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      if (larger(batch.column(0)[row], batch.column(1)[row])) rows.push_back(row);
    }
  };
}

}  // namespace

TEST_CASE("hash joins are loops, whatever the memory") {
  TermPool pool;
  Random random(7);
  for (int round = 0; round < 48; ++round) {
    CAPTURE(round);
    HashJoinSpec spec;
    spec.kind = kKinds[round % 4];
    spec.keys = {10};
    if (round % 3 == 0) spec.loose = {11};
    const bool conditional = round % 5 == 0;
    if (conditional) set_condition(spec);
    const std::size_t rows = round < 16 ? 100 : 6'000;
    TestInput left = input(random, {10, 11, 12}, random() % rows, 1 + rows / 2);
    TestInput right = input(random, {10, 11, 13}, random() % rows, 1 + rows / 2);
    if (spec.loose.empty()) right.columns[1] = 14;
    const std::vector<Cells> expected = naive(left, right, spec, conditional ? larger : nullptr);
    CHECK(joined(*pool.run(), left, right, spec) == expected);
    CHECK(joined(*pool.run(250'000), left, right, spec) == expected);
  }
}

// No keys: two columns in common, either of which may be unbound on either side.
TEST_CASE("hash joins on what may be unbound are loops") {
  TermPool pool;
  Random random(10);
  const auto open_input = [&](Slot own, std::size_t rows, std::uint64_t values, bool mostly_bound) {
    TestInput result;
    result.columns = {10, 11, own};
    result.batch_rows = 1 + random() % 500;
    result.counted = random() % 2 == 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto cell = [&] { return random() % (mostly_bound ? 50 : 3) == 0 ? 0 : integer(random() % values); };
      TestRow row;
      row.cells = {cell(), cell(), integer(i)};
      if (result.counted) row.count = 1 + random() % 3;
      result.rows.push_back(std::move(row));
    }
    return result;
  };
  for (int round = 0; round < 48; ++round) {
    CAPTURE(round);
    HashJoinSpec spec;
    spec.kind = kKinds[round % 4];
    spec.loose = {10, 11};
    spec.needs_common = spec.kind == JoinKind::anti && round % 3 == 0;
    const bool conditional = round % 5 == 0;
    if (conditional) set_condition(spec);
    const bool mostly_bound = round % 2 == 0;
    const std::size_t rows = mostly_bound ? 300 : 60;
    const TestInput left = open_input(12, random() % rows, 1 + rows / 8, mostly_bound);
    const TestInput right = open_input(13, random() % rows, 1 + rows / 8, mostly_bound);
    std::vector<Cells> expected;
    for (const Cells& row : expanded(left.rows)) {
      bool matched = false;
      for (const Cells& other : expanded(right.rows)) {
        bool common = !spec.needs_common;
        bool agrees = true;
        for (std::size_t c = 0; c < 2; ++c) {
          if (row[c] == 0 || other[c] == 0) continue;
          common = true;
          agrees = agrees && row[c] == other[c];
        }
        if (!agrees || !common || (conditional && !larger(row[2], other[2]))) continue;
        matched = true;
        if (spec.kind != JoinKind::inner && spec.kind != JoinKind::left) continue;
        expected.push_back({row[0] != 0 ? row[0] : other[0], row[1] != 0 ? row[1] : other[1], row[2], other[2]});
      }
      if (matched ? spec.kind == JoinKind::semi : spec.kind == JoinKind::anti) expected.push_back(row);
      if (!matched && spec.kind == JoinKind::left) expected.push_back({row[0], row[1], row[2], 0});
    }
    std::sort(expected.begin(), expected.end());
    CHECK(joined(*pool.run(), left, right, spec) == expected);
  }
}

TEST_CASE("a right input that does not fit needs memory when the order matters, and a key that does not fit always") {
  TermPool pool;
  Random random(8);
  HashJoinSpec spec;
  spec.keys = {10};
  const auto code_of = [&](const TestInput& left, const TestInput& right) {
    const auto run = pool.run(300'000);
    HashJoinOperator op(*run, spec, rows_operator(*run, left), rows_operator(*run, right), {10, 12, 13});
    try {
      Batch batch;
      while (op.next(batch)) {
      }
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  const TestInput left = input(random, {10, 11, 12}, 100, 5'000);
  spec.ordered = true;
  CHECK(code_of(left, input(random, {10, 14, 13}, 20'000, 5'000)) == ErrorCode::limit);
  spec.ordered = false;
  CHECK(code_of(input(random, {10, 11, 12}, 1, 1), input(random, {10, 14, 13}, 20'000, 1)) == ErrorCode::limit);
}

TEST_CASE("a hash join keeps the order of the left input") {
  TermPool pool;
  Random random(9);
  const TestInput left = input(random, {10, 11, 12}, 3'000, 50);
  const TestInput right = input(random, {10, 14, 13}, 60, 50);
  HashJoinSpec spec;
  spec.keys = {10};
  spec.ordered = true;
  const auto run = pool.run();
  HashJoinOperator op(*run, spec, rows_operator(*run, left), rows_operator(*run, right), {12});
  const TestRows rows = rows_of(op);
  CHECK(rows.size() > 1000);
  CHECK(std::is_sorted(rows.begin(), rows.end(), [](const TestRow& a, const TestRow& b) { return a.cells < b.cells; }));
}
