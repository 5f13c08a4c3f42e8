// Decimals, floating point forms, dates and durations.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <random>
#include <string>

#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/floating.h"

using namespace akyn;

namespace {

Decimal dec(std::string_view text) {
  return *Decimal::parse(text);
}

std::string quotient(std::string_view a, std::string_view b) {
  const auto result = Decimal::divide(dec(a), dec(b));
  return result ? result->to_string() : "none";
}

}  // namespace

TEST_CASE("datatypes by IRI") {
  for (int i = 1; i <= static_cast<int>(Datatype::year_month_duration); ++i) {
    const auto datatype = static_cast<Datatype>(i);
    CHECK(find_datatype(datatype_iri(datatype)) == datatype);
  }
  CHECK(find_datatype("") == Datatype::string);
  CHECK(find_datatype("http://www.w3.org/2001/XMLSchema#Integer") == Datatype::unknown);
  CHECK(find_datatype("http://www.w3.org/2001/XMLSchema#langString") == Datatype::unknown);
  CHECK(find_datatype("http://www.w3.org/2001/XMLSchema#") == Datatype::unknown);
  CHECK(find_datatype("urn:integer") == Datatype::unknown);
}

TEST_CASE("decimals: lexical space and canonical form") {
  CHECK(dec("+001.500").to_string() == "1.5");
  CHECK(dec("-.5").to_string() == "-0.5");
  CHECK(dec("5.").to_string() == "5");
  CHECK(dec("-0.000").to_string() == "0");
  CHECK(dec("123456789012345678901234567890.123456789012345678901234567890").to_string() ==
        "123456789012345678901234567890.12345678901234567890123456789");
  for (const char* wrong : {"", "+", ".", "1.2.3", "1e5", " 1", "--1", "1-"}) CHECK_FALSE(Decimal::parse(wrong));
  CHECK_FALSE(Decimal::parse("1.0", true));
  CHECK(dec("1.50") == dec("1.5"));
  CHECK(dec("-1.5") < dec("-1.49"));
  CHECK(dec("10") > dec("9.999999999999999999999"));
}

TEST_CASE("decimals: arithmetic") {
  CHECK(quotient("1", "8") == "0.125");
  CHECK(quotient("-1", "3") == "-0.333333333333333333333333");
  CHECK(quotient("2", "3") == "0.666666666666666666666667");
  CHECK(quotient("10", "4") == "2.5");
  CHECK(quotient("1", "0") == "none");
  CHECK(quotient("0", "7") == "0");
  CHECK(quotient("0.0000000000000000000000000000000001", "3") ==
        "0.0000000000000000000000000000000000333333333333333333333333");
  CHECK(quotient("100000000000000000000000000000000", "10") == "10000000000000000000000000000000");
  CHECK(quotient("123.456", "1") == "123.456");
  CHECK(dec("2.5").round() == dec("3"));
  CHECK(dec("-2.5").round() == dec("-2"));
  CHECK(dec("-2.51").round() == dec("-3"));
  CHECK(dec("-2.5").floor() == dec("-3"));
  CHECK(dec("-2.5").ceil() == dec("-2"));
  CHECK(dec("-2.9").truncate() == dec("-2"));
  const Decimal huge = dec("1" + std::string(Decimal::kMaxDigits - 2, '0'));
  CHECK_FALSE(Decimal::multiply(huge, huge));
}

TEST_CASE("decimals: binary floating point, exactly and nearest") {
  CHECK(Decimal::exactly(0.5)->to_string() == "0.5");
  CHECK(Decimal::exactly(0.1)->to_string() == "0.1000000000000000055511151231257827021181583404541015625");
  CHECK(Decimal::exactly(-1e22)->to_string() == "-10000000000000000000000");
  CHECK_FALSE(Decimal::exactly(HUGE_VAL));
  CHECK(dec("0.1").to_double() == 0.1);
  CHECK(dec("9007199254740993").to_double() == 9007199254740992.0);
  CHECK(dec("9007199254740993.0000000001").to_double() == 9007199254740994.0);
  CHECK(dec("1" + std::string(400, '0')).to_double() == HUGE_VAL);
  CHECK(dec("-1" + std::string(400, '0')).to_double() == -HUGE_VAL);
  CHECK(dec("0." + std::string(400, '0') + "1").to_double() == 0.0);
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    CHECK(Decimal::exactly(value)->to_double() == value);
  }
}

TEST_CASE("doubles and floats read back from their canonical form") {
  CHECK(format_double(0.0) == "0.0E0");
  CHECK(format_double(-0.0) == "-0.0E0");
  CHECK(format_double(5e-324) == "5.0E-324");
  CHECK(format_float(1e10F) == "1.0E10");
  CHECK(parse_double("1e400") == HUGE_VAL);
  CHECK(parse_double("-1e400") == -HUGE_VAL);
  CHECK(parse_double("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(parse_double("0e99999") == 0.0);
  CHECK(parse_double("0.00001e400") == HUGE_VAL);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("5.") == 5.0);
  for (const char* wrong :
       {"", ".", "e5", "1e", "inf", "nan", "0x1", "1 ", "+-1", "1e5.0", "-NaN", "1.2.3", "INFINITY"}) {
    CHECK_FALSE(parse_double(wrong));
  }
  std::mt19937_64 random(4);
  for (int i = 0; i < 1000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (std::isfinite(value)) CHECK(parse_double(format_double(value)) == value);
    const float single = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (std::isfinite(single)) CHECK(parse_float(format_float(single)) == single);
  }
}

TEST_CASE("the calendar") {
  CHECK(days_from_civil(1970, 1, 1) == 0);
  CHECK(days_from_civil(2000, 3, 1) - days_from_civil(2000, 2, 28) == 2);
  CHECK(days_from_civil(1900, 3, 1) - days_from_civil(1900, 2, 28) == 1);
  CHECK(days_from_civil(0, 1, 1) - days_from_civil(-1, 1, 1) == 365);
  std::mt19937_64 random(5);
  for (int i = 0; i < 2000; ++i) {
    const auto seconds = static_cast<std::int64_t>(random() >> 12) - (std::int64_t{1} << 51);
    CHECK(seconds_from_civil(civil_time(seconds)) == seconds);
  }
}

TEST_CASE("durations: canonical forms") {
  const auto form = [](DurationKind kind, std::string_view text) {
    const auto value = parse_duration(kind, text);
    return value ? format_duration(kind, *value) : "none";
  };
  CHECK(form(DurationKind::duration, "P14MT3600S") == "P1Y2MT1H");
  CHECK(form(DurationKind::duration, "-P0Y") == "PT0S");
  CHECK(form(DurationKind::year_month, "-P0Y") == "P0M");
  CHECK(form(DurationKind::day_time, "-PT36H0.50S") == "-P1DT12H0.5S");
  CHECK(form(DurationKind::day_time, "P400D") == "P400D");
  CHECK(form(DurationKind::day_time, "PT9223372036854775808S") == "none");
  CHECK(form(DurationKind::day_time, "PT0.1234567890123456789S") == "none");
}

TEST_CASE("adding months clips the day") {
  const auto plus = [](std::string_view moment, std::string_view duration) {
    const auto sum = add_duration(*parse_date_time(DateTimeKind::date_time, moment),
                                  *parse_duration(DurationKind::duration, duration));
    return sum ? format_date_time(DateTimeKind::date_time, *sum) : "none";
  };
  CHECK(plus("2000-01-31T00:00:00", "P1M") == "2000-02-29T00:00:00");
  CHECK(plus("2000-03-31T00:00:00", "-P1M") == "2000-02-29T00:00:00");
  CHECK(plus("2000-01-12T12:13:14Z", "P1Y3M5DT7H10M3.3S") == "2001-04-17T19:23:17.3Z");
  CHECK(plus("0000-01-01T00:00:00", "-PT0.5S") == "-0001-12-31T23:59:59.5");
  CHECK(plus("2000-01-01T00:00:00", "P9223372036854775807M") == "none");
  CHECK(plus("2000-01-01T00:00:00", "PT9223372036854775807S") == "none");
}
