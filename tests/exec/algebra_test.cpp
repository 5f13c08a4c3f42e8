// The translation: SPARQL 1.1 Query 18.2.3 has most of these as examples.
#include "engine/algebra/print.h"
#include "engine/algebra/sparql_text.h"
#include "tests/exec/support.h"

using akyn::exec::test::error_of;
using akyn::exec::test::TestStore;
using akyn::exec::test::translated;

namespace {

// Without the prefix's length.
std::string algebra_of(std::string_view pattern) {
  std::string text = akyn::algebra::to_string(translated(pattern));
  for (std::size_t place; (place = text.find("<http://example/")) != std::string::npos;) {
    const std::size_t end = text.find('>', place);
    text = text.substr(0, place) + ':' + text.substr(place + 16, end - place - 16) + text.substr(end + 1);
  }
  return text;
}

}  // namespace

TEST_CASE("group graph patterns") {
  CHECK(algebra_of("ASK {}") == "Unit\n");
  CHECK(algebra_of("ASK { ?s :p ?o . ?s :q ?x }") == "BasicGraph ?s :p ?o . ?s :q ?x\n");
  CHECK(algebra_of("ASK { ?s :p ?o FILTER(?o > 1) ?s :q ?x }") ==
        "Filter (?o > \"1\"^^<http://www.w3.org/2001/XMLSchema#integer>)\n  BasicGraph ?s :p ?o . ?s :q ?x\n");
  CHECK(algebra_of("ASK { { ?s :p :a } UNION { ?s :p :b } UNION { ?s :p :c } }") ==
        "Union\n  BasicGraph ?s :p :a\n  BasicGraph ?s :p :b\n  BasicGraph ?s :p :c\n");
  CHECK(algebra_of("ASK { ?s :p ?v OPTIONAL { ?s :q ?w FILTER(?v < ?w) } OPTIONAL { ?s :r ?u } }") ==
        "LeftJoin\n  LeftJoin (?v < ?w)\n    BasicGraph ?s :p ?v\n    BasicGraph ?s :q ?w\n  BasicGraph ?s :r ?u\n");
  CHECK(algebra_of("ASK { ?s :p ?v OPTIONAL { { ?s :q ?w FILTER(?v < ?w) } } }") ==
        "LeftJoin\n  BasicGraph ?s :p ?v\n  Filter (?v < ?w)\n    BasicGraph ?s :q ?w\n");
  CHECK(algebra_of("ASK { OPTIONAL { ?s :q ?w } ?s :p ?v }") ==
        "Join\n  LeftJoin\n    Unit\n    BasicGraph ?s :q ?w\n  BasicGraph ?s :p ?v\n");
  CHECK(algebra_of("ASK { ?s :p ?v MINUS { ?s :p 2 } BIND(?v AS ?w) GRAPH ?g { ?s ?p ?o } }") ==
        "Join\n  Extend ?w := ?v\n    Minus\n      BasicGraph ?s :p ?v\n      BasicGraph ?s :p "
        "\"2\"^^<http://www.w3.org/2001/XMLSchema#integer>\n  Graph ?g\n    BasicGraph ?s ?p ?o\n");
  CHECK(algebra_of("ASK { ?s :p ?v VALUES (?s ?v) { (:a UNDEF) } }") ==
        "Join\n  BasicGraph ?s :p ?v\n  Values (?s ?v) (:a UNDEF)\n");
  CHECK(algebra_of("ASK { ?s :p ?v FILTER NOT EXISTS { ?s :q ?w } }") ==
        "Filter NOT EXISTS { BasicGraph ?s :q ?w }\n  BasicGraph ?s :p ?v\n");
}

TEST_CASE("queries") {
  CHECK(
      algebra_of("SELECT DISTINCT ?s (?v + 1 AS ?w) { ?s :p ?v } ORDER BY DESC(?w) ?s LIMIT 10 OFFSET 5") ==
      "Slice offset 5 limit 10\n  Distinct\n    Project (?s ?w)\n      OrderBy DESC ?w, ?s\n        Extend ?w := (?v + "
      "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>)\n          BasicGraph ?s :p ?v\n");
  CHECK(algebra_of("SELECT ?s (SUM(?v) AS ?w) { ?s :p ?v } GROUP BY ?s HAVING (COUNT(*) > 1)") ==
        "Project (?s ?w)\n  Extend ?w := .aggregate.3\n    Filter (.aggregate.4 > "
        "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>)\n      Group (?s) SUM(?v) AS .aggregate.3 COUNT(*) AS "
        ".aggregate.4\n        BasicGraph ?s :p ?v\n");
  CHECK(algebra_of("SELECT ?s { { SELECT ?s { ?s :p ?v } } VALUES ?s { :a } }") ==
        "Project (?s)\n  Join\n    Project (?s)\n      BasicGraph ?s :p ?v\n    Values (?s) (:a)\n");
}

TEST_CASE("property paths") {
  CHECK(algebra_of("ASK { ?s :p/:q ?o }") == "BasicGraph ?s :p .step.2 . .step.2 :q ?o\n");
  CHECK(algebra_of("ASK { ?s ^:p ?o }") == "BasicGraph ?o :p ?s\n");
  CHECK(algebra_of("ASK { ?s :p|^:q ?o }") == "Union\n  BasicGraph ?s :p ?o\n  BasicGraph ?o :q ?s\n");
  CHECK(algebra_of("ASK { ?s (:p|:q)* ?o }") == "Path ?s ((:p|:q))* ?o\n");
  CHECK(algebra_of("ASK { ?s :p/:q+/:r ?o }") ==
        "Join\n  BasicGraph ?s :p .step.2\n  Path .step.2 (:q)+ .step.3\n  BasicGraph .step.3 :r ?o\n");
  CHECK(algebra_of("ASK { ?s !(:p|^:q) ?o }") == "Union\n  Path ?s !(:p) ?o\n  Path ?s !(^:q) ?o\n");
}

TEST_CASE("columns of SELECT *") {
  const auto columns = [](std::string_view text) {
    const akyn::algebra::Query query = translated(text);
    std::string names;
    for (const auto slot : query.columns) names += query.variables.name(slot) + ' ';
    return names;
  };
  CHECK(columns("SELECT * { ?b :p ?a OPTIONAL { ?a :q ?c } BIND(1 AS ?d) FILTER(?e = 1) MINUS { ?b :r ?f } }") ==
        "b a c d ");
  CHECK(columns("SELECT * { GRAPH ?g { ?s ?p ?o } { SELECT ?x { ?x :p ?y } } VALUES ?v { 1 } }") == "g s p o x v ");
}

TEST_CASE("what only shows in translation") {
  CHECK(error_of([] { (void)translated("SELECT * { FILTER(COUNT(?x) > 1) }"); }) != "no error");
  CHECK(error_of([] { (void)translated("SELECT (SUM(COUNT(?x)) AS ?y) { ?x :p ?z }"); }) != "no error");
  CHECK(error_of([] { (void)translated("SELECT (xsd:integer(1, 2) AS ?y) {}"); }) ==
        "<http://www.w3.org/2001/XMLSchema#integer> takes 1 argument, not 2");
}

TEST_CASE("the algebra as SPARQL") {
  const auto text = [](std::string_view query) {
    const akyn::algebra::Query translated = akyn::exec::test::translated(query);
    return akyn::algebra::to_sparql(*translated.root, translated.columns, {}, translated.variables);
  };
  CHECK(text("SELECT ?x { ?x a [ :p 'q' ] }") ==
        "SELECT ?x WHERE { SELECT ?x WHERE { ?_0 <http://example/p> \"q\" . "
        "?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?_0 . } } ");
  // The group's filter is no condition of the OPTIONAL.
  CHECK(text("ASK { ?x :p ?v OPTIONAL { { ?x :q ?w FILTER(?v = 1) } } }") ==
        "SELECT ?_none WHERE { ?x <http://example/p> ?v . OPTIONAL { { ?x <http://example/q> ?w . FILTER((?v = "
        "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>)) } } } ");
  // Names of its own keep out of the way of the user's.
  CHECK(text("ASK { ?_1 :p [] }") == "SELECT ?__none WHERE { ?_1 <http://example/p> ?__1 . } ");

  TestStore store(R"(:a :p 1 , 2 ; :q :b ; :name "x"@en--ltr . :b :p 3 ; :q :c . :c :p 2 . :g { :a :p 9 })");
  for (const std::string_view query :
       {"SELECT ?x (SUM(?v) + 1 AS ?s) { ?x :p ?v } GROUP BY ?x HAVING(COUNT(*) > 1) ORDER BY ?s",
        "SELECT ?k (GROUP_CONCAT(DISTINCT ?v; SEPARATOR=', ') AS ?c) { ?x :p ?v } GROUP BY (?v > 1 AS ?k)",
        "SELECT DISTINCT ?x { ?x :p ?v } ORDER BY DESC(?v) ?x LIMIT 2 OFFSET 1",
        "SELECT ?x ?w { ?x :p ?v OPTIONAL { ?x :q ?y . ?y :p ?w FILTER(?w > ?v) } }",
        "SELECT ?x { ?x :p ?v MINUS { ?x :q ?y FILTER EXISTS { ?y :q ?z } } }",
        "SELECT ?x ?y { ?x (:q|^:q)+ ?y FILTER(?x NOT IN (:a, ?y)) }", "SELECT ?x { ?x !(:p|^:q) ?y }",
        "SELECT ?g ?v { GRAPH ?g { ?x :p ?v } }",
        "SELECT ?v ?w { { SELECT ?v { VALUES (?v ?w) { (1 UNDEF) (2 'two') } } } BIND(-?v * 2 - 1 AS ?w) }",
        "SELECT * { { ?x :p 1 } UNION { ?x :p 3 } { ?x :q ?y } }",
        "SELECT (IF(BOUND(?y), COALESCE(?z, !true), +?v) AS ?r) { ?x :p ?v OPTIONAL { ?x :q ?y } }",
        "SELECT ?n { ?x :name ?n FILTER(LANGDIR(?n) = 'ltr' || <http://example/f>(?n) && isTRIPLE(?n)) }",
        "SELECT (COUNT(*) AS ?n) { VALUES () { () () } }", "SELECT (TRIPLE(?x, :p, ?v) AS ?t) { ?x :p ?v }"}) {
    CAPTURE(query);
    CHECK(store.sequence(text(query)) == store.sequence(query));
  }
}
