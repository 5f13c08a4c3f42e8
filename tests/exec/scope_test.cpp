// Scoping: what a group, a sub-SELECT and an assignment can see (SPARQL 1.1 Query 12, 18.2).
#include "tests/exec/support.h"

using akyn::exec::test::TestStore;

TEST_CASE("evaluation goes bottom up") {
  TestStore store(R"(:x1 :p :b1 . :x1 :name "n" . :x2 :p :b2 . :b1 :q 1 .)");
  SUBCASE("a nested group does not see its surroundings") {
    CHECK(store.select("SELECT ?x { ?x :name ?n { ?y :p ?b FILTER(?n = 'n') } }").empty());
    CHECK(store.select("SELECT ?x ?z { ?x :name ?n { BIND(CONCAT(?n, '!') AS ?z) } }") == ":x1 -\n");
    CHECK(store.select("SELECT ?x ?z { ?x :name ?n BIND(CONCAT(?n, '!') AS ?z) }") == ":x1 \"n!\"\n");
  }
  SUBCASE("nested OPTIONALs join with what their own group binds") {
    CHECK(store.select("SELECT ?x ?v { ?x :p ?y OPTIONAL { ?y :q ?v OPTIONAL { ?x :name ?n FILTER(?v = 1) } } }") ==
          ":x1 1\n:x2 -\n");
  }
}

TEST_CASE("sub-SELECT") {
  TestStore store(R"(
    :alice :name "Alice" , "Alice Foo" ; :knows :bob , :carol .
    :bob :name "Bob" , "Bob Bar" . :carol :name "Carol" , "Carol Baz" .)");
  CHECK(store.select("SELECT ?y ?minName { :alice :knows ?y . { SELECT ?y (MIN(?name) AS ?minName) "
                     "{ ?y :name ?name } GROUP BY ?y } }") == ":bob \"Bob\"\n:carol \"Carol\"\n");
  SUBCASE("what it does not project is another variable") {
    CHECK(store.select("SELECT ?name { :bob :name ?name { SELECT ?y { ?y :name ?name FILTER(?name = 'Carol') } } }") ==
          "\"Bob Bar\"\n\"Bob\"\n");
  }
  SUBCASE("its own order and limit") {
    CHECK(store.select("SELECT ?n { { SELECT ?n { ?x :name ?n } ORDER BY DESC(?n) LIMIT 2 } }") ==
          "\"Carol Baz\"\n\"Carol\"\n");
  }
  SUBCASE("its own VALUES") {
    CHECK(store.select("SELECT ?n { { SELECT ?n { ?x :name ?n } VALUES ?x { :bob } } }") == "\"Bob Bar\"\n\"Bob\"\n");
  }
  SUBCASE("a star is what is in scope") {
    CHECK(store.select("SELECT * { { SELECT * { ?x :knows ?y } } FILTER(?y = :bob) }") == ":alice :bob\n");
    CHECK(store.select("SELECT * { { SELECT (1 AS ?one) { ?x :knows ?y } LIMIT 1 } }") == "1\n");
  }
}

TEST_CASE("BIND") {
  TestStore store(R"(:a :p 2 ; :q 3 . :b :p 5 .)");
  CHECK(store.select("SELECT ?x ?s { ?x :p ?p ; :q ?q BIND(?p + ?q AS ?s) }") == ":a 5\n");
  CHECK(store.select("SELECT ?x ?s { ?x :p ?p BIND(?p + ?q AS ?s) }") == ":a -\n:b -\n");
  CHECK(store.select("SELECT ?s ?x { BIND(5 AS ?s) ?x :p ?s }") == "5 :b\n");
  SUBCASE("an error leaves the variable open for what follows") {
    CHECK(store.select("SELECT ?s ?x { BIND(1 + 'x' AS ?s) ?x :p ?s }") == "2 :a\n5 :b\n");
  }
  SUBCASE("it ends the basic graph pattern before it") {
    CHECK(store.select("SELECT ?x ?z { ?x :p ?v BIND(?w AS ?z) ?x :q ?w }") == ":a -\n");
  }
}

TEST_CASE("blank nodes made by expressions") {
  TestStore store(R"(:a :p 1 . :b :p 1 .)");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :p ?v BIND(BNODE() AS ?n) }") == "2\n");
  CHECK(store.select(
            "SELECT (sameTerm(?m, ?n) AS ?same) { { SELECT (BNODE('l') AS ?m) (BNODE('l') AS ?n) { ?x :p ?v } } }") ==
        "true\ntrue\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :p ?v BIND(BNODE('l') AS ?n) }") == "2\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?n) AS ?c) "
                     "{ { ?x :p ?v BIND(BNODE('l') AS ?n) } UNION { ?x :p ?v BIND(BNODE('l') AS ?n) } }") == "4\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?t) AS ?c) { ?x :p ?v BIND(NOW() AS ?t) }") == "1\n");
}
