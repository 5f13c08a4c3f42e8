#include "engine/expr/operators.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/expr/testing.h"

using akyn::Direction;
using namespace akyn::expr;
using namespace akyn::expr::testing;

namespace {

// '=', '!' or 'E' for true, false and error.
char eq(const Value& a, const Value& b) {
  const auto forth = equal(a, b);
  const auto back = equal(b, a);
  CHECK(forth == back);
  return !forth ? 'E' : *forth ? '=' : '!';
}

char cmp(const Value& a, const Value& b) {
  const auto order = compare(a, b);
  if (!order) return 'E';
  if (*order < 0) return '<';
  if (*order > 0) return '>';
  return *order == 0 ? '=' : 'N';
}

Value dur(std::string_view text) {
  return typed(text, "dayTimeDuration");
}
Value months(std::string_view text) {
  return typed(text, "yearMonthDuration");
}
Value date(std::string_view text) {
  return typed(text, "date");
}

}  // namespace

TEST_CASE("effective boolean value") {
  CHECK(effective_boolean(integer(1)) == true);
  CHECK(effective_boolean(integer(0)) == false);
  CHECK(effective_boolean(string("")) == false);
  CHECK(effective_boolean(string("false")) == true);
  CHECK(effective_boolean(number("NaN")) == false);
  CHECK(effective_boolean(number("0.01")) == true);
  CHECK(effective_boolean(decimal("0.0")) == false);
  CHECK_FALSE(effective_boolean(typed("x", "integer")).has_value());
  CHECK_FALSE(effective_boolean(typed("x", "boolean")).has_value());
  CHECK(effective_boolean(typed("1", "boolean")) == true);
  CHECK_FALSE(effective_boolean(lang("x", "en")).has_value());
  CHECK_FALSE(effective_boolean(iri("urn:x")).has_value());
  CHECK_FALSE(effective_boolean(blank("b")).has_value());
  CHECK_FALSE(effective_boolean(typed("x", "urn:t")).has_value());
  CHECK_FALSE(effective_boolean(date("2020-10-15")).has_value());
}

TEST_CASE("= compares values") {
  CHECK(eq(integer(1), typed("01", "integer")) == '=');
  CHECK(eq(integer(1), decimal("1.0")) == '=');
  CHECK(eq(integer(1), number("1e0")) == '=');
  CHECK(eq(typed("1", "float"), decimal("1.0")) == '=');
  CHECK(eq(typed("5", "byte"), typed("5", "unsignedLong")) == '=');
  CHECK(eq(number("NaN"), number("NaN")) == '!');
  CHECK(eq(integer(1), integer(2)) == '!');
  CHECK(eq(number("-0.0"), number("0")) == '=');
  CHECK(eq(typed("9223372036854775808", "integer"), typed("9223372036854775809", "integer")) == '!');
  CHECK(eq(string("a"), string("a")) == '=');
  CHECK(eq(string("a"), string("b")) == '!');
  CHECK(eq(string("1"), integer(1)) == '!');
  CHECK(eq(typed("1", "boolean"), typed("true", "boolean")) == '=');
  CHECK(eq(dur("PT24H"), dur("P1D")) == '=');
  CHECK(eq(typed("P1Y", "duration"), months("P12M")) == '=');
  CHECK(eq(dur("PT0S"), months("P0M")) == '=');
}

TEST_CASE("= on what is not understood: W3C open-world tests") {
  const Value plain = string("xyz");
  const Value tagged = lang("xyz", "en");
  const Value ill_typed = typed("xyz", "integer");
  const Value unknown = typed("xyz", "http://example/unknown");
  CHECK(eq(plain, tagged) == '!');
  CHECK(eq(plain, ill_typed) == 'E');
  CHECK(eq(plain, unknown) == 'E');
  CHECK(eq(tagged, lang("xyz", "EN")) == '=');
  CHECK(eq(tagged, ill_typed) == '!');
  CHECK(eq(tagged, unknown) == '!');
  CHECK(eq(ill_typed, ill_typed) == '=');
  CHECK(eq(ill_typed, unknown) == 'E');
  CHECK(eq(unknown, unknown) == '=');
  CHECK(eq(unknown, typed("abc", "http://example/unknown")) == 'E');
  CHECK(eq(iri("urn:xyz"), plain) == '!');
  CHECK(eq(blank("xyz"), unknown) == '!');
  CHECK(eq(blank("a"), blank("b")) == '!');
  CHECK(eq(iri("urn:a"), iri("urn:a")) == '=');
  CHECK(eq(integer(1), unknown) == 'E');
  CHECK(eq(lang("a", "en", Direction::ltr), lang("a", "en", Direction::rtl)) == '!');
  CHECK(eq(lang("a", "en", Direction::ltr), lang("a", "en")) == '!');
}

TEST_CASE("dates and times with and without zones") {
  CHECK(eq(date("2006-08-23"), date("2006-08-23")) == '=');
  CHECK(eq(date("2006-08-23"), date("2006-08-23Z")) == 'E');
  CHECK(eq(date("2006-08-23"), date("2001-01-01Z")) == '!');
  CHECK(eq(date("2006-08-23Z"), date("2006-08-23+00:00")) == '=');
  CHECK(eq(date("2006-08-23"), date_time("2006-08-23T00:00:00")) == '!');
  CHECK(eq(date_time("2002-04-02T23:00:00-04:00"), date_time("2002-04-03T02:00:00-01:00")) == '=');
  CHECK(eq(date_time("1999-12-31T24:00:00"), date_time("2000-01-01T00:00:00")) == '=');
  CHECK(eq(date_time("2005-04-04T24:00:00"), date_time("2005-04-04T00:00:00")) == '!');
  CHECK(eq(date_time("2008-04-01T00:00:00.00Z"), date_time("2008-04-01T00:00:00Z")) == '=');
  CHECK(cmp(date_time("2008-10-01T00:00:00"), date_time("2008-10-03T00:00:00Z")) == '<');
  CHECK(cmp(date_time("2008-10-03T00:00:00Z"), date_time("2008-10-01T00:00:00")) == '>');
  CHECK(cmp(date_time("2008-10-01T00:00:00Z"), date_time("2008-10-01T13:59:59")) == 'E');
  CHECK(cmp(date_time("2008-10-01T00:00:00Z"), date_time("2008-10-01T14:00:01")) == '<');
  CHECK(cmp(date("2006-08-22"), date_time("2006-08-23T00:00:00Z")) == 'E');
  CHECK(cmp(typed("12:00:00Z", "time"), typed("12:00:00+01:00", "time")) == '>');
  CHECK(cmp(typed("2019", "gYear"), typed("2020", "gYear")) == '<');
  CHECK(cmp(months("P1Y"), months("P13M")) == '<');
  CHECK(cmp(typed("P1M", "duration"), typed("P30D", "duration")) == 'E');
  CHECK(cmp(typed("P1M", "duration"), typed("P27D", "duration")) == '>');
}

TEST_CASE("less and greater") {
  CHECK(cmp(string("v1"), string("v2")) == '<');
  CHECK(cmp(string("\xEF\xBF\xBD"), string("\xF0\x9F\x91\xAA")) == '<');  // U+FFFD before U+1F46A
  CHECK(cmp(integer(1), decimal("1.5")) == '<');
  CHECK(cmp(integer(2), typed("1.5", "float")) == '>');
  CHECK(cmp(number("NaN"), integer(1)) == 'N');
  CHECK(cmp(Value::boolean(false), Value::boolean(true)) == '<');
  CHECK(cmp(integer(1), string("v2")) == 'E');
  CHECK(cmp(iri("urn:a"), iri("urn:b")) == 'E');
  CHECK(cmp(lang("a", "en"), lang("b", "EN")) == '<');
  CHECK(cmp(lang("a", "en"), lang("b", "fr")) == 'E');
  CHECK(cmp(lang("a", "en"), lang("b", "en", Direction::ltr)) == 'E');
  CHECK(cmp(lang("a", "en"), string("b")) == 'E');
  CHECK(less(integer(1), integer(2)) == true);
  CHECK_FALSE(less(integer(1), iri("urn:b")).has_value());
}

TEST_CASE("triple terms compare part by part") {
  const auto triple = [](Value object) { return Value::triple(iri("urn:a"), iri("urn:b"), std::move(object)); };
  CHECK(eq(triple(integer(123)), triple(decimal("123.0"))) == '=');
  CHECK_FALSE(same_term(triple(integer(123)), triple(decimal("123.0"))));
  CHECK(same_term(triple(integer(123)), triple(integer(123))));
  CHECK(eq(triple(integer(1)), triple(integer(2))) == '!');
  CHECK(eq(triple(integer(1)), triple(typed("1", "urn:t"))) == 'E');
  CHECK(eq(triple(integer(1)), integer(1)) == '!');
  CHECK(eq(triple(triple(integer(1))), triple(triple(decimal("1.0")))) == '=');
  CHECK(cmp(triple(integer(1)), triple(integer(2))) == '<');
  CHECK(cmp(triple(iri("urn:x")), triple(iri("urn:y"))) == 'E');
}

TEST_CASE("arithmetic on numbers") {
  CHECK(show(add(integer(1), integer(2))) == "\"3\"^^xsd:integer");
  CHECK(show(add(typed("1", "int"), typed("2", "short"))) == "\"3\"^^xsd:integer");
  CHECK(show(add(integer(9223372036854775807), integer(1))) == "\"9223372036854775808\"^^xsd:integer");
  CHECK(show(multiply(integer(9223372036854775807), integer(-2))) == "\"-18446744073709551614\"^^xsd:integer");
  CHECK(show(subtract(typed("18446744073709551616", "integer"), typed("18446744073709551615", "integer"))) ==
        "\"1\"^^xsd:integer");
  CHECK(show(add(integer(1), decimal("1.5"))) == "\"2.5\"^^xsd:decimal");
  CHECK(show(add(decimal("0.1"), decimal("0.2"))) == "\"0.3\"^^xsd:decimal");
  CHECK(show(add(decimal("1.5"), typed("1", "float"))) == "\"2.5E0\"^^xsd:float");
  CHECK(show(add(typed("1.5", "float"), number("1"))) == "\"2.5E0\"^^xsd:double");
  CHECK(show(divide(integer(1), integer(2))) == "\"0.5\"^^xsd:decimal");
  CHECK(show(divide(integer(6), integer(3))) == "\"2\"^^xsd:decimal");
  CHECK(show(divide(integer(1), integer(3))) == "\"0.333333333333333333333333\"^^xsd:decimal");
  CHECK(show(divide(integer(-2), integer(3))) == "\"-0.666666666666666666666667\"^^xsd:decimal");
  CHECK(show(divide(integer(1), integer(0))) == "error");
  CHECK(show(divide(integer(1), decimal("0.0"))) == "error");
  CHECK(show(divide(integer(1), number("0"))) == "\"INF\"^^xsd:double");
  CHECK(show(divide(number("-1"), integer(0))) == "\"-INF\"^^xsd:double");
  CHECK(show(divide(number("0"), number("0"))) == "\"NaN\"^^xsd:double");
  CHECK(show(negate(integer(5))) == "\"-5\"^^xsd:integer");
  CHECK(show(negate(integer(std::numeric_limits<std::int64_t>::min()))) == "\"9223372036854775808\"^^xsd:integer");
  CHECK(show(negate(number("1"))) == "\"-1.0E0\"^^xsd:double");
  CHECK(show(negate(string("1"))) == "error");
  CHECK(show(unary_plus(string("1"))) == "error");
  CHECK(show(unary_plus(integer(1))) == "\"1\"^^xsd:integer");
  CHECK(show(add(string("1"), integer(2))) == "error");
  CHECK(show(add(string("1"), string("2"))) == "error");
  CHECK(show(logical_not(string(""))) == "\"true\"^^xsd:boolean");
  CHECK(show(logical_not(iri("urn:a"))) == "error");
}

TEST_CASE("repeated squaring ends in an error, not in memory") {
  Result value = typed("12345678901234567890", "integer");
  int steps = 0;
  for (; value && steps < 60; ++steps) value = multiply(*value, *value);
  CHECK(steps < 15);
}

TEST_CASE("arithmetic on dates, times and durations") {
  CHECK(show(subtract(date_time("2020-10-15T12:00:00Z"), date_time("2020-10-14T11:59:58.5Z"))) ==
        "\"P1DT1.5S\"^^xsd:dayTimeDuration");
  CHECK(show(subtract(date("2020-10-04"), date("2020-10-15"))) == "\"-P11D\"^^xsd:dayTimeDuration");
  CHECK(show(add(date("2020-01-31"), months("P1M"))) == "\"2020-02-29\"^^xsd:date");
  CHECK(show(add(months("P1Y"), date("2020-02-29"))) == "\"2021-02-28\"^^xsd:date");
  CHECK(show(subtract(date_time("2020-03-01T00:00:00"), dur("PT1S"))) == "\"2020-02-29T23:59:59\"^^xsd:dateTime");
  CHECK(show(add(date("2020-10-15Z"), dur("P1DT23H"))) == "\"2020-10-16Z\"^^xsd:date");
  CHECK(show(add(typed("23:30:00", "time"), dur("PT1H"))) == "\"00:30:00\"^^xsd:time");
  CHECK(show(subtract(typed("00:30:00", "time"), dur("PT1H"))) == "\"23:30:00\"^^xsd:time");
  CHECK(show(add(dur("PT1H"), dur("PT30M"))) == "\"PT1H30M\"^^xsd:dayTimeDuration");
  CHECK(show(subtract(dur("PT1S"), dur("PT0.25S"))) == "\"PT0.75S\"^^xsd:dayTimeDuration");
  CHECK(show(add(months("P1Y"), dur("P1D"))) == "\"P1Y1D\"^^xsd:duration");
  CHECK(show(subtract(months("P1Y"), dur("P1D"))) == "error");
  CHECK(show(multiply(dur("PT2H"), decimal("1.5"))) == "\"PT3H\"^^xsd:dayTimeDuration");
  CHECK(show(divide(months("P1Y6M"), integer(4))) == "\"P5M\"^^xsd:yearMonthDuration");
  CHECK(show(divide(dur("P1D"), dur("PT6H"))) == "\"4\"^^xsd:decimal");
  CHECK(show(divide(dur("P1D"), dur("PT0S"))) == "error");
  CHECK(show(multiply(dur("P1D"), number("NaN"))) == "error");
  CHECK(show(add(date("2020-10-15"), integer(1))) == "error");
  CHECK(show(subtract(date("2020-10-15"), date_time("2020-10-15T00:00:00"))) == "error");
  CHECK(show(add(date_time("999999999-12-31T23:59:59"), dur("PT1S"))) == "error");
  CHECK(show(add(dur("PT9223372036854775807S"), dur("PT1S"))) == "error");
}

TEST_CASE("ORDER BY's order is total and agrees with <") {
  const auto triple = [](Value object) { return Value::triple(iri("urn:a"), iri("urn:b"), std::move(object)); };
  const std::vector<Value> values = {blank("a"),
                                     blank("b"),
                                     iri("urn:a"),
                                     iri("urn:b"),
                                     string(""),
                                     string("a"),
                                     string("b"),
                                     lang("a", "en"),
                                     lang("a", "fr"),
                                     typed("x", "integer"),
                                     typed("x", "urn:t"),
                                     Value::boolean(false),
                                     Value::boolean(true),
                                     integer(-1),
                                     decimal("0.5"),
                                     integer(1),
                                     typed("01", "integer"),
                                     decimal("1.0"),
                                     number("1"),
                                     typed("1.1", "float"),
                                     decimal("1.1"),
                                     number("1.1"),
                                     typed("9007199254740993", "integer"),
                                     number("9007199254740992"),
                                     typed("9007199254740992", "integer"),
                                     number("INF"),
                                     number("-INF"),
                                     number("NaN"),
                                     typed("NaN", "float"),
                                     typed("1000000000000000000000000", "integer"),
                                     date("2020-10-15"),
                                     date("2020-10-15Z"),
                                     date("2020-10-15+06:00"),
                                     date_time("2020-10-15T00:00:00"),
                                     date_time("2020-10-15T00:00:00Z"),
                                     date_time("2020-10-15T06:00:00+06:00"),
                                     typed("12:00:00", "time"),
                                     typed("2020", "gYear"),
                                     dur("P1D"),
                                     months("P1M"),
                                     typed("P30D", "duration"),
                                     triple(integer(1)),
                                     triple(integer(2)),
                                     triple(iri("urn:z"))};
  for (const Value& a : values) {
    CHECK(order_compare(nullptr, &a) < 0);
    CHECK(order_compare(&a, &a) == 0);
    for (const Value& b : values) {
      const auto order = order_compare(&a, &b);
      CHECK((order == 0) == same_term(a, b));
      CHECK((order < 0) == (order_compare(&b, &a) > 0));
      INFO(show(a), " and ", show(b));
      if (cmp(a, b) == '<') CHECK(order < 0);
      if (cmp(a, b) == '>') CHECK(order > 0);
      for (const Value& c : values) {
        if (order < 0 && order_compare(&b, &c) < 0) CHECK(order_compare(&a, &c) < 0);
      }
    }
  }
  CHECK(order_compare(&values[0], &values[2]) < 0);    // blank nodes, IRIs
  CHECK(order_compare(&values[3], &values[4]) < 0);    // IRIs, literals
  CHECK(order_compare(&values[40], &values[41]) < 0);  // literals, triple terms
  const Value one = integer(1);
  const Value same_value = decimal("1.0");
  CHECK(order_by_value(&one, &same_value) == 0);
}
