// GROUP BY on batches, against expr::Aggregate group by group.
#include "engine/exec/group_operator.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/exec/gather_support.h"

using namespace akyn;
using namespace akyn::exec;
using namespace akyn::exec::test;
using expr::AggregateKind;

namespace {

constexpr Slot kResult = 100;

// The members of each group, each as often as it counts.
std::map<Cells, std::vector<Cells>> groups_of(const TestInput& input, const std::vector<std::size_t>& keys) {
  std::map<Cells, std::vector<Cells>> groups;
  for (const TestRow& row : input.rows) {
    Cells key;
    for (const std::size_t place : keys) key.push_back(row.cells[place]);
    auto& members = groups[key];
    members.insert(members.end(), row.count, row.cells);
  }
  if (groups.empty() && keys.empty()) groups[{}] = {};
  return groups;
}

// What expr::Aggregate makes of the members.
std::uint64_t naive(TermPool& pool, const GroupAggregate& aggregate, std::vector<Cells> members) {
  if (aggregate.rows && aggregate.distinct) {
    std::vector<Cells> solutions;
    for (const Cells& member : members) {
      Cells solution;
      for (const Slot slot : aggregate.arguments) solution.push_back(member[slot - 10]);
      solutions.push_back(solution);
    }
    std::sort(solutions.begin(), solutions.end());
    const auto end = std::unique(solutions.begin(), solutions.end());
    return pool.terms().id(expr::Value::integer(end - solutions.begin())).bits();
  }
  const auto values = expr::make_aggregate(aggregate.kind, {aggregate.distinct, aggregate.separator});
  for (const Cells& member : members) {
    values->add(aggregate.rows ? expr::Result(expr::Value::boolean(true))
                               : pool.result(member[aggregate.arguments.front() - 10]));
  }
  const expr::Result value = values->result();
  return value ? pool.terms().id(*value).bits() : 0;
}

// Equal, but for the rounding of floating-point numbers that were added in one go instead of one by one.
bool agree(TermPool& pool, std::uint64_t left, std::uint64_t right) {
  if (left == right) return true;
  if (left == 0 || right == 0) return false;
  const expr::Value a = pool.value(left);
  const expr::Value b = pool.value(right);
  if (a.kind() != b.kind()) return false;
  if (a.kind() != expr::ValueKind::double_ && a.kind() != expr::ValueKind::float_) return false;
  const double tolerance = a.kind() == expr::ValueKind::float_ ? 1e-4 : 1e-9;
  return std::abs(a.as_double() - b.as_double()) <= tolerance * std::max(std::abs(a.as_double()), 1.0);
}

GroupAggregate aggregate_of(AggregateKind kind, Slot argument, bool distinct = false) {
  GroupAggregate aggregate;
  aggregate.kind = kind;
  aggregate.distinct = distinct;
  aggregate.arguments = {argument};
  return aggregate;
}

std::vector<GroupAggregate> all_aggregates(Slot argument) {
  std::vector<GroupAggregate> aggregates;
  for (const AggregateKind kind : {AggregateKind::count, AggregateKind::sum, AggregateKind::min, AggregateKind::max,
                                   AggregateKind::avg, AggregateKind::sample, AggregateKind::group_concat}) {
    for (const bool distinct : {false, true}) aggregates.push_back(aggregate_of(kind, argument, distinct));
  }
  GroupAggregate rows;
  rows.rows = true;
  aggregates.push_back(rows);
  rows.distinct = true;
  rows.arguments = {10, argument};
  aggregates.push_back(rows);
  aggregates[12].separator = ", ";
  for (std::size_t i = 0; i < aggregates.size(); ++i) aggregates[i].result = kResult + static_cast<Slot>(i);
  return aggregates;
}

void sort_by(TestInput& input, const std::vector<std::size_t>& columns) {
  std::stable_sort(input.rows.begin(), input.rows.end(), [&](const TestRow& left, const TestRow& right) {
    for (const std::size_t c : columns) {
      if (left.cells[c] != right.cells[c]) return left.cells[c] < right.cells[c];
    }
    return false;
  });
}

void check(TermPool& pool, const TestInput& input, const std::vector<std::size_t>& keys,
           const std::vector<GroupAggregate>& aggregates, bool sorted, std::size_t bytes = 0) {
  const auto run = pool.run(bytes);
  std::vector<Slot> key_slots;
  for (const std::size_t key : keys) key_slots.push_back(input.columns[key]);
  GroupOperator op(*run, rows_operator(*run, input), key_slots, aggregates, sorted);
  const TestRows rows = rows_of(op);
  const auto groups = groups_of(input, keys);
  REQUIRE(rows.size() == groups.size());
  Cells before;
  for (const TestRow& row : rows) {
    CHECK(row.count == 1);
    const Cells key(row.cells.begin(), row.cells.begin() + static_cast<std::ptrdiff_t>(keys.size()));
    const auto group = groups.find(key);
    REQUIRE(group != groups.end());
    if (sorted && &row != &rows.front()) CHECK(before < key);
    before = key;
    for (std::size_t a = 0; a < aggregates.size(); ++a) {
      const std::uint64_t expected = naive(pool, aggregates[a], group->second);
      INFO("aggregate " << a << " of " << group->second.size() << ": "
                        << pool.terms().term(Id::from_bits(row.cells[keys.size() + a])).to_string() << " instead of "
                        << pool.terms().term(Id::from_bits(expected)).to_string());
      REQUIRE(agree(pool, row.cells[keys.size() + a], expected));
    }
  }
}

}  // namespace

TEST_CASE("aggregates over columns are those over values") {
  TermPool pool;
  Random random(1);
  const std::vector<Id> numbers = pool.only([](const expr::Value& value) { return value.is_numeric(); });
  const std::vector<Id> exact = pool.only([](const expr::Value& value) {
    return value.kind() == expr::ValueKind::integer || value.kind() == expr::ValueKind::decimal;
  });
  const std::vector<Id> small =
      pool.only([](const expr::Value& value) { return value.kind() == expr::ValueKind::integer && value.as_int64(); });
  const std::vector<Id> iris = pool.only([](const expr::Value& value) { return value.is_iri(); });
  const std::vector<Id> texts =
      pool.only([](const expr::Value& value) { return value.is_literal() || value.is_iri(); });
  const std::vector<const std::vector<Id>*> kinds = {&pool.all(), &numbers, &exact, &small, &iris, &texts};
  for (int round = 0; round < 240; ++round) {
    const std::vector<Id>& ids = *kinds[static_cast<std::size_t>(round) % kinds.size()];
    TestInput input = random_input(random, ids, 3, random() % 150);
    if (random() % 2 == 0) {
      for (TestRow& row : input.rows) {
        if (row.cells[2] == 0) row.cells[2] = ids.front().bits();
      }
    }
    std::vector<std::size_t> keys(random() % 3);
    for (std::size_t k = 0; k < keys.size(); ++k) keys[k] = k;
    for (TestRow& row : input.rows) row.cells[0] = ids[random() % std::min<std::size_t>(4, ids.size())].bits();
    const bool sorted = random() % 2 == 0;
    if (sorted) sort_by(input, keys);
    check(pool, input, keys, all_aggregates(12), sorted);
  }
}

TEST_CASE("DISTINCT of arguments that come together") {
  TermPool pool;
  Random random(2);
  for (int round = 0; round < 40; ++round) {
    TestInput input = random_input(random, pool.all(), 2, random() % 200);
    sort_by(input, {0, 1});
    auto aggregates = all_aggregates(11);
    for (GroupAggregate& aggregate : aggregates) aggregate.sorted = true;
    check(pool, input, round % 2 == 0 ? std::vector<std::size_t>{0} : std::vector<std::size_t>{},
          {aggregates.begin(), aggregates.begin() + (round % 2 == 0 ? 14 : 0)}, true);
  }
}

TEST_CASE("groups of nothing") {
  TermPool pool;
  TestInput nothing{{10, 11, 12}, {}, kBatchRows, false};
  check(pool, nothing, {}, all_aggregates(12), false);
  check(pool, nothing, {0}, all_aggregates(12), false);
  check(pool, nothing, {0}, all_aggregates(12), true);
  check(pool, {{10}, {{{Id(IdType::iri, 1).bits()}, 1}}, 1, false}, {0}, {}, false);
}

TEST_CASE("more groups than memory holds") {
  TermPool pool;
  Random random(3);
  for (const std::size_t keys : {1U, 2U}) {
    TestInput input;
    input.columns = {10, 11, 12};
    input.batch_rows = 100;
    for (int i = 0; i < 40'000; ++i) {
      const auto integer = [&](std::uint64_t below) {
        return Id(IdType::integer, (std::uint64_t{1} << 59) + random() % below).bits();
      };
      input.rows.push_back({{integer(keys == 1 ? 10'000 : 100), integer(100), integer(1000)}, 1});
    }
    std::vector<GroupAggregate> aggregates = all_aggregates(12);
    aggregates = {aggregates[0], aggregates[2], aggregates[4], aggregates[14]};
    const std::vector<std::size_t> places = keys == 1 ? std::vector<std::size_t>{0} : std::vector<std::size_t>{0, 1};
    check(pool, input, places, aggregates, false, 300'000);
  }
}

TEST_CASE("sums of any size") {
  TermPool pool;
  const auto sum = [&](const std::vector<std::pair<std::string, std::string>>& numbers, std::uint64_t count = 1) {
    TestInput input{{10}, {}, 3, true};
    for (const auto& [form, type] : numbers) {
      const Id id = pool.terms().id(typed_literal(form, "http://www.w3.org/2001/XMLSchema#" + type));
      input.rows.push_back({{id.bits()}, count});
    }
    const auto run = pool.run();
    GroupOperator op(*run, rows_operator(*run, input), {}, {aggregate_of(AggregateKind::sum, 10)}, false);
    return text_of(pool.terms().term(Id::from_bits(rows_of(op).at(0).cells.at(0))));
  };
  CHECK(sum({{"576460752303423487", "integer"}, {"576460752303423487", "integer"}}) == "1152921504606846974");
  CHECK(sum({{"576460752303423487", "integer"}}, std::uint64_t{1} << 63) == "5316911983139663482391856204266602496");
  CHECK(sum({{"576460752303423487", "integer"}, {"0.5", "decimal"}}, std::uint64_t{1} << 62) ==
        "2658455991569831743501771111346995200");
  CHECK(sum({{"1", "integer"}, {"0.5", "decimal"}, {"0.5", "decimal"}}) == "2");
  CHECK(sum({{"0.0000000000000001", "decimal"}, {"99999999999999900000", "decimal"}}) ==
        "99999999999999900000.0000000000000001");
  CHECK(sum({{"1", "integer"}, {"0.5", "decimal"}, {"0.25", "float"}, {"1", "int"}}) == "\"2.75E0\"^^xsd:float");
  CHECK(sum({{"1", "integer"}, {"0.25", "float"}, {"2", "double"}, {"0.1", "decimal"}}) == "\"3.35E0\"^^xsd:double");
  CHECK(sum({{"1", "integer"}, {"x", "integer"}}) == "-");
}

TEST_CASE("a group that memory does not hold is an error") {
  TermPool pool;
  TestInput input{{10}, {}, 100, false};
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    input.rows.push_back({{Id(IdType::integer, (std::uint64_t{1} << 59) + i).bits()}, 1});
  }
  for (const AggregateKind kind : {AggregateKind::count, AggregateKind::group_concat}) {
    const auto run = pool.run(200'000);
    GroupOperator op(*run, rows_operator(*run, input), {}, {aggregate_of(kind, 10, true)}, false);
    Batch batch;
    CHECK_THROWS_WITH_AS(op.next(batch), doctest::Contains("memory limit"), Error);
  }
}

TEST_CASE("aggregates of the program") {
  class Pairs final : public expr::CustomAggregate {
   public:
    void add(std::span<const expr::Result> arguments) override {
      text_ +=
          (arguments[0] ? arguments[0]->lexical_form() : "-") + (arguments[1] ? arguments[1]->lexical_form() : "-");
    }
    [[nodiscard]] expr::Result result() override { return expr::Value::string(text_); }

   private:
    std::string text_;
  };
  TermPool pool;
  expr::FunctionRegistry functions;
  functions.aggregates["urn:pairs"] = [] { return std::make_unique<Pairs>(); };
  pool.environment.functions = &functions;
  const auto integer = [](std::uint64_t n) { return Id(IdType::integer, (std::uint64_t{1} << 59) + n).bits(); };
  TestInput input{{10, 11, 12}, {{{integer(7), integer(1), integer(2)}, 2}, {{integer(7), integer(3), 0}, 1}}, 1, true};
  GroupAggregate aggregate;
  aggregate.kind = AggregateKind::custom;
  aggregate.iri = "urn:pairs";
  aggregate.arguments = {11, 12};
  aggregate.result = kResult;
  const auto answer = [&] {
    const auto run = pool.run();
    GroupOperator op(*run, rows_operator(*run, input), {10}, {aggregate}, false);
    return text_of(pool.terms().term(Id::from_bits(rows_of(op).at(0).cells.at(1))));
  };
  CHECK(answer() == "\"12123-\"");
  aggregate.distinct = true;
  CHECK(answer() == "\"123-\"");
  aggregate.iri = "urn:unknown";
  CHECK(answer() == "-");
}

TEST_CASE("grouping stops when the query is cancelled") {
  TermPool pool;
  std::atomic<bool> cancelled = false;
  pool.environment.limits.cancelled = &cancelled;
  const auto run = pool.run();
  TestInput input{{10}, {{{Id(IdType::iri, 1).bits()}, std::uint64_t{1} << 60}}, 1, true};
  GroupOperator op(*run, rows_operator(*run, input), {}, {aggregate_of(AggregateKind::group_concat, 10)}, false);
  cancelled = true;
  Batch batch;
  CHECK_THROWS_AS(op.next(batch), Error);
}
