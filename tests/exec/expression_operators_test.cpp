// FILTER and BIND as operators.
#include <map>
#include <set>

#include "engine/algebra/print.h"
#include "engine/exec/expand_operator.h"
#include "engine/exec/expression_facts.h"
#include "engine/exec/extend_operator.h"
#include "engine/exec/filter_operator.h"
#include "tests/exec/expression_support.h"

namespace akyn::exec::test {
namespace {

using Rows = std::vector<std::pair<std::vector<std::uint64_t>, std::uint64_t>>;  // with their counts

// Gives rows in batches of some sizes, the counted ones counted.
class RowsOperator final : public Operator {
 public:
  RowsOperator(Run& run, std::vector<Slot> columns, const Rows& rows, std::size_t batch_rows, bool counted)
      : Operator(run, std::move(columns)), rows_(rows), batch_rows_(batch_rows), counted_(counted) {}

 protected:
  bool produce(Batch& out) override {
    const std::size_t rows = std::min(batch_rows_, rows_.size() - next_);
    for (std::size_t i = 0; i < rows; ++i, ++next_) {
      for (std::size_t j = 0; j < out.width(); ++j) out.values(j).push_back(rows_[next_].first[j]);
      if (counted_) out.count_values().push_back(rows_[next_].second);
    }
    out.set_rows(rows);
    return rows > 0;
  }

 private:
  const Rows& rows_;
  std::size_t batch_rows_;
  bool counted_;
  std::size_t next_ = 0;
};

std::vector<std::pair<std::vector<std::uint64_t>, std::uint64_t>> all_rows(Operator& op) {
  Rows rows;
  Batch batch;
  while (op.next(batch)) {
    REQUIRE(batch.rows() > 0);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::vector<std::uint64_t> values;
      for (std::size_t i = 0; i < batch.width(); ++i) values.push_back(batch.column(i)[row]);
      rows.emplace_back(std::move(values), batch.count(row));
    }
  }
  return rows;
}

Expression call(const char* name, std::vector<Expression> arguments) {
  return make_expression(algebra::CallOperator{expr::find_function(name), name}, std::move(arguments));
}

TEST_CASE("FILTER keeps rows and their counts, BIND adds columns, whatever the sizes of batches") {
  Fixture fixture;
  const std::vector<Slot> columns{fixture.slots[0], fixture.slots[1]};
  Maker maker(fixture, 21);
  oracle::ActiveGraph graph;
  oracle::Expressions before(*fixture.evaluator, graph, columns);
  const std::vector<Slot> more{fixture.slots[0], fixture.slots[1], fixture.slots[2]};
  oracle::Expressions after(*fixture.evaluator, graph, more);
  for (int i = 0; i < 120; ++i) {
    const std::vector<Expression> conditions{maker.truth(2)};
    const Expression first = maker.any(2);
    const Expression second = maker.any(2);
    if (!is_deterministic(*conditions[0]) || !is_deterministic(*first) || !is_deterministic(*second)) continue;
    Rows rows;
    const std::size_t count = maker.random() % 60;
    for (std::size_t row = 0; row < count; ++row) {
      rows.push_back({{fixture.ids[maker.random() % fixture.ids.size()].bits(),
                       maker.random() % 8 == 0 ? 0 : fixture.ids[maker.random() % fixture.ids.size()].bits()},
                      1 + maker.random() % 5});
    }
    for (const std::size_t batch_rows : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
      for (const bool counted : {false, true}) {
        Rows wanted;
        for (const auto& [values, rows_count] : rows) {
          const std::vector<Id> ids{Id::from_bits(values[0]), Id::from_bits(values[1])};
          if (!before.all_true(conditions, ids)) continue;
          const Id c = before.id(*first, ids);
          const Id d = after.id(*second, std::array{ids[0], ids[1], c});
          wanted.push_back({{values[0], values[1], c.bits(), d.bits()}, counted ? rows_count : 1});
        }
        auto input = std::make_unique<RowsOperator>(*fixture.run, columns, rows, batch_rows, counted);
        auto filter = std::make_unique<FilterOperator>(*fixture.run, std::move(input), conditions, nullptr);
        ExtendOperator extend(*fixture.run, std::move(filter), {{fixture.slots[2], first}, {fixture.slots[3], second}},
                              nullptr);
        CHECK(extend.columns() == fixture.slots);
        INFO(algebra::to_string(*conditions[0], fixture.query.variables));
        INFO(algebra::to_string(*first, fixture.query.variables));
        INFO(algebra::to_string(*second, fixture.query.variables));
        REQUIRE(all_rows(extend) == wanted);
      }
    }
  }
}

TEST_CASE("what is not deterministic is evaluated for each solution") {
  Fixture fixture;
  const std::vector<Slot> columns{fixture.slots[0]};
  const std::uint64_t a = fixture.ids[0].bits();
  const Rows rows{{{a}, 3}, {{a}, 10'000}};
  const Expression label = algebra::make_constant({literal("x"), Id()});
  ExtendOperator extend(*fixture.run, std::make_unique<RowsOperator>(*fixture.run, columns, rows, 10, true),
                        {{fixture.slots[1], call("BNODE", {label})},
                         {fixture.slots[2], call("BNODE", {label})},
                         {fixture.slots[3], call("RAND", {})}},
                        nullptr);
  std::set<std::uint64_t> blanks;
  std::set<std::uint64_t> numbers;
  const Rows result = all_rows(extend);
  CHECK(result.size() == 10'003);
  for (const auto& [values, count] : result) {
    CHECK(count == 1);
    CHECK(values[0] == a);
    CHECK(values[1] == values[2]);  // one label, one solution: one node
    blanks.insert(values[1]);
    numbers.insert(values[3]);
  }
  CHECK(blanks.size() == result.size());
  CHECK(numbers.size() == result.size());

  FilterOperator filter(*fixture.run, std::make_unique<RowsOperator>(*fixture.run, columns, rows, 10, true),
                        {make_expression(algebra::CompareOperator{BinaryOperator::less},
                                         {call("RAND", {}), algebra::make_constant({xsd("0.5", "decimal"), Id()})})},
                        nullptr);
  const std::size_t kept = all_rows(filter).size();
  CHECK(kept > 4000);
  CHECK(kept < 6000);
}

// The pattern has a solution for the IRIs.
class IrisExist final : public ExistsEvaluator {
 public:
  bool exists(const algebra::ExistsOperator&, std::span<const Id> row, const std::vector<Slot>& columns) override {
    REQUIRE(row.size() == columns.size());
    return row[0].type() == IdType::iri;
  }
};

TEST_CASE("EXISTS is asked row by row, alone and within expressions") {
  Fixture fixture;
  const std::vector<Slot> columns{fixture.slots[0]};
  Rows rows;
  for (const Id id : fixture.ids) rows.push_back({{id.bits()}, 2});
  IrisExist exists;
  for (const bool negated : {false, true}) {
    for (const bool within : {false, true}) {
      Expression condition =
          make_expression(algebra::ExistsOperator{algebra::make_node(algebra::BasicGraph{}), negated});
      if (within)
        condition = make_expression(
            algebra::OrOperator{},
            {call("ISBLANK", {make_expression(algebra::VariableOperator{fixture.slots[0]})}), condition});
      FilterOperator filter(*fixture.run, std::make_unique<RowsOperator>(*fixture.run, columns, rows, 50, true),
                            {condition}, &exists);
      Rows wanted;
      for (const auto& row : rows) {
        const IdType type = Id::from_bits(row.first[0]).type();
        if ((type == IdType::iri) != negated || (within && type == IdType::blank)) wanted.push_back(row);
      }
      CHECK(all_rows(filter) == wanted);
    }
  }
}

}  // namespace
}  // namespace akyn::exec::test
