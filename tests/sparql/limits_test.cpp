// Nesting: as deep as allowed without running out of stack, and an error beyond.
#include <string>

#include <doctest/doctest.h>

#include <akyn/error.h>
#include "parser/sparql/parse.h"

namespace {

std::string repeat(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

// A query with `middle` between `count` openings and closings.
struct Nest {
  std::string before, open, middle, close, after;
  [[nodiscard]] std::string text(int count) const {
    return before + repeat(open, count) + middle + repeat(close, count) + after;
  }
};

const Nest kNests[] = {
    {"SELECT * { FILTER(", "(", "1", ")", ") }"},
    {"SELECT * { FILTER(", "ABS(", "1", ")", ") }"},
    {"SELECT * { FILTER(", "<a:f>(", "1", ")", ") }"},
    {"SELECT * { FILTER(", "(1 + ", "1", ")", ") }"},
    {"SELECT * { FILTER(", "1 IN (", "1", ")", ") }"},
    {"SELECT * { FILTER(", "!", "1", "", ") }"},
    {"SELECT * { BIND(", "<<( ?s ?p ", "1", " )>>", " AS ?x) }"},
    {"SELECT * ", "{", "", "}", ""},
    {"SELECT * {", "OPTIONAL {", "", "}", "}"},
    {"SELECT * {", "FILTER EXISTS {", "", "}", "}"},
    {"SELECT * {", "SELECT * {", "", "}", "}"},
    {"SELECT * {", "[ <a:p> ", "1", "]", "}"},
    {"SELECT * {", "(", "1", ")", " <a:p> 1 }"},
    {"SELECT * { ?s ?p ", "<<( ?s ?p ", "1", " )>>", "}"},
    {"SELECT * {", "<< ", "?x", " ?p ?o >>", "}"},
    {"SELECT * { ?s ?p ?o ", "{| ?p ?o ", "", " |}", "}"},
    {"SELECT * { ?s ", "(", "<a:p>", ")*", " ?o }"},
};

}  // namespace

TEST_CASE("brackets nest deeply") {
  for (const Nest& nest : kNests) {
    CAPTURE(nest.open);
    CHECK_NOTHROW((void)akyn::sparql::parse_query(nest.text(500)));
  }
}

TEST_CASE("brackets that nest too deeply are an error") {
  for (const Nest& nest : kNests) {
    for (const int count : {10'000, 100'000}) {
      CAPTURE(nest.open);
      try {
        (void)akyn::sparql::parse_query(nest.text(count));
        FAIL("accepted");
      } catch (const akyn::Error& error) {
        CHECK(error.code() == akyn::ErrorCode::limit);
        CHECK(error.location());
      }
      // Cut short, which must not be what is noticed first.
      CHECK_THROWS_AS((void)akyn::sparql::parse_query(nest.before + repeat(nest.open, count)), akyn::Error);
    }
  }
}

TEST_CASE("long lists do not nest") {
  const auto accepts = [](const std::string& text) { CHECK_NOTHROW((void)akyn::sparql::parse_query(text)); };
  for (const std::string more :
       {"+ 1", "-1", "- 1 * 2", "* 1", "/ 1", "|| 1", "&& 1", "|| ?x = 1 && ?y", "+1 * 2 / 3"}) {
    CAPTURE(more);
    accepts("SELECT * { FILTER(1" + repeat(more, 100'000) + ") }");
  }
  accepts("SELECT * { FILTER(?x IN (0" + repeat(", 1", 20'000) + ")) }");
  accepts("SELECT * {" + repeat("?s ?p ?o .", 20'000) + "}");
  accepts("SELECT * { ?s ?p ?o" + repeat("; ?p ?o", 20'000) + "}");
  accepts("SELECT * { ?s ?p (" + repeat("1 ", 20'000) + ") }");
  accepts("SELECT * { ?s <a:p>" + repeat("/<a:p>", 20'000) + " ?o }");
  accepts("SELECT * { {}" + repeat("UNION {}", 20'000) + "}");
}
