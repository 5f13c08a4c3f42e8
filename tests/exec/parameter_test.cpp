// Bound parameters: the query with a constant in place of the variable, which stays a column.
#include "tests/exec/support.h"

using akyn::exec::test::error_of;
using akyn::exec::test::Parameters;
using akyn::exec::test::TestStore;

namespace {

akyn::Term ex(std::string_view name) {
  return akyn::iri("http://example/" + std::string(name));
}

}  // namespace

TEST_CASE("a parameter is the constant, and a column") {
  TestStore store(R"(:a :p 1 ; :q :b . :b :p 2 . :c :p 1 . :g { :a :r 7 })");
  const Parameters a{{"x", ex("a")}};

  CHECK(store.select("SELECT ?x ?v { ?x :p ?v }", a) == ":a 1\n");
  CHECK(store.select("SELECT * { ?x :p ?v }", a) == ":a 1\n");
  CHECK(store.select("SELECT ?v ?x { ?x :p ?v }", {{"x", ex("a")}, {"v", akyn::integer(1)}}) == "1 :a\n");
  CHECK(store.select("SELECT ?x { :c :p ?v }", {{"v", akyn::integer(2)}}).empty());

  SUBCASE("in every corner of the text") {
    CHECK(store.select("SELECT ?x ?v { { ?x :p ?v } }", a) == ":a 1\n");
    CHECK(store.select("SELECT ?v { { SELECT ?v { ?x :p ?v } } }", a) == "1\n");
    CHECK(store.select("SELECT ?x ?v { { SELECT ?x ?v { ?x :p ?v } } }", a) == ":a 1\n");
    CHECK(store.select("SELECT ?y { ?y :p ?v OPTIONAL { ?x :q ?y } FILTER(?y != ?x) }", a) == ":b\n:c\n");
    CHECK(store.select("SELECT ?y { ?y :p ?v FILTER EXISTS { ?x :q ?y } }", a) == ":b\n");
    CHECK(store.select("SELECT ?y { ?y :p ?v FILTER NOT EXISTS { ?y :p ?z FILTER(?y = ?x) } }", a) == ":b\n:c\n");
    CHECK(store.select("SELECT ?y ?x { ?y :p ?v MINUS { ?x :q ?y } }", a) == ":a :a\n:c :a\n");
    CHECK(store.select("SELECT ?y { ?x :q* ?y }", a) == ":a\n:b\n");
    CHECK(store.select("SELECT ?g ?v { GRAPH ?g { ?y :r ?v } }", {{"g", ex("g")}}) == ":g 7\n");
    CHECK(store.select("SELECT ?v (COUNT(*) AS ?n) { ?y :p ?v } GROUP BY ?v", {{"v", akyn::integer(1)}}) == "1 2\n");
    CHECK(store.sequence("SELECT ?y { ?y :p ?v } ORDER BY (?y != ?x) ?y LIMIT 1", {{"x", ex("c")}}) == ":c\n");
    CHECK(store.select("SELECT ?b { ?y :p 2 BIND(BOUND(?x) AS ?b) }", a) == "true\n");
    CHECK(store.graph("CONSTRUCT { ?x :is ?v } { ?x :p ?v }", a) == ":a :is 1\n");
    CHECK(store.graph("DESCRIBE ?x", {{"x", ex("b")}}) == ":b :p 2\n");
    CHECK(store.ask("ASK { ?x :p 1 }", a));
    CHECK_FALSE(store.ask("ASK { ?x :p 2 }", a));
  }
  SUBCASE("as a constant in MINUS it shares nothing") {
    CHECK(store.select("SELECT ?v { ?x :p ?v MINUS { ?x :q ?z } }", a) ==
          store.select("SELECT ?v { :a :p ?v MINUS { :a :q ?z } }"));
  }
  SUBCASE("as a constant it starts a path outside of the data") {
    CHECK(store.select("SELECT ?y { ?x :q* ?y }", {{"x", ex("nowhere")}}) == ":nowhere\n");
  }
  SUBCASE("what the query assigns must agree") {
    CHECK(store.select("SELECT ?x { VALUES ?x { :a :b } ?x :p ?v }", a) == ":a\n");
    CHECK(store.select("SELECT ?x ?v { VALUES (?x ?v) { (UNDEF 2) (:b 1) } }", a) == ":a 2\n");
    CHECK(store.select("SELECT ?y ?s { ?y :p ?v BIND(?v + 1 AS ?s) }", {{"s", akyn::integer(2)}}) == ":a 2\n:c 2\n");
    CHECK(store.select("SELECT ?y (?v + 1 AS ?s) { ?y :p ?v }", {{"s", akyn::integer(3)}}) == ":b 3\n");
    CHECK(store.select("SELECT ?k (COUNT(*) AS ?n) { ?y :p ?v } GROUP BY (?v * 2 AS ?k)", {{"k", akyn::integer(2)}}) ==
          "2 2\n");
  }
  SUBCASE("DISTINCT and LIMIT see the same rows") {
    CHECK(store.select("SELECT DISTINCT ?x { ?y :p ?v FILTER(?v = 1) }", a) == ":a\n");
  }
}

TEST_CASE("parameters that cannot be") {
  TestStore store;
  const auto run = [&](Parameters parameters) {
    return error_of([&] { (void)store.select("SELECT ?x { ?x :p [] }", parameters); });
  };
  CHECK(run({{"y", akyn::integer(1)}}) == "the query has no variable ?y");
  CHECK(run({{"x", akyn::Term()}}) == "?x can be given an IRI, a literal or a triple term, not nothing");
  CHECK(run({{"x", akyn::blank("b")}}) ==
        "?x can be given an IRI, a literal or a triple term, not a blank node, which a query cannot name");
  CHECK(run({{"x", akyn::literal("a\" . } INSERT")}}) == "no error");
}
