#include "engine/expr/aggregates.h"

#include <doctest/doctest.h>

#include <akyn/error.h>

#include "tests/expr/testing.h"

using namespace akyn::expr;
using namespace akyn::expr::testing;

namespace {

std::string aggregate(AggregateKind kind, const std::vector<Result>& values, const AggregateOptions& options = {}) {
  const auto accumulator = make_aggregate(kind, options);
  for (const Result& value : values) accumulator->add(value);
  return show(accumulator->result());
}

const Result kError = std::nullopt;
const AggregateOptions kDistinct{true, std::nullopt};

}  // namespace

TEST_CASE("empty groups") {
  CHECK(aggregate(AggregateKind::count, {}) == "\"0\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::sum, {}) == "\"0\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::avg, {}) == "\"0\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::min, {}) == "error");
  CHECK(aggregate(AggregateKind::max, {}) == "error");
  CHECK(aggregate(AggregateKind::sample, {}) == "error");
  CHECK(aggregate(AggregateKind::group_concat, {}) == "\"\"");
}

TEST_CASE("errors in a group") {
  const std::vector<Result> values = {integer(1), kError, integer(2)};
  CHECK(aggregate(AggregateKind::count, values) == "\"2\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::sum, values) == "error");
  CHECK(aggregate(AggregateKind::avg, values) == "error");
  CHECK(aggregate(AggregateKind::min, values) == "error");
  CHECK(aggregate(AggregateKind::max, values) == "\"2\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::max, {kError, kError}) == "error");
  CHECK(aggregate(AggregateKind::sample, {kError, integer(2)}) == "\"2\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::group_concat, values) == "error");
}

TEST_CASE("sums and averages: W3C agg-sum, agg-avg, agg-err") {
  CHECK(aggregate(AggregateKind::sum, {decimal("1.0"), decimal("2.2"), decimal("3.5")}) == "\"6.7\"^^xsd:decimal");
  CHECK(aggregate(AggregateKind::sum, {integer(1), decimal("2.2")}) == "\"3.2\"^^xsd:decimal");
  CHECK(aggregate(AggregateKind::sum, {number("1.0E2"), number("2.0E3"), number("3.0E4")}) == "\"3.21E4\"^^xsd:double");
  CHECK(aggregate(AggregateKind::avg, {integer(1), integer(2), integer(3)}) == "\"2\"^^xsd:decimal");
  CHECK(aggregate(AggregateKind::avg, {integer(1), decimal("2.2")}) == "\"1.6\"^^xsd:decimal");
  CHECK(aggregate(AggregateKind::avg, {integer(1), integer(2), integer(3), integer(4)}) == "\"2.5\"^^xsd:decimal");
  CHECK(aggregate(AggregateKind::avg, {integer(1), blank("b"), integer(3)}) == "error");
  CHECK(aggregate(AggregateKind::avg, {number("2.5E0"), integer(0), decimal("3.5"), integer(4)}) ==
        "\"2.5E0\"^^xsd:double");
  CHECK(aggregate(AggregateKind::sum, {integer(1), string("2")}) == "error");
  CHECK(aggregate(AggregateKind::sum, {integer(9223372036854775807), integer(1)}) ==
        "\"9223372036854775808\"^^xsd:integer");
}

TEST_CASE("DISTINCT is by term") {
  CHECK(aggregate(AggregateKind::count, {integer(1), integer(1), typed("01", "integer")}, kDistinct) ==
        "\"2\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::sum, {integer(1), integer(1), integer(2)}, kDistinct) == "\"3\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::avg, {integer(1), integer(1), integer(2)}, kDistinct) == "\"1.5\"^^xsd:decimal");
  CHECK(aggregate(AggregateKind::group_concat, {string("1"), string("2"), string("1")}, kDistinct) == "\"1 2\"");
  CHECK(aggregate(AggregateKind::max, {integer(1), integer(1), integer(2)}, kDistinct) == "\"2\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::count, {kError, kError}, kDistinct) == "\"0\"^^xsd:integer");
  CHECK(aggregate(AggregateKind::count, {lang("a", "en"), lang("a", "EN")}, kDistinct) == "\"1\"^^xsd:integer");
}

TEST_CASE("MIN and MAX follow ORDER BY's order and keep the term") {
  CHECK(aggregate(AggregateKind::min, {number("2E-1"), decimal("2.2")}) == "\"2E-1\"^^xsd:double");
  CHECK(aggregate(AggregateKind::max, {string("b"), string("a")}) == "\"b\"");
  CHECK(aggregate(AggregateKind::min, {integer(1), blank("b")}) == "_:b");
  CHECK(aggregate(AggregateKind::min, {iri("urn:x"), integer(1)}) == "<urn:x>");
  CHECK(aggregate(AggregateKind::max, {typed("2020-10-15", "date"), typed("2020-10-04", "date")}) ==
        "\"2020-10-15\"^^xsd:date");
  CHECK(aggregate(AggregateKind::min, {integer(1), decimal("1.0")}) ==
        aggregate(AggregateKind::min, {decimal("1.0"), integer(1)}));
}

TEST_CASE("GROUP_CONCAT joins in order") {
  CHECK(aggregate(AggregateKind::group_concat, {string("a"), integer(1), iri("urn:x")}) == "\"a 1 urn:x\"");
  CHECK(aggregate(AggregateKind::group_concat, {string("1"), string("22")}, {false, ":"}) == "\"1:22\"");
  CHECK(aggregate(AggregateKind::group_concat, {string("1"), string("22")}, {false, ""}) == "\"122\"");
  CHECK(aggregate(AggregateKind::group_concat, {lang("1", "en"), lang("2", "en")}) == "\"1 2\"");
  CHECK(aggregate(AggregateKind::group_concat, {string(""), string("a")}) == "\" a\"");
  CHECK(aggregate(AggregateKind::group_concat, {string("a"), blank("b")}) == "error");
}

TEST_CASE("GROUP_CONCAT asks for room before it grows") {
  AggregateOptions options;
  options.check_room = [](std::size_t bytes) {
    if (bytes > 50'000) throw akyn::Error(akyn::ErrorCode::limit, "no room");
  };
  const auto accumulator = make_aggregate(AggregateKind::group_concat, options);
  const auto fill = [&] {
    for (int i = 0; i < 100; ++i) accumulator->add(string(std::string(1000, 'x')));
  };
  CHECK_THROWS_AS(fill(), akyn::Error);
  CHECK(accumulator->memory() <= 50'000);
}
