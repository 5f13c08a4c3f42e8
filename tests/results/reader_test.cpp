#include <doctest/doctest.h>

#include <akyn/error.h>
#include "engine/results/reader.h"
#include "tests/results/common.h"

namespace akyn::results {
namespace {

const std::string kXsd = "http://www.w3.org/2001/XMLSchema#";

Solutions hard_cases() {
  return {{iri("http://ex.org/Жумуш?q=1&r=2"), literal(" leading, \"quoted\" & <tagged> \t\r\n")},
          {blank("x.y-1"), literal("")},
          {Term(), literal("\U0001F1F0\U0001F1EC 東京 e\u0301")},
          {lang_literal("a", "en-GB"), lang_literal("b", "ar", Direction::ltr)},
          {integer(-5), typed_literal("1.50", kXsd + "decimal")},
          {typed_literal("1e0", kXsd + "double"), typed_literal("NaN", kXsd + "double")},
          {boolean(true), typed_literal("01", kXsd + "int")},
          {triple_term(iri("http://ex.org/s"), iri("http://ex.org/p"),
                       triple_term(blank("b"), iri("http://ex.org/q"), literal("tab\there"))),
           typed_literal("x", "http://ex.org/dt")}};
}

void check_round_trip(ResultFormat format, const std::vector<std::string>& variables, const Solutions& rows) {
  const std::string text = written(format, variables, rows);
  CAPTURE(text);
  const ResultSet set = read_results(text, format);
  CHECK(set.variables == variables);
  CHECK(set.rows == rows);
  CHECK_FALSE(set.boolean);
}

// The message of the error that reading gives.
std::string refusal(ResultFormat format, std::string_view text) {
  try {
    (void)read_results(text, format, "r");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::syntax);
    REQUIRE(error.location());
    return std::to_string(error.location()->line) + ":" + std::to_string(error.location()->column) + ": " +
           error.message();
  }
  return "accepted";
}

TEST_CASE("what is written reads back") {
  for (const ResultFormat format : {ResultFormat::json, ResultFormat::xml, ResultFormat::tsv}) {
    CAPTURE(static_cast<int>(format));
    check_round_trip(format, {"x", "long_name"}, hard_cases());
    check_round_trip(format, {"x"}, {});
    check_round_trip(format, {"x"}, {{Term()}, {literal("a")}});
    check_round_trip(format, {}, {{}, {}});
    for (const bool answer : {true, false}) CHECK(read_results(written(format, answer), format).boolean == answer);
  }
}

TEST_CASE("CSV keeps values and blank nodes") {
  const std::string text =
      written(ResultFormat::csv, {"a", "b"}, {{iri("http://ex.org/a"), literal("x,\"y\"\r\nz")}, {blank("b"), Term()}});
  const ResultSet set = read_results(text, ResultFormat::csv);
  CHECK(set.variables == std::vector<std::string>{"a", "b"});
  CHECK(set.rows == Solutions{{literal("http://ex.org/a"), literal("x,\"y\"\r\nz")}, {blank("b"), Term()}});
  CHECK(read_results("true\n", ResultFormat::csv).boolean == true);
}

TEST_CASE("readers take what others write") {
  const ResultSet json = read_results(R"( { "results" : { "ordered": true, "bindings" : [
      { "v" : { "value" : "\u00e9\ud83d\ude00\/", "type" : "typed-literal", "datatype": "http://ex.org/d" } } ] },
      "head" : { "link" : [ "http://a/" ], "vars" : [ "v" ], "n": -1.5e3, "z": null } } )",
                                      ResultFormat::json);
  CHECK(json.rows == Solutions{{typed_literal("é😀/", "http://ex.org/d")}});
  const ResultSet xml = read_results(R"(<?xml version="1.0"?><!-- c -->
<s:sparql xmlns:s="http://www.w3.org/2005/sparql-results#"><s:head><s:variable name="v"/><s:link href="x"/></s:head>
<s:results> <s:result> <s:binding name="v"> <s:literal> <![CDATA[<b>]]></s:literal> </s:binding></s:result></s:results></s:sparql>)",
                                     ResultFormat::xml);
  CHECK(xml.rows == Solutions{{literal(" <b>")}});
  CHECK(read_results("?a\t$b\r\n'one'@en\ttrue\r\n\t-1.5E-3", ResultFormat::tsv).rows ==
        Solutions{{lang_literal("one", "en"), boolean(true)}, {Term(), typed_literal("-1.5E-3", kXsd + "double")}});
}

TEST_CASE("a document that is none says where") {
  CHECK(refusal(ResultFormat::json, "{\"head\":") == "1:9: expected a JSON value");
  CHECK(refusal(ResultFormat::json, "{\"head\":{\"vars\":[\"x\"]},\n\"results\":{\"bindings\":[{\"y\":1}]}}") ==
        "2:29: 'y' is not among the variables of the head");
  CHECK(refusal(ResultFormat::json, R"({"boolean":"yes"})") == "1:12: 'boolean' must be true or false");
  CHECK(refusal(ResultFormat::json, "{\"a\":\"\\ud800\"}") == "1:7: half of a surrogate pair");
  CHECK(refusal(ResultFormat::json, std::string(100000, '[')).ends_with("brackets nest too deeply"));
  CHECK(refusal(ResultFormat::xml, "<html/>") == "1:2: expected the element <sparql>");
  CHECK(refusal(ResultFormat::xml, "<sparql><head>").starts_with("1:"));
  CHECK(refusal(ResultFormat::csv, "a,b\n1\n") == "2:1: this line has 1 values, the header 2");
  CHECK(refusal(ResultFormat::csv, "a\n\"x\n") == "2:1: this quoted field does not end");
  CHECK(refusal(ResultFormat::tsv, "?a\n<x\n") == "2:1: this IRI does not end; expected '>'");
  CHECK(refusal(ResultFormat::tsv, "?a\nfoo\n") ==
        "2:1: expected a term: <IRI>, _:label, \"text\", a number, true or false");
  CHECK_THROWS_AS((void)read_results("", ResultFormat::table), Error);
}

}  // namespace
}  // namespace akyn::results
