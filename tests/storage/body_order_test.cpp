#include "engine/storage/body_order.h"

#include <algorithm>

#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"
#include "tests/storage/dictionary_support.h"

namespace akyn::storage {
namespace {

using test::below;

std::string valued(std::string_view text, std::string_view type) {
  const Term term = typed_literal(text, std::string("http://www.w3.org/2001/XMLSchema#") + std::string(type));
  REQUIRE(dictionary_type(term.view()) == IdType::valued);
  std::string body;
  append_body(body, IdType::valued, term.view());
  return body;
}

std::string tagged(std::string_view text, std::string_view tag, Direction direction = Direction::none) {
  std::string body;
  append_body(body, IdType::lang_string, lang_literal(text, tag, direction).view());
  return body;
}

// Each group has one value; groups ascend.
std::vector<std::vector<std::string>> ascending_values() {
  const std::string huge(400, '9');
  const std::string tiny = "0." + std::string(400, '0') + "1";
  return {
      {valued("-INF", "double"), valued("-INF", "float")},
      {valued("-" + huge, "integer"), valued("-" + huge + ".0", "decimal")},
      {valued("-1e300", "double")},
      {valued("-18446744073709551616", "integer")},
      {valued("-1.5", "float"), valued("-01.50", "decimal"), valued("-15e-1", "double")},
      {valued("-" + tiny, "decimal")},
      {valued("0", "int"), valued("-0", "integer"), valued("00.0", "decimal"), valued("-0.0E0", "float")},
      {valued(tiny, "decimal")},
      {valued("5e-324", "double")},
      // 0.1 as decimal, double and float: three values
      {valued("0.10000000000000000", "decimal")},
      {valued("0.1000000000000000055511151231257827", "double")},
      {valued("0.1000000000000000055511151231257828", "decimal")},
      {valued("0.1", "float")},
      {valued("1", "unsignedByte"), valued("+1", "integer"), valued("001", "long"), valued("1.0", "float")},
      {valued("9007199254740992", "long"), valued("9007199254740993", "double")},
      {valued("9007199254740993", "long"), valued("9007199254740993.0", "decimal")},
      {valued("1000000000000000000000000000000", "integer"), valued("+1000000000000000000000000000000.0", "decimal")},
      {valued("1.0000000000000000000000000000001e30", "double"), valued("1000000000000000019884624838656", "integer")},
      {valued(huge, "integer")},
      {valued("INF", "float"), valued("+INF", "double")},
      {valued("NaN", "float"), valued("NaN", "double")},
      {valued("-123456789-01-01T00:00:00", "dateTime")},
      {valued("2024-02-29T24:00:00.000000000", "dateTime"), valued("2024-03-01T00:00:00.0000000000", "dateTime")},
      {valued("2024-03-01T00:00:00.000000000000000001", "dateTime")},
      {valued("2024-03-01T00:00:00+01:01", "dateTime")},
      {valued("2024-03-01T00:00:00Z", "dateTimeStamp"), valued("2024-03-01T01:01:00+01:01", "dateTime")},
      {valued("23:59:59", "time")},
      {valued("12:00:00+02:00", "time"), valued("10:00:00Z", "time")},
      {valued("12:00:00Z", "time")},
      {valued("1999", "gYear")},
      {valued("2024", "gYear")},
      {valued("2024Z", "gYear")},
      {valued("2024-05", "gYearMonth")},
      {valued("--05", "gMonth")},
      {valued("--05-06", "gMonthDay")},
      {valued("---06", "gDay")},
      {valued("---06Z", "gDay")},
      {valued("-P1DT0.5S", "dayTimeDuration")},
      {valued("P1D", "dayTimeDuration"), valued("PT24H", "dayTimeDuration")},
      {valued("P11M", "yearMonthDuration")},
      {valued("P1Y", "yearMonthDuration"), valued("P12M", "yearMonthDuration")},
  };
}

TEST_CASE("values ascend, whatever their form") {
  const auto groups = ascending_values();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::size_t j = 0; j < groups.size(); ++j) {
      for (const std::string& left : groups[i]) {
        for (const std::string& right : groups[j]) {
          CAPTURE(left);
          CAPTURE(right);
          CHECK(compare_values(BodyValue(left), BodyValue(right)) == (i <=> j));
          const auto order = i == j ? left.compare(right) <=> 0 : i <=> j;
          CHECK(compare_bodies(IdType::valued, left, right) == order);
        }
      }
    }
  }
}

// Bodies that collide in value or text as often as possible, some of them damaged.
std::string random_body(std::mt19937& random, IdType type) {
  if (type == IdType::lang_string) {
    static constexpr std::string_view kTags[] = {"en", "EN", "en-us", "en-US", "e", "ky", "KY-kg"};
    std::string body = tagged(std::string(below(random, 3), "aB"[below(random, 2)]), kTags[below(random, 7)],
                              static_cast<Direction>(below(random, 3)));
    return below(random, 10) == 0 ? test::damaged(random, body) : body;
  }
  static constexpr std::string_view kTypes[] = {"integer", "decimal", "double", "float", "int",
                                                "date",    "time",    "gYear",  "byte",  "dateTime"};
  static constexpr std::string_view kTexts[] = {"1",   "01",  "1.0",   "1e0", "-0", "0",    "0.1", "1e-1",  "NaN",
                                                "INF", "2e1", "-INF",  "20",  "",   "x",    "0x1", "+5",    "-5.50",
                                                "-",   ".",   "1e999", ".5",  "2.", "2000", "--5", "5e-324"};
  std::string text(kTexts[below(random, std::size(kTexts))]);
  if (below(random, 4) == 0) text = std::to_string(below(random, 30)) + "." + std::to_string(below(random, 30));
  if (below(random, 10) == 0) text += std::string(below(random, 400), '0');
  if (below(random, 8) == 0) text = "2024-01-0" + std::to_string(below(random, 5)) + (below(random, 2) ? "Z" : "");
  std::string body;
  TermView term;
  term.kind = TermKind::literal;
  const std::string datatype = "http://www.w3.org/2001/XMLSchema#" + std::string(kTypes[below(random, 10)]);
  term.datatype = datatype;
  term.value = text;
  append_body(body, IdType::valued, term);
  return body;
}

TEST_CASE("a total order in which only equal folded bodies are equal") {
  std::mt19937 random(1);
  for (const IdType type : {IdType::valued, IdType::lang_string}) {
    std::vector<std::string> bodies;
    for (int i = 0; i < 600; ++i) bodies.push_back(random_body(random, type));
    for (int i = 0; i < 100'000; ++i) {
      const std::string& a = bodies[below(random, bodies.size())];
      const std::string& b = bodies[below(random, bodies.size())];
      const std::string& c = bodies[below(random, bodies.size())];
      const auto ab = compare_bodies(type, a, b);
      REQUIRE(compare_bodies(type, b, a) == (0 <=> ab));
      if (ab <= 0 && compare_bodies(type, b, c) <= 0) REQUIRE(compare_bodies(type, a, c) <= 0);
      std::string folded_a = a;
      std::string folded_b = b;
      fold_body(type, folded_a);
      fold_body(type, folded_b);
      REQUIRE((ab == 0) == (folded_a == folded_b));
      REQUIRE(compare_bodies(type, folded_a, b) == ab);
      if (type == IdType::lang_string) REQUIRE(ab == (folded_a.compare(folded_b) <=> 0));
    }
  }
}

TEST_CASE("other types are in byte order") {
  CHECK(compare_bodies(IdType::iri, "a", "b") < 0);
  CHECK(compare_bodies(IdType::string, "a\xff", "a\x01") > 0);
  CHECK(compare_bodies(IdType::typed, "a", "ab") < 0);
  CHECK(compare_bodies(IdType::string, "A", "a") < 0);
  CHECK(compare_bodies(IdType::lang_string, tagged("A", "EN"), tagged("A", "en")) == 0);
  CHECK(compare_bodies(IdType::lang_string, tagged("A", "en"), tagged("a", "EN")) < 0);
}

}  // namespace
}  // namespace akyn::storage
