#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "shell/statement.h"
#include "shell/suggest.h"

namespace akyn::shell {
namespace {

TEST_CASE("a semicolon ends a statement only outside of brackets, strings, IRIs and comments") {
  CHECK(shape_of("ASK {} ;").ends_in_semicolon);
  CHECK(shape_of("ASK {} ; # done").ends_in_semicolon);
  CHECK_FALSE(shape_of("ASK { ?s ?p ?o ;").ends_in_semicolon);
  CHECK_FALSE(shape_of("ASK {} # ;").ends_in_semicolon);
  CHECK_FALSE(shape_of("CLEAR GRAPH <http://a/;>").ends_in_semicolon);
  CHECK_FALSE(shape_of("SELECT (\"a;\" AS ?x) {}").ends_in_semicolon);
}

TEST_CASE("open brackets and long strings") {
  CHECK(shape_of("SELECT * {").open);
  CHECK_FALSE(shape_of("SELECT * { ?s ?p \"}{\" }").open);
  CHECK(shape_of("INSERT DATA { :a :b '''x }").open);
  CHECK(shape_of("INSERT DATA { :a :b '''x }").in_string);
  CHECK_FALSE(shape_of("INSERT DATA { :a :b '''x'''").in_string);
  CHECK_FALSE(shape_of("ASK { FILTER(1 <2) }").open);
  CHECK_FALSE(shape_of("ASK { ?s ?p 'it\\'s {' }").open);
  CHECK(shape_of(" \n# only this").blank);
}

TEST_CASE("a draft knows its shape line by line as it would know it at once") {
  for (const std::string_view text :
       {"SELECT * {\n ?s ?p \"{\" .\n}\n;", "INSERT DATA { :a :b \"\"\"\nx \\\n\"\" \\\"\"\"\n\"\"\" }",
        "ASK { # {\n <a{\n }", "ASK {} ;\n# more\n\n", "ASK { ?s ?p 'x\n }", "'''a\n''\n'''\n ;"}) {
    CAPTURE(text);
    Draft draft;
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      draft.add_line(text.substr(start, end - start));
      start = end + 1;
      const Shape whole = shape_of(draft.text());
      CHECK(draft.shape().blank == whole.blank);
      CHECK(draft.shape().open == whole.open);
      CHECK(draft.shape().in_string == whole.in_string);
      CHECK(draft.shape().ends_in_semicolon == whole.ends_in_semicolon);
      CHECK(draft.shape().semicolon == whole.semicolon);
    }
    CHECK(draft.take() == text);
    CHECK(draft.empty());
    CHECK(draft.shape().blank);
  }
}

TEST_CASE("whole, not yet whole, and wrong") {
  CHECK(completeness_of("ASK {}", {}) == Completeness::complete);
  CHECK(completeness_of("SELECT ?x", {}) == Completeness::incomplete);
  CHECK(completeness_of("SELECT ?x {\n ?x a ?y\n", {}) == Completeness::incomplete);
  CHECK(completeness_of("DELETE { ?s ?p ?o }\n", {}) == Completeness::incomplete);
  CHECK(completeness_of("PREFIX : <http://ex.org/>", {}) == Completeness::incomplete);
  CHECK(completeness_of("SELECT ?x { ?x x:y ?z }", {}) == Completeness::wrong);
  CHECK(completeness_of("SELECT ?x { ?x x:y ?z }", {{"x", "http://ex.org/"}}) == Completeness::complete);
  CHECK(completeness_of("SLECT * {}", {}) == Completeness::wrong);
}

TEST_CASE("declarations alone") {
  CHECK(prefixes_alone("PREFIX a: <http://a/> # c\nprefix : <http://b/>") ==
        Prefixes{{"a", "http://a/"}, {"", "http://b/"}});
  CHECK_FALSE(prefixes_alone("PREFIX a: <http://a/> ASK {}"));
  CHECK_FALSE(prefixes_alone("PREFIX a <http://a/>"));
  CHECK_FALSE(prefixes_alone(""));
}

TEST_CASE("words that begin statements") {
  CHECK(begins_statement("  select * {}"));
  CHECK(begins_statement("PREFIX : <http://a/>"));
  CHECK_FALSE(begins_statement("LIMIT 10"));
  CHECK_FALSE(begins_statement("selection"));
}

TEST_CASE("suggestions are near, or none") {
  constexpr std::array<std::string_view, 3> kWords = {"load", "query", "update"};
  CHECK(nearest("laod", kWords) == "load");
  CHECK(nearest("qurey", kWords) == "query");
  CHECK(nearest("news", kWords).empty());
  CHECK(nearest("x", kWords).empty());
}

}  // namespace
}  // namespace akyn::shell
