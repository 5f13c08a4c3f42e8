#include <doctest/doctest.h>

#include "tests/expr/testing.h"

using namespace akyn::expr;
using namespace akyn::expr::testing;

TEST_CASE("casts to xsd:string: W3C cast-string") {
  CHECK(cast("string", iri("urn:z")) == "\"urn:z\"");
  CHECK(cast("string", decimal("0.0")) == "\"0\"");
  CHECK(cast("string", decimal("-1.0")) == "\"-1\"");
  CHECK(cast("string", number("0E1")) == "\"0\"");
  CHECK(cast("string", number("1E0")) == "\"1\"");
  CHECK(cast("string", typed("-7.875", "float")) == "\"-7.875\"");
  CHECK(cast("string", typed("0", "boolean")) == "\"false\"");
  CHECK(cast("string", typed("01", "integer")) == "\"1\"");
  CHECK(cast("string", number("1e6")) == "\"1.0E6\"");
  CHECK(cast("string", number("999999.5")) == "\"999999.5\"");
  CHECK(cast("string", number("0.000001")) == "\"0.000001\"");
  CHECK(cast("string", number("-INF")) == "\"-INF\"");
  CHECK(cast("string", date_time("2002-10-10T17:00:00.500+00:00")) == "\"2002-10-10T17:00:00.5Z\"");
  CHECK(cast("string", blank("b")) == "error");
}

TEST_CASE("casts to xsd:boolean") {
  CHECK(cast("boolean", string("true")) == "\"true\"^^xsd:boolean");
  CHECK(cast("boolean", string(" 0 ")) == "\"false\"^^xsd:boolean");
  CHECK(cast("boolean", string("0.0")) == "error");
  CHECK(cast("boolean", number("NaN")) == "\"false\"^^xsd:boolean");
  CHECK(cast("boolean", decimal("-2.5")) == "\"true\"^^xsd:boolean");
  CHECK(cast("boolean", typed("1", "boolean")) == "\"true\"^^xsd:boolean");
  CHECK(cast("boolean", iri("urn:z")) == "error");
}

TEST_CASE("casts to xsd:integer and its kin: W3C cast-int") {
  for (const char* text : {"string", "-10.2E3", "+33.3300", "0.0", "0E1", "1.5", "2002-10-10T17:00:00Z", "false", ""}) {
    CHECK(cast("integer", string(text)) == "error");
  }
  CHECK(cast("integer", string("13")) == "\"13\"^^xsd:integer");
  CHECK(cast("integer", string(" +13\n")) == "\"13\"^^xsd:integer");
  CHECK(cast("integer", typed("true", "boolean")) == "\"1\"^^xsd:integer");
  CHECK(cast("integer", decimal("-2.5")) == "\"-2\"^^xsd:integer");
  CHECK(cast("integer", typed("-7.875", "float")) == "\"-7\"^^xsd:integer");
  CHECK(cast("integer", number("1e20")) == "\"100000000000000000000\"^^xsd:integer");
  CHECK(cast("integer", number("NaN")) == "error");
  CHECK(cast("integer", number("INF")) == "error");
  CHECK(cast("byte", integer(127)) == "\"127\"^^xsd:byte");
  CHECK(cast("byte", integer(128)) == "error");
  CHECK(cast("unsignedInt", string("-1")) == "error");
}

TEST_CASE("casts to xsd:decimal, float and double") {
  CHECK(cast("decimal", string("-2.50")) == "\"-2.5\"^^xsd:decimal");
  CHECK(cast("decimal", string("1E0")) == "error");
  CHECK(cast("decimal", number("1.25")) == "\"1.25\"^^xsd:decimal");
  CHECK(cast("decimal", number("-INF")) == "error");
  CHECK(cast("decimal", typed("false", "boolean")) == "\"0\"^^xsd:decimal");
  CHECK(cast("float", string("-10.2E3")) == "\"-1.02E4\"^^xsd:float");
  CHECK(cast("float", string("+33.3300")) == "\"3.333E1\"^^xsd:float");
  CHECK(cast("float", number("1e300")) == "\"INF\"^^xsd:float");
  CHECK(cast("float", integer(16777217)) == "\"1.6777216E7\"^^xsd:float");
  CHECK(cast("double", string("INF")) == "\"INF\"^^xsd:double");
  CHECK(cast("double", string("infinity")) == "error");
  CHECK(cast("double", string("1e400")) == "\"INF\"^^xsd:double");
  CHECK(cast("double", string("-1e-400")) == "\"-0.0E0\"^^xsd:double");
  CHECK(cast("double", typed("true", "boolean")) == "\"1.0E0\"^^xsd:double");
  CHECK(cast("double", decimal("0.1")) == "\"1.0E-1\"^^xsd:double");
  CHECK(cast("double", typed("x", "integer")) == "error");
  CHECK(cast("double", date_time("2002-10-10T17:00:00Z")) == "error");
}

TEST_CASE("casts of dates, times and durations") {
  CHECK(cast("dateTime", string("2002-10-10T17:00:00Z")) == "\"2002-10-10T17:00:00Z\"^^xsd:dateTime");
  CHECK(cast("dateTime", string("2002-10-10")) == "error");
  CHECK(cast("dateTime", typed("2002-10-10Z", "date")) == "\"2002-10-10T00:00:00Z\"^^xsd:dateTime");
  CHECK(cast("dateTime", integer(1)) == "error");
  CHECK(cast("date", date_time("2002-10-10T17:00:00.5-05:00")) == "\"2002-10-10-05:00\"^^xsd:date");
  CHECK(cast("time", date_time("2002-10-10T17:00:00.5-05:00")) == "\"17:00:00.5-05:00\"^^xsd:time");
  CHECK(cast("time", typed("2002-10-10", "date")) == "error");
  CHECK(cast("gYear", typed("2002-10-10", "date")) == "\"2002\"^^xsd:gYear");
  CHECK(cast("gMonthDay", typed("2002-10-11", "date")) == "\"--10-11\"^^xsd:gMonthDay");
  CHECK(cast("gYearMonth", typed("-0044-03-15", "date")) == "\"-0044-03\"^^xsd:gYearMonth");
  CHECK(cast("dayTimeDuration", typed("P1Y2DT3H", "duration")) == "\"P2DT3H\"^^xsd:dayTimeDuration");
  CHECK(cast("yearMonthDuration", typed("P1Y2DT3H", "duration")) == "\"P1Y\"^^xsd:yearMonthDuration");
  CHECK(cast("yearMonthDuration", typed("P2D", "dayTimeDuration")) == "\"P0M\"^^xsd:yearMonthDuration");
  CHECK(cast("duration", string(" P1Y ")) == "\"P1Y\"^^xsd:duration");
}
