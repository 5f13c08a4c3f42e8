// Paths in a user's program.
#include <sstream>

#include "tests/api/common.h"

namespace akyn::testing {
namespace {

Store two_ways() {
  Store store = Store::in_memory();
  std::istringstream in("@prefix : <http://x/> . :a :p :b . :c :q :b .");
  store.load(in, {.format = RdfFormat::turtle});
  return store;
}

constexpr std::string_view kQuery = "PREFIX : <http://x/> SELECT ?p ?x { PATH ?p = (:a :p/^:q ?x) }";

TEST_CASE("a row gives a path as nodes and edges") {
  const Store store = two_ways();
  Query query = store.prepare(kQuery);
  Rows rows = query.select();
  REQUIRE(rows.next());
  const Path path = rows.current().path("p");
  REQUIRE(path.length() == 2);
  CHECK(path.nodes == std::vector<Term>{iri("http://x/a"), iri("http://x/b"), iri("http://x/c")});
  CHECK(path.edges[0] == PathEdge{iri("http://x/p"), false, false});
  CHECK(path.edges[1] == PathEdge{iri("http://x/q"), true, false});
  CHECK(is_path(rows.current()["p"]));
  CHECK_FALSE(is_path(rows.current()["x"]));
  CHECK(error_of([&] { (void)rows.current().path("x"); }) == ErrorCode::invalid_argument);
  CHECK(error_of([&] { (void)rows.current().path("none"); }) == ErrorCode::not_found);
}

TEST_CASE("any literal of the datatype with the form of a path is one") {
  const Path path =
      to_path(typed_literal("_:b ^=<x:s> \"two words\"@en <x:p> <<( <x:a> <x:b> \"\\u0041\" )>>", "urn:akyn:path"));
  CHECK(path.nodes == std::vector<Term>{blank("b"), lang_literal("two words", "en"),
                                        triple_term(iri("x:a"), iri("x:b"), literal("A"))});
  CHECK(path.edges == std::vector<PathEdge>{{iri("x:s"), true, true}, {iri("x:p"), false, false}});
  for (const std::string_view text : {"", "<x:a> ", "<x:a> <x:b>", "<x:a>  <x:b> <x:c>", "<x:a> _:b <x:c>", "\"open"}) {
    CAPTURE(text);
    CHECK(error_of([&] { (void)to_path(typed_literal(text, "urn:akyn:path")); }) == ErrorCode::invalid_argument);
  }
}

TEST_CASE("strict takes SPARQL alone") {
  const Store store = two_ways();
  CHECK(error_of([&] { (void)store.prepare(kQuery, {.strict = true}); }) == ErrorCode::syntax);
}

TEST_CASE("paths as a graph for Graphviz") {
  const Store store = two_ways();
  Query query = store.prepare(kQuery);
  Rows rows = query.select();
  std::ostringstream out;
  CHECK(write_results(out, rows, ResultFormat::dot, {.prefixes = {{"", "http://x/"}}}) == 1);
  CHECK(out.str() ==
        "digraph akyn {\n  node [shape=box, style=rounded, fontname=Helvetica];\n  edge [fontname=Helvetica];\n"
        "  \"<http://x/a>\" [label=\"a\"];\n  \"<http://x/b>\" [label=\"b\"];\n"
        "  \"<http://x/a>\" -> \"<http://x/b>\" [label=\"p\"];\n"
        "  \"<http://x/c>\" [label=\"c\"];\n"
        "  \"<http://x/c>\" -> \"<http://x/b>\" [label=\"q\"];\n}\n");
  Query graph = store.prepare("CONSTRUCT WHERE { ?s <http://x/p> ?o }");
  Quads quads = graph.construct();
  std::ostringstream drawn;
  CHECK(write_dot(drawn, quads) == 1);
  CHECK(drawn.str().find("\"<http://x/a>\" -> \"<http://x/b>\" [label=\"<http://x/p>\"]") != std::string::npos);
}

TEST_CASE("a table draws paths") {
  const Store store = two_ways();
  Query query = store.prepare(kQuery);
  Rows rows = query.select();
  std::ostringstream out;
  (void)write_results(out, rows, ResultFormat::table, {.prefixes = {{"", "http://x/"}}});
  CHECK(out.str().find(" a -p-> b <-q- c ") != std::string::npos);
}

}  // namespace
}  // namespace akyn::testing
