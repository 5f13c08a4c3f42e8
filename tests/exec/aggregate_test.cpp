// Grouping, aggregates and solution modifiers: SPARQL 1.1 Query 11, 15, 18.5.1.
#include "tests/exec/support.h"

using akyn::exec::test::TestStore;

namespace {

constexpr std::string_view kBooks = R"(
  :org1 :affiliates :auth1 , :auth2 . :auth1 :writes :book1 , :book2 . :book1 :price 9 . :book2 :price 5 .
  :auth2 :writes :book3 . :book3 :price 7 . :org2 :affiliates :auth3 . :auth3 :writes :book4 . :book4 :price 7 .)";

}  // namespace

TEST_CASE("GROUP BY and HAVING") {
  TestStore store(kBooks);
  CHECK(store.select(R"(SELECT (SUM(?price) AS ?total)
    { ?org :affiliates ?auth . ?auth :writes ?book . ?book :price ?price } GROUP BY ?org HAVING(SUM(?price) > 10))") ==
        "21\n");
  CHECK(store.select("SELECT ?a (COUNT(*) AS ?n) { ?a :writes ?b } GROUP BY ?a") == ":auth1 2\n:auth2 1\n:auth3 1\n");
  CHECK(store.select("SELECT ?a (COUNT(*) AS ?n) { ?a :writes ?b } GROUP BY ?a HAVING(COUNT(*) > 1)") == ":auth1 2\n");
  CHECK(store.sequence("SELECT ?a { ?a :writes/:price ?p } GROUP BY ?a ORDER BY DESC(SUM(?p)) ?a LIMIT 2") ==
        ":auth1\n:auth2\n");
  CHECK(store.select("SELECT ?cheap (COUNT(?b) AS ?n) { ?b :price ?p } GROUP BY (?p < 6 AS ?cheap)") ==
        "false 3\ntrue 1\n");
  CHECK(store.select("SELECT (COUNT(?b) AS ?n) { ?b :price ?p } GROUP BY (?p < 6)") == "1\n3\n");
  CHECK(store.select("SELECT ?p (GROUP_CONCAT(?n; SEPARATOR=',') AS ?all) "
                     "{ { SELECT ?p ?n { ?b :price ?p BIND(STR(?b) AS ?n) } ORDER BY ?n } } GROUP BY ?p "
                     "HAVING (COUNT(*) > 1)") == "7 \"http://example/book3,http://example/book4\"\n");
  CHECK(store.select("SELECT (AVG(?p) AS ?avg) (MIN(?p) AS ?min) (MAX(?p) AS ?max) (COUNT(DISTINCT ?p) AS ?n) "
                     "(SUM(DISTINCT ?p) AS ?sum) { ?b :price ?p }") == "7 5 9 3 21\n");
  CHECK(store.select("SELECT (SUM(?p) + COUNT(*) AS ?x) (?x * 2 AS ?y) { ?b :price ?p }") == "32 64\n");
  SUBCASE("one unbound key makes a group") {
    CHECK(store.select(
              "SELECT ?p (COUNT(*) AS ?n) { ?o :affiliates ?a OPTIONAL { ?a :writes :book1 . :book1 :price ?p } } "
              "GROUP BY ?p") == "- 2\n9 1\n");
  }
  SUBCASE("VALUES after a group") {
    CHECK(store.select("SELECT ?a (COUNT(*) AS ?n) { ?a :writes ?b } GROUP BY ?a VALUES ?a { :auth1 :auth9 }") ==
          ":auth1 2\n");
  }
}

TEST_CASE("empty groups") {
  TestStore store;
  CHECK(store.select("SELECT (COUNT(*) AS ?c) (COUNT(?x) AS ?d) (SUM(?x) AS ?s) (AVG(?x) AS ?a) (MIN(?x) AS ?m) "
                     "(SAMPLE(?x) AS ?p) (GROUP_CONCAT(?x) AS ?g) { ?x :p ?y }") == "0 0 0 0 - - \"\"\n");
  CHECK(store.select("SELECT ?y (COUNT(*) AS ?c) { ?x :p ?y } GROUP BY ?y").empty());
  CHECK(store.select("SELECT (COUNT(*) AS ?c) {}") == "1\n");
  CHECK(store.select("SELECT (1 AS ?one) { ?x :p ?y } HAVING (COUNT(*) = 0)") == "1\n");
}

TEST_CASE("errors in aggregates") {
  TestStore store(R"(:a :p 1 , "x" , 2.5 . :b :p _:n , 4 .)");
  CHECK(store.select("SELECT ?s (SUM(?v) AS ?sum) { ?s :p ?v } GROUP BY ?s") == ":a -\n:b -\n");
  CHECK(store.select("SELECT ?s (SUM(IF(isNumeric(?v), ?v, 0)) AS ?sum) { ?s :p ?v } GROUP BY ?s") == ":a 3.5\n:b 4\n");
  CHECK(store.select("SELECT ?s (COUNT(?v + 1) AS ?n) { ?s :p ?v } GROUP BY ?s") == ":a 2\n:b 1\n");
  CHECK(store.select("SELECT (COUNT(?u) AS ?n) (COUNT(*) AS ?m) { ?s :p ?v OPTIONAL { ?v :q ?u } }") == "0 5\n");
}

TEST_CASE("counts that the store keeps follow what changes") {
  TestStore store(":a :p 1 . :b :p 1 . :c :p 2 . :c :p 3 . :x :q 9 .");
  store.database().optimize();
  const std::string_view query =
      "SELECT (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?v) AS ?b) (COUNT(*) AS ?c) { ?s :p ?v }";
  CHECK(store.select(query) == "3 3 4\n");
  store.update("PREFIX : <http://example/> INSERT DATA { :a :p 2 . :x :q 8 }");
  CHECK(store.select(query) == "3 3 5\n");
  store.update("PREFIX : <http://example/> DELETE DATA { :a :p 2 . :c :p 3 }");
  CHECK(store.select(query) == "3 2 3\n");
  store.update("PREFIX : <http://example/> INSERT DATA { GRAPH :g { :z :p 7 } }");
  CHECK(store.select(query) == "3 2 3\n");
  store.database().optimize();
  CHECK(store.select(query) == "3 2 3\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?v) AS ?b) { ?s :p ?v . FILTER(?v > 1) }") == "1\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?v) AS ?b) { ?s :nothing ?v }") == "0\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT ?v) AS ?b) { GRAPH ?g { ?s :p ?v } }") == "1\n");
}

TEST_CASE("COUNT(DISTINCT *) counts solutions") {
  TestStore store(R"(:a :p 1 , 2 . :b :p 1 .)");
  CHECK(store.select("SELECT (COUNT(DISTINCT *) AS ?n) { ?s :p ?v }") == "3\n");
  CHECK(store.select("SELECT (COUNT(DISTINCT *) AS ?n) { ?s :p [] }") == "2\n");
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { ?s :p [] }") == "3\n");
}

TEST_CASE("ORDER BY") {
  TestStore store(
      R"(:a :v 10 . :b :v 9 . :c :v 9.5 . :d :v "x" . :e :v :iri . :f :v _:n . :g :w 1 . :h :v "9"^^xsd:double .)");
  CHECK(store.sequence("SELECT ?v { ?s :v ?v FILTER(!isNumeric(?v)) } ORDER BY ?v") == "_\n:iri\n\"x\"\n");
  CHECK(store.sequence("SELECT ?s { ?s :v ?v FILTER(isNumeric(?v)) } ORDER BY ?v ?s") == ":b\n:h\n:c\n:a\n");
  CHECK(store.sequence("SELECT ?s { ?s :v ?v FILTER(isNumeric(?v)) } ORDER BY DESC(?v) DESC(?s)") ==
        ":a\n:c\n:h\n:b\n");
  CHECK(store.sequence("SELECT ?s { ?s :v|:w ?x OPTIONAL { ?s :v ?v } } ORDER BY ?v ?s LIMIT 3") == ":g\n:f\n:e\n");
  CHECK(store.sequence("SELECT ?n { VALUES ?n { 3 1 2 } } ORDER BY ASC(-?n)") == "3\n2\n1\n");
  SUBCASE("by what is not selected, and by an alias") {
    CHECK(store.sequence("SELECT ?s { ?s :v ?v FILTER(isNumeric(?v)) } ORDER BY ?v LIMIT 1 OFFSET 3") == ":a\n");
    CHECK(store.sequence("SELECT (?n * -1 AS ?m) { VALUES ?n { 3 1 2 } } ORDER BY ?m") == "-3\n-2\n-1\n");
  }
  SUBCASE("stable") {
    CHECK(store.sequence("SELECT ?n { VALUES (?n ?k) { (3 1) (1 1) (2 0) (4 1) } } ORDER BY ?k") == "2\n3\n1\n4\n");
  }
}

TEST_CASE("DISTINCT, REDUCED, LIMIT, OFFSET") {
  TestStore store(R"(:a :p 1 . :b :p 1 . :c :p 2 .)");
  CHECK(store.select("SELECT DISTINCT ?v { ?s :p ?v }") == "1\n2\n");
  CHECK(store.select("SELECT REDUCED ?v { ?s :p ?v FILTER(?v = 2) }") == "2\n");
  CHECK(store.sequence("SELECT ?s { ?s :p ?v } ORDER BY ?s OFFSET 1") == ":b\n:c\n");
  CHECK(store.sequence("SELECT ?s { ?s :p ?v } ORDER BY ?s LIMIT 0").empty());
  CHECK(store.sequence("SELECT ?s { ?s :p ?v } ORDER BY ?s OFFSET 5 LIMIT 1").empty());
  CHECK(store.sequence("SELECT ?s { ?s :p ?v } ORDER BY ?s OFFSET 2 LIMIT 18446744073709551615") == ":c\n");
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { SELECT ?s { ?s :p ?v } LIMIT 2 }") == "2\n");
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { SELECT ?s { ?s :p ?v FILTER(?v > 0) } OFFSET 1 }") == "2\n");
}
