#include "engine/term/inline_id.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/floating.h"
#include "engine/term/inline_number.h"
#include "engine/term/inline_time.h"

using namespace akyn;

namespace {

TermView term(TermKind kind, std::string_view text, std::string_view datatype = {}, std::string_view language = {}) {
  TermView view;
  view.kind = kind;
  view.value = text;
  view.datatype = datatype;
  view.language = language;
  return view;
}

TermView view(std::string_view text, Datatype datatype) {
  return term(TermKind::literal, text, datatype_iri(datatype));
}

std::optional<Id> id_of(std::string_view text, Datatype datatype) {
  return inline_id(view(text, datatype));
}

void check_inlined(std::string_view text, Datatype datatype) {
  CAPTURE(text);
  const auto id = id_of(text, datatype);
  REQUIRE(id.has_value());
  CHECK(id->is_inlined());
  const Term back = inlined_term(*id);
  CHECK(back.value() == text);
  CHECK(back.datatype() == datatype_iri(datatype));
}

void check_refused(std::string_view text, Datatype datatype) {
  CAPTURE(text);
  CHECK_FALSE(id_of(text, datatype).has_value());
}

// Ids of texts that are in ascending order of value must ascend, type by type.
template <class Less>
void check_order(std::vector<std::string> texts, Datatype datatype, Less less) {
  std::vector<std::pair<Id, std::string>> ids;
  for (const std::string& text : texts) {
    const auto id = id_of(text, datatype);
    if (!id) continue;
    CHECK(inlined_term(*id).value() == text);
    ids.emplace_back(*id, text);
  }
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (ids[i - 1].first.type() != ids[i].first.type()) continue;
    if (ids[i - 1].first == ids[i].first) CHECK(ids[i - 1].second == ids[i].second);
    INFO(ids[i - 1].second, " before ", ids[i].second);
    CHECK_FALSE(less(ids[i].second, ids[i - 1].second));
  }
}

bool decimal_less(const std::string& a, const std::string& b) {
  return *Decimal::parse(a) < *Decimal::parse(b);
}
bool double_less(const std::string& a, const std::string& b) {
  const double x = *parse_double(a);
  const double y = *parse_double(b);
  if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
  return x < y;
}

std::string random_digits(std::mt19937_64& random, int most) {
  std::string digits;
  const auto length = 1 + random() % static_cast<std::uint64_t>(most);
  for (std::uint64_t i = 0; i < length; ++i) digits += static_cast<char>('0' + (random() % 3 == 0 ? 0 : random() % 10));
  return digits;
}

}  // namespace

TEST_CASE("booleans: the two canonical forms are inlined") {
  check_inlined("true", Datatype::boolean);
  check_inlined("false", Datatype::boolean);
  CHECK(*id_of("false", Datatype::boolean) < *id_of("true", Datatype::boolean));
  for (const char* text : {"1", "0", "TRUE", "", " true"}) check_refused(text, Datatype::boolean);
}

TEST_CASE("integers: canonical forms of 60 bits are inlined") {
  for (const char* text : {"0", "1", "-1", "42", "576460752303423487", "-576460752303423488"}) {
    check_inlined(text, Datatype::integer);
  }
  for (const char* text : {"01", "+5", "-0", "", "-", "5.0", " 5", "5 ", "576460752303423488", "-576460752303423489",
                           "99999999999999999999999999", "1e3", "00"}) {
    check_refused(text, Datatype::integer);
  }
  for (const Datatype derived : {Datatype::int_, Datatype::long_, Datatype::non_negative_integer, Datatype::float_}) {
    check_refused("5", derived);
  }
  CHECK_FALSE(inline_id(term(TermKind::literal, "5")).has_value());
  CHECK_FALSE(inline_id(term(TermKind::iri, "5")).has_value());
}

TEST_CASE("decimals keep every form with up to 15 digits and 7 extra zeros") {
  for (const char* text :
       {"0", "0.0", "0.00", "-0.0", "1.5", "1.50", "2", "2.0", "100", "100.00", "-0.5", "0.99", "123456789012345",
        "0.000000000000001", "1.0000000", "-12345678.9012345", "10000000000000000000000000000000", "99.9900000"}) {
    check_inlined(text, Datatype::decimal);
  }
  for (const char* text :
       {"", ".", "-", "+1.5", ".5", "5.", "01.5", "00.5", "1.00000000", "1234567890123456",
        "100000000000000000000000000000000", "1e3", "1.5.2", "1,5", "0.0000000000000000000000000000000001"}) {
    check_refused(text, Datatype::decimal);
  }
}

TEST_CASE("doubles keep the forms people write") {
  for (const char* text : {"1.5E0",         "0.99",  "1e6",     "1E6",      "1.0e6",
                           "9.9E-1",        "1.0E0", "1",       "2.0",      "-2.50",
                           "37.5",          "1e+06", "1.5e-05", "INF",      "-INF",
                           "NaN",           "0.0E0", "-0.0E0",  "0",        "-0",
                           "0.0",           "0E0",   "1.0E307", "1.0E-307", "9.999999999999E307",
                           "42.8746212345", "1E10",  "1e10",    "1E+10",    "1e-7"}) {
    check_inlined(text, Datatype::double_);
  }
  for (const char* text : {"",        ".",
                           "E5",      "1E",
                           "1E+",     "+INF",
                           "+1.0",    "01.0",
                           "1.0E+5E", "0E5",
                           "1.0E308", "1.0E-308",
                           "12.5E3",  "1.50E3",
                           "1.E3",    "0.30000000000000004",
                           "1e+006",  "1e-007",
                           "1e",      "infinity",
                           "nan",     "1e99999999999999999999",
                           "0x1p3"}) {
    check_refused(text, Datatype::double_);
  }
}

TEST_CASE("Id order is value order among numbers") {
  std::mt19937_64 random(20201015);
  std::vector<std::string> decimals;
  std::vector<std::string> doubles;
  for (int i = 0; i < 4000; ++i) {
    std::string text = random() % 2 == 0 ? "-" : "";
    text += random_digits(random, 9);
    if (random() % 4 != 0) text += '.' + random_digits(random, 9);
    decimals.push_back(text);
    doubles.push_back(text);
    if (random() % 2 == 0) {
      const auto exponent = static_cast<int>(random() % 640) - 320;
      doubles.back() += (random() % 2 == 0 ? "E" : "e") + std::to_string(exponent);
    }
    doubles.push_back(
        format_double(std::ldexp(static_cast<double>(random() % 10000), static_cast<int>(random() % 40) - 20)));
  }
  for (const char* text : {"INF", "-INF", "NaN", "0.0E0", "-0.0E0", "1.0E0", "1", "1.0", "1e0"})
    doubles.emplace_back(text);
  check_order(decimals, Datatype::decimal, decimal_less);
  check_order(doubles, Datatype::double_, double_less);
  CHECK(id_of("NaN", Datatype::double_) > id_of("INF", Datatype::double_));
}

TEST_CASE("integers in Id order") {
  std::mt19937_64 random(7);
  std::vector<std::string> texts = {"0", "1", "-1"};
  for (int i = 0; i < 2000; ++i) {
    texts.push_back(std::to_string(static_cast<std::int64_t>(random()) >> (4 + random() % 60)));
  }
  check_order(texts, Datatype::integer, decimal_less);
}

TEST_CASE("dates and dateTimes keep their form") {
  for (const char* text : {"2020-10-15", "0000-01-01", "-0044-03-15", "1582-10-04", "2000-02-29", "12020-01-01",
                           "2020-10-15Z", "2020-10-15+06:00", "2020-10-15-14:00", "2020-10-15+00:00",
                           "2020-10-15+14:00", "1776-07-04Z", "-999999999-01-01", "999999999-12-31"}) {
    check_inlined(text, Datatype::date);
  }
  for (const char* text :
       {"2020-13-01", "2021-02-29", "2020-10-15-00:00", "02020-10-15", "2020-10-15+14:01", "+2020-10-15", "2020-1-5",
        "20-10-15", "", "2020-10-15T00:00:00", "-0000-01-01", "1000000000-01-01"}) {
    check_refused(text, Datatype::date);
  }
  for (const char* text :
       {"2020-10-15T12:00:00", "2020-10-15T12:00:00.5", "2020-10-15T12:00:00.500", "2020-10-15T12:00:00.12345678",
        "2020-10-15T12:00:00Z", "2020-10-15T12:00:00.123456Z", "2020-10-15T12:00:00.000000+06:00",
        "1776-07-04T00:00:00Z", "-0500-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999-05:30",
        "1899-12-31T23:59:59.999Z", "1900-01-01T00:00:00Z", "2099-12-31T23:59:59.999999Z", "2100-01-01T00:00:00.001Z",
        "1999-12-31T23:59:59+00:00"}) {
    check_inlined(text, Datatype::date_time);
  }
  for (const char* text :
       {"2020-10-15T24:00:00", "2020-10-15T12:00:60", "2020-10-15T12:00:00.", "2020-10-15T12:00:00-00:00",
        "2020-10-15T12:00:00.123456789", "2020-10-15T12:00:00.1234567Z", "1800-01-01T00:00:00.0001Z",
        "2020-10-15T12:00:00+05:07", "2020-10-15 12:00:00", "2020-10-15", "999999999-01-01T00:00:00Z"}) {
    check_refused(text, Datatype::date_time);
  }
}

TEST_CASE("Id order is value order among dates and dateTimes") {
  std::mt19937_64 random(1);
  std::vector<std::string> dates;
  std::vector<std::string> times;
  const std::vector<std::string> zones = {"", "Z", "+06:00", "-08:00", "+00:00", "+14:00", "-14:00", "+05:45"};
  for (int i = 0; i < 4000; ++i) {
    const auto span = std::int64_t{1} << (8 + random() % 31);
    const auto seconds = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * span)) - span;
    const std::string& zone = zones[random() % zones.size()];
    dates.push_back(format_date_time(DateTimeKind::date, {seconds, 0, std::nullopt}) + zone);
    std::string time = format_date_time(DateTimeKind::date_time, {seconds, 0, std::nullopt});
    if (random() % 2 == 0) time += '.' + random_digits(random, 9);
    times.push_back(time + zone);
  }
  const auto less_as = [](DateTimeKind kind) {
    return [kind](const std::string& a, const std::string& b) {
      return compare_date_times(*parse_date_time(kind, a), *parse_date_time(kind, b)) < 0;
    };
  };
  check_order(dates, Datatype::date, less_as(DateTimeKind::date));
  check_order(times, Datatype::date_time, less_as(DateTimeKind::date_time));
}

TEST_CASE("values of payloads are those of their texts") {
  std::mt19937_64 random(9);
  const auto number = [&](std::uint64_t below) { return random() % below; };
  for (int i = 0; i < 20'000; ++i) {
    std::string digits = (number(2) == 0 ? "-" : "") + std::to_string(random() >> (number(60) + 4));
    if (number(2) == 0) digits.insert(digits.size() - number(digits.size()), ".");
    if (const auto payload = encode_decimal(digits)) {
      CAPTURE(digits);
      CHECK(decimal_payload_nearest(*payload) == *parse_double(digits));
      const ScaledInteger value = decimal_payload_value(*payload);
      CHECK(*parse_double(std::to_string(value.significand) + "e" + std::to_string(-value.scale)) ==
            *parse_double(digits));
    }
    const std::string form = digits + "e" + std::to_string(static_cast<int>(number(600)) - 300);
    if (const auto payload = encode_double(form)) {
      CAPTURE(form);
      CHECK(double_payload_value(*payload) == *parse_double(form));
    }
  }
  for (const char* text : {"INF", "-INF", "0.0", "-0.0", "1E307", "-9.999999999999E-307"}) {
    const double value = double_payload_value(*encode_double(text));
    CHECK(value == *parse_double(text));
    CHECK(std::signbit(value) == (text[0] == '-'));
  }
  CHECK(std::isnan(double_payload_value(*encode_double("NaN"))));

  for (const char* text : {"1970-01-01", "2024-02-29", "-0044-03-15", "12020-12-31", "0001-01-01"}) {
    CHECK(date_payload_value(*encode_date(text)) == *parse_date_time(DateTimeKind::date, text));
  }
  for (const char* text : {"1970-01-01Z", "2024-02-29+14:00", "2024-02-29-13:59", "-0044-03-15-05:30"}) {
    CHECK(date_zoned_payload_value(*encode_date_zoned(text)) == *parse_date_time(DateTimeKind::date, text));
  }
  for (const char* text :
       {"1970-01-01T00:00:00", "2024-02-29T23:59:59.99999999", "2024-02-29T23:59:59.010", "1850-01-01T12:00:00.5"}) {
    CHECK(date_time_payload_value(*encode_date_time(text)) == *parse_date_time(DateTimeKind::date_time, text));
  }
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999999-14:00", "1850-01-01T12:00:00.05+05:45"}) {
    CHECK(date_time_zoned_payload_value(*encode_date_time_zoned(text)) ==
          *parse_date_time(DateTimeKind::date_time, text));
  }
}

TEST_CASE("numbered values ascend, each the first payload of its value") {
  std::mt19937_64 random(10);
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t decimal = random() % (count_decimals() - 1);
    CHECK(first_decimal_payload(decimal) < first_decimal_payload(decimal + 1));
    CHECK(decimal_payload_nearest(first_decimal_payload(decimal)) <=
          decimal_payload_nearest(first_decimal_payload(decimal + 1)));
    const std::uint64_t double_number = random() % (count_doubles() - 1);
    CHECK(first_double_payload(double_number) < first_double_payload(double_number + 1));
    CHECK(double_payload_value(first_double_payload(double_number)) <
          double_payload_value(first_double_payload(double_number + 1)));
  }
  CHECK(decode_decimal(first_decimal_payload(count_decimals() / 2)) == "0");
  CHECK(decode_double(first_double_payload(0)) == "-INF");
  CHECK(decode_double(first_double_payload(count_doubles() - 1)) == "INF");
  // Nothing lies between the zeros.
  CHECK(std::signbit(double_payload_value(first_double_payload(count_doubles() / 2 - 1))));
  CHECK_FALSE(std::signbit(double_payload_value(first_double_payload(count_doubles() / 2))));
}

TEST_CASE("dictionary types of what is not inlined") {
  const auto type = [](std::string_view text, Datatype datatype) { return dictionary_type(view(text, datatype)); };
  CHECK(type("5", Datatype::int_) == IdType::valued);
  CHECK(type("-5", Datatype::unsigned_int) == IdType::typed);
  CHECK(type("300", Datatype::byte) == IdType::typed);
  CHECK(type("01", Datatype::integer) == IdType::valued);
  CHECK(type("x", Datatype::integer) == IdType::typed);
  CHECK(type("1.5", Datatype::float_) == IdType::valued);
  CHECK(type("1", Datatype::boolean) == IdType::typed);
  CHECK(type("12:00:00", Datatype::time) == IdType::valued);
  CHECK(type("25:00:00", Datatype::time) == IdType::typed);
  CHECK(type("2020", Datatype::g_year) == IdType::valued);
  CHECK(type("2020-10-15T00:00:00", Datatype::date_time_stamp) == IdType::typed);
  CHECK(type("P1D", Datatype::day_time_duration) == IdType::valued);
  CHECK(type("P1M", Datatype::duration) == IdType::typed);
  CHECK(dictionary_type(term(TermKind::literal, "x")) == IdType::string);
  CHECK(dictionary_type(term(TermKind::literal, "x", {}, "en")) == IdType::lang_string);
  CHECK(dictionary_type(term(TermKind::literal, "x", "urn:x")) == IdType::typed);
  CHECK(dictionary_type(term(TermKind::iri, "urn:x")) == IdType::iri);
  CHECK(dictionary_type(term(TermKind::blank, "b")) == IdType::blank);
}
