#include "engine/expr/value.h"

#include <doctest/doctest.h>

#include "engine/term/datatype.h"
#include "engine/term/decimal.h"
#include "engine/term/inline_id.h"
#include "tests/expr/testing.h"

using akyn::Decimal;
using akyn::Direction;
using akyn::Term;
using namespace akyn::expr;
using namespace akyn::expr::testing;

TEST_CASE("a value keeps the term it came from") {
  const Term terms[] = {akyn::iri("http://example.org/a"),
                        akyn::blank("b"),
                        akyn::literal("text"),
                        akyn::lang_literal("chat", "fr-FR"),
                        akyn::lang_literal("chat", "ar", Direction::rtl),
                        akyn::typed_literal("007", "http://www.w3.org/2001/XMLSchema#integer"),
                        akyn::typed_literal("+1.50", "http://www.w3.org/2001/XMLSchema#decimal"),
                        akyn::typed_literal("1", "http://www.w3.org/2001/XMLSchema#boolean"),
                        akyn::typed_literal("x", "http://www.w3.org/2001/XMLSchema#integer"),
                        akyn::typed_literal("x", "urn:unknown"),
                        akyn::typed_literal("1e0", "http://www.w3.org/2001/XMLSchema#double"),
                        akyn::typed_literal("2020-10-15T24:00:00", "http://www.w3.org/2001/XMLSchema#dateTime"),
                        akyn::typed_literal("P12M", "http://www.w3.org/2001/XMLSchema#yearMonthDuration"),
                        akyn::typed_literal("99999999999999999999999", "http://www.w3.org/2001/XMLSchema#integer"),
                        akyn::triple_term(akyn::iri("urn:s"), akyn::iri("urn:p"), akyn::literal("o"))};
  for (const Term& term : terms) CHECK(Value::of(term).term() == term);
}

TEST_CASE("kinds follow datatype and lexical form") {
  CHECK(typed("5", "int").kind() == ValueKind::integer);
  CHECK(typed("300", "byte").kind() == ValueKind::other);
  CHECK(typed("-1", "nonNegativeInteger").kind() == ValueKind::other);
  CHECK(typed("0", "positiveInteger").kind() == ValueKind::other);
  CHECK(typed("18446744073709551615", "unsignedLong").kind() == ValueKind::integer);
  CHECK(typed("18446744073709551616", "unsignedLong").kind() == ValueKind::other);
  CHECK(typed("9223372036854775807", "long").as_int64() == 9223372036854775807);
  CHECK(typed("1.5", "decimal").kind() == ValueKind::decimal);
  CHECK(typed("1.5", "integer").kind() == ValueKind::other);
  CHECK(typed("INF", "float").kind() == ValueKind::float_);
  CHECK(typed("TRUE", "boolean").kind() == ValueKind::other);
  CHECK(typed("2020-10-15", "date").kind() == ValueKind::date);
  CHECK(typed("2020-10-15", "dateTime").kind() == ValueKind::other);
  CHECK(typed("2020-10-15T00:00:00Z", "dateTimeStamp").kind() == ValueKind::date_time);
  CHECK(typed("2020-10-15T00:00:00", "dateTimeStamp").kind() == ValueKind::other);
  CHECK(typed("--02-29", "gMonthDay").kind() == ValueKind::g_month_day);
  CHECK(typed("--02-30", "gMonthDay").kind() == ValueKind::other);
  CHECK(typed("---31", "gDay").kind() == ValueKind::g_day);
  CHECK(typed("--13", "gMonth").kind() == ValueKind::other);
  CHECK(typed("P1Y2M3DT4H5M6.7S", "duration").kind() == ValueKind::duration);
  CHECK(typed("P1Y1D", "yearMonthDuration").kind() == ValueKind::other);
  CHECK(typed("P1M", "dayTimeDuration").kind() == ValueKind::other);
  for (const char* wrong : {"P", "PT", "P1DT", "P1S", "PT1D", "P1M1Y", "1D", "P-1D", "PT1.S", "P1.5D", "-P", "P1Y1Y"}) {
    CHECK(typed(wrong, "duration").kind() == ValueKind::other);
  }
  CHECK(typed("x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString").kind() == ValueKind::other);
}

TEST_CASE("canonical forms of computed values") {
  CHECK(show(Value::integer(-3)) == "\"-3\"^^xsd:integer");
  CHECK(show(Value::decimal(*Decimal::parse("002.500"))) == "\"2.5\"^^xsd:decimal");
  CHECK(show(Value::decimal(*Decimal::parse("-0.0"))) == "\"0\"^^xsd:decimal");
  CHECK(show(Value::double_(1)) == "\"1.0E0\"^^xsd:double");
  CHECK(show(Value::double_(-0.00025)) == "\"-2.5E-4\"^^xsd:double");
  CHECK(show(Value::double_(1e100)) == "\"1.0E100\"^^xsd:double");
  CHECK(show(Value::float_(0.1F)) == "\"1.0E-1\"^^xsd:float");
  CHECK(show(Value::boolean(true)) == "\"true\"^^xsd:boolean");
}

TEST_CASE("inlined Ids give the same values as their terms") {
  const Value values[] = {integer(42),
                          decimal("1.50"),
                          number("1e6"),
                          Value::boolean(false),
                          typed("2020-10-15", "date"),
                          date_time("2020-10-15T12:00:00.50Z")};
  for (const Value& value : values) {
    const auto id = akyn::inline_id(value.term().view());
    REQUIRE(id.has_value());
    CHECK(Value::of_inlined(*id).term() == value.term());
    CHECK(Value::of_inlined(*id).kind() == value.kind());
  }
}

TEST_CASE("decimals beyond the digit limit have no value") {
  const std::string digits(Decimal::kMaxDigits + 1, '7');
  CHECK(typed(digits, "integer").kind() == ValueKind::other);
  CHECK(typed(digits.substr(1), "integer").kind() == ValueKind::integer);
}
