// Ranges and maps of conditions: what they say of an Id is what the condition says of its term.
#include "engine/plan/id_ranges.h"

#include <limits>

#include "engine/algebra/print.h"
#include "engine/plan/condition_map.h"
#include "engine/plan/inlined_order.h"
#include "tests/exec/expression_support.h"

namespace akyn::exec::test {
namespace {

// The store's Ids of all terms, and the unbound one.
std::vector<Id> cells(const Fixture& fixture) {
  std::vector<Id> ids = fixture.ids;
  ids.emplace_back();
  return ids;
}

TEST_CASE("a condition's map has its truth for every Id, and its ranges the stored Ids for which it is true") {
  Fixture fixture;
  const std::vector<Slot> columns{fixture.slots[0]};
  Maker maker(fixture, 11);
  oracle::ActiveGraph graph;
  oracle::Expressions oracle(*fixture.evaluator, graph, columns);
  std::size_t certain = 0;
  for (int i = 0; i < 4000; ++i) {
    const Expression condition = maker.truth(static_cast<int>(maker.random() % 3));
    const plan::TruthMap map =
        plan::condition_map(*condition, fixture.slots[0], *fixture.terms, fixture.run->functions());
    const plan::IdRanges ranges = plan::id_ranges(map);
    for (const Id id : cells(fixture)) {
      const std::optional<bool> truth = oracle.condition(*condition, std::array{id});
      const plan::Truths wanted = !truth ? plan::kError : *truth ? plan::kTrue : plan::kFalse;
      INFO(algebra::to_string(*condition, fixture.query.variables), " for ", fixture.show(id.bits()));
      const plan::Truths possible = map.of(id.bits());
      REQUIRE((possible & wanted) != 0);
      certain += plan::is_certain(possible) ? 1 : 0;
      if (!id.is_bound() || id.is_local()) continue;
      const bool inside = ranges.contains(id.bits());
      if (truth.value_or(false)) REQUIRE(inside);
      if (inside && ranges.exact) REQUIRE(truth.value_or(false));
    }
  }
  CHECK(certain > 4000 * cells(fixture).size() / 8);
}

// All comparisons with all constants: nothing may be left to chance here.
TEST_CASE("comparisons with a constant") {
  Fixture fixture;
  const std::vector<Slot> columns{fixture.slots[0]};
  oracle::ActiveGraph graph;
  oracle::Expressions oracle(*fixture.evaluator, graph, columns);
  const Expression variable = make_expression(algebra::VariableOperator{fixture.slots[0]});
  std::size_t uncertain = 0;
  std::size_t all = 0;
  for (const Id constant : fixture.ids) {
    const Expression other = algebra::make_constant({fixture.terms->term(constant), Id()});
    for (const BinaryOperator op :
         {BinaryOperator::equal, BinaryOperator::not_equal, BinaryOperator::less, BinaryOperator::greater,
          BinaryOperator::less_equal, BinaryOperator::greater_equal}) {
      const Expression condition = make_expression(algebra::CompareOperator{op}, {variable, other});
      const plan::TruthMap map =
          plan::condition_map(*condition, fixture.slots[0], *fixture.terms, fixture.run->functions());
      for (const Id id : cells(fixture)) {
        const std::optional<bool> truth = oracle.condition(*condition, std::array{id});
        const plan::Truths wanted = !truth ? plan::kError : *truth ? plan::kTrue : plan::kFalse;
        INFO(algebra::to_string(*condition, fixture.query.variables), " for ", fixture.show(id.bits()));
        const plan::Truths possible = map.of(id.bits());
        REQUIRE((possible & wanted) != 0);
        uncertain += plan::is_certain(possible) ? 0 : 1;
        ++all;
      }
    }
  }
  CHECK(uncertain < all / 4);
}

plan::IdRanges ranges_of(Fixture& fixture, const Expression& condition) {
  return plan::id_ranges(*condition, fixture.slots[0], *fixture.terms, fixture.run->functions());
}

TEST_CASE("ranges are exact where Ids say all") {
  Fixture fixture;
  const Expression variable = make_expression(algebra::VariableOperator{fixture.slots[0]});
  const auto call = [&](const char* name) {
    return make_expression(algebra::CallOperator{expr::find_function(name), name}, {variable});
  };
  const auto constant = [](const Term& term) { return algebra::make_constant({term, Id()}); };

  const plan::IdRanges iris = ranges_of(fixture, call("ISIRI"));
  CHECK(iris.exact);
  REQUIRE(iris.ranges.size() == 1);
  CHECK(iris.ranges[0].first == Id(IdType::iri, 0).bits());

  const plan::IdRanges literals = ranges_of(fixture, call("ISLITERAL"));
  CHECK(literals.exact);
  CHECK(literals.ranges.size() == 1);

  const plan::IdRanges bound = ranges_of(fixture, make_expression(algebra::BoundOperator{fixture.slots[0]}));
  CHECK(bound.exact);
  CHECK(bound.is_everything());

  const plan::IdRanges same = ranges_of(fixture, make_expression(algebra::CompareOperator{BinaryOperator::equal},
                                                                 {variable, constant(iri("http://example/a"))}));
  CHECK(same.exact);
  const std::uint64_t id = fixture.terms->id(iri("http://example/a")).bits();
  CHECK(same.ranges == std::vector<plan::IdRange>{{id, id}});

  const Expression five = constant(xsd("5", "integer"));
  const Expression nine = constant(xsd("9.5", "decimal"));
  const plan::IdRanges between = ranges_of(
      fixture,
      make_expression(algebra::AndOperator{},
                      {make_expression(algebra::CompareOperator{BinaryOperator::less}, {five, variable}),
                       make_expression(algebra::CompareOperator{BinaryOperator::less_equal}, {variable, nine})}));
  const auto integer = [](std::int64_t number) {
    return Id(IdType::integer, static_cast<std::uint64_t>(number + (std::int64_t{1} << 59))).bits();
  };
  CHECK(between.contains(integer(6)));
  CHECK(between.contains(integer(9)));
  CHECK_FALSE(between.contains(integer(5)));
  CHECK_FALSE(between.contains(integer(10)));
  CHECK_FALSE(between.contains(id));

  const plan::IdRanges never = ranges_of(fixture, make_expression(algebra::CompareOperator{BinaryOperator::less},
                                                                  {variable, constant(iri("http://example/a"))}));
  CHECK(never.ranges.empty());
}

TEST_CASE("maps combine as three-valued logic does") {
  using plan::kAnyTruth;
  using plan::kError;
  using plan::kFalse;
  using plan::kTrue;
  CHECK(plan::conjunction(kFalse, kError) == kFalse);
  CHECK(plan::conjunction(kTrue, kError) == kError);
  CHECK(plan::disjunction(kTrue, kError) == kTrue);
  CHECK(plan::disjunction(kFalse, kError) == kError);
  CHECK(plan::negation(kError) == kError);
  CHECK(plan::conjunction(kAnyTruth, kFalse) == kFalse);
  CHECK(plan::conjunction(kAnyTruth, kTrue) == kAnyTruth);

  // Against a function of few points.
  std::mt19937 random(5);
  constexpr std::uint64_t kPoints = 40;
  for (int i = 0; i < 300; ++i) {
    std::array<plan::TruthMap, 2> maps;
    std::array<std::array<plan::Truths, kPoints>, 2> expected{};
    for (std::size_t m = 0; m < 2; ++m) {
      expected[m].fill(kAnyTruth);
      for (int j = 0; j < 12; ++j) {
        const std::uint64_t first = random() % kPoints;
        const std::uint64_t last = random() % 4 == 0 ? ~std::uint64_t{0} : random() % kPoints;
        const auto truths = static_cast<plan::Truths>(1 + random() % 7);
        maps[m].set(first, last, truths);
        for (std::uint64_t at = first; at < kPoints && at <= last; ++at) expected[m][at] = truths;
      }
    }
    const plan::TruthMap both = plan::TruthMap::conjunction(maps[0], maps[1]);
    const plan::TruthMap either = plan::TruthMap::disjunction(maps[0], maps[1]);
    const plan::TruthMap neither = !either;
    for (std::uint64_t at = 0; at < kPoints; ++at) {
      REQUIRE(maps[0].of(at) == expected[0][at]);
      REQUIRE(both.of(at) == plan::conjunction(expected[0][at], expected[1][at]));
      REQUIRE(either.of(at) == plan::disjunction(expected[0][at], expected[1][at]));
      REQUIRE(neither.of(at) == plan::negation(either.of(at)));
    }
  }
}

}  // namespace
}  // namespace akyn::exec::test
