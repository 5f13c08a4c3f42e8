// Graph patterns: the examples of SPARQL 1.1 Query, sections 2 to 8, 10, 13, and corners beside them.
#include <algorithm>
#include <string>

#include "tests/exec/support.h"

using akyn::exec::test::TestStore;

TEST_CASE("basic graph patterns") {
  TestStore store(R"(
    :a :name "Johnny" ; :mbox :m1 . :b :name "Peter" ; :mbox :m2 . :c :mbox :m3 . :d :knows :d .)");

  CHECK(store.select("SELECT ?name ?mbox { ?x :name ?name . ?x :mbox ?mbox }") == "\"Johnny\" :m1\n\"Peter\" :m2\n");
  CHECK(store.select("SELECT ?x { ?x :knows ?x }") == ":d\n");
  CHECK(store.select("SELECT ?x { ?x :knows :nobody }").empty());
  CHECK(store.select("SELECT ?p { :a ?p :m1 }") == ":mbox\n");
  CHECK(store.select("SELECT * {}") == "\n");
  SUBCASE("a pattern without variables keeps or drops everything") {
    CHECK(store.select("SELECT ?x { :a :mbox :m1 . ?x :knows ?y }") == ":d\n");
    CHECK(store.select("SELECT ?x { :a :mbox :m2 . ?x :knows ?y }").empty());
  }
  SUBCASE("patterns that share nothing multiply") {
    CHECK(store.select("SELECT ?x ?y { ?x :knows ?z . ?y :name ?n }") == ":d :a\n:d :b\n");
  }
  SUBCASE("blank nodes are variables that cannot be selected") {
    CHECK(store.select("SELECT ?n { _:p :name ?n ; :mbox [] }") == "\"Johnny\"\n\"Peter\"\n");
    CHECK(store.select("SELECT * { _:p :knows _:p }") == "\n");
  }
  SUBCASE("duplicates are kept") {
    CHECK(store.select("SELECT ?p { ?x ?p ?y . FILTER(?p = :name) }") == ":name\n:name\n");
  }
}

TEST_CASE("literals match by term, not by value") {
  TestStore store(R"(:x :p "cat"@en , 42 , "abc"^^:dt , "042"^^xsd:integer .)");
  CHECK(store.select("SELECT ?v { ?v :p 'cat' }").empty());
  CHECK(store.select("SELECT ?v { ?v :p 'cat'@EN }") == ":x\n");
  CHECK(store.select("SELECT ?v { ?v :p 42 }") == ":x\n");
  CHECK(store.select("SELECT ?v { ?v :p 042 }") == ":x\n");
  CHECK(store.select("SELECT ?v { ?v :p 0042 }").empty());
  CHECK(store.select("SELECT ?o { :x :p ?o FILTER(?o = 42) }") == "042\n42\n");
}

TEST_CASE("OPTIONAL") {
  TestStore store(R"(
    :a :name "Alice" ; :mbox :m1 , :m2 . :b :name "Bob" .
    :book1 :title "SPARQL Tutorial" ; :price 42 . :book2 :title "The Semantic Web" ; :price 23 .)");

  CHECK(store.select("SELECT ?n ?m { ?x :name ?n OPTIONAL { ?x :mbox ?m } }") ==
        "\"Alice\" :m1\n\"Alice\" :m2\n\"Bob\" -\n");
  SUBCASE("a FILTER inside is part of the condition") {
    CHECK(store.select("SELECT ?t ?p { ?x :title ?t OPTIONAL { ?x :price ?p FILTER(?p < 30) } }") ==
          "\"SPARQL Tutorial\" -\n\"The Semantic Web\" 23\n");
  }
  SUBCASE("the condition sees the left side") {
    CHECK(store.select("SELECT ?t ?q { ?x :title ?t ; :price ?p OPTIONAL { ?y :price ?q FILTER(?q < ?p) } }") ==
          "\"SPARQL Tutorial\" 23\n\"The Semantic Web\" -\n");
  }
  SUBCASE("a FILTER in a group of its own does not see the left side") {
    CHECK(store.select("SELECT ?t ?q { ?x :title ?t ; :price ?p OPTIONAL { { ?y :price ?q FILTER(?q < ?p) } } }") ==
          "\"SPARQL Tutorial\" -\n\"The Semantic Web\" -\n");
  }
  SUBCASE("optional first") {
    CHECK(store.select("SELECT ?m { OPTIONAL { ?x :mbox ?m } }") == ":m1\n:m2\n");
    CHECK(store.select("SELECT ?m { OPTIONAL { ?x :nothing ?m } }") == "-\n");
  }
  SUBCASE("a variable left unbound is bound by a later pattern") {
    CHECK(store.select("SELECT ?n ?m { ?x :name ?n OPTIONAL { ?x :mbox ?m } OPTIONAL { ?y :mbox ?m } }") ==
          "\"Alice\" :m1\n\"Alice\" :m2\n\"Bob\" :m1\n\"Bob\" :m2\n");
  }
}

TEST_CASE("joins on variables that BIND and OPTIONAL may leave unbound") {
  std::string data;
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    data += ":s" + n + " :p :o" + std::to_string(i % 50) + " ; :n " + n + " ; :m " + std::to_string(i % 2) + " . ";
  }
  for (int i = 0; i < 5; ++i) {
    data += ":k" + std::to_string(i) + " :link :s" + std::to_string(i * 7) + " ; :key " + std::to_string(i % 3) + " . ";
  }
  TestStore store(data + ":k0 :alias :s3 . :k1 :alias :s4 , :s5 . :k2 :alias :nobody . :k3 :flag 1 .");
  store.database().optimize();
  const auto lines = [&](const std::string& query) {
    const std::string answer = store.select(query);
    return std::count(answer.begin(), answer.end(), '\n');
  };
  // A row whose variable is unbound meets all 1000 triples of a pattern.
  CHECK(lines("SELECT * { ?k :link ?l BIND(IF(?l = :s7, ?nothing, ?l) AS ?x) ?x :p ?o }") == 4 + 1000);
  CHECK(lines("SELECT * { ?k :link ?l OPTIONAL { ?k :alias ?x } ?x :p ?o }") == 3 + 2 * 1000);
  CHECK(lines("SELECT * { ?k :link ?l OPTIONAL { ?k :alias ?x } ?x :p ?o ; :n ?v }") == 3 + 2 * 1000);
  CHECK(lines("SELECT * { ?k :link ?l OPTIONAL { ?k :alias ?x } OPTIONAL { ?x :p ?o } }") == 3 + 1 + 2 * 1000);
  CHECK(lines("SELECT * { ?k :link ?l OPTIONAL { ?k :alias ?x } MINUS { ?x :m 0 } }") == 5);
  CHECK(lines("SELECT * { ?k :link ?l OPTIONAL { ?k :flag ?v } ?l :m ?v }") == 5);
  CHECK(lines("SELECT * { ?k :link ?l OPTIONAL { ?k :flag ?v } ?x :m ?v ; :p :o1 }") == 4 * 20 + 20);
  CHECK(lines("SELECT * { ?k :key ?i BIND(xsd:integer(?i) + 1 AS ?v) ?s :n ?v }") == 5);
  CHECK(lines("SELECT * { ?k :key ?i BIND(1 / ?i AS ?v) BIND(xsd:integer(?v) AS ?w) ?s :n ?w }") == 3 + 2 * 1000);
  CHECK(store.select("SELECT ?v { BIND(IRI('http://example/s9') AS ?x) ?x :n ?v }") == "9\n");
  CHECK(store.select("SELECT ?v { BIND(:s9 AS ?x) ?x :n ?v }") == "9\n");
  CHECK(store.select("SELECT (COUNT(*) AS ?c) { ?k :link ?l OPTIONAL { ?k :alias ?x } ?x ?p ?o }") == "6039\n");
  SUBCASE("and what they bind is not sorted by them") {
    CHECK(lines("SELECT * { VALUES (?x ?m) { (UNDEF 1) } ?x :m ?m . ?x :p ?o . ?x :n ?v }") == 500);
  }
}

TEST_CASE("UNION") {
  TestStore store(R"(:a :t1 "A" . :b :t2 "B" . :c :t1 "C" ; :t2 "D" .)");
  CHECK(store.select("SELECT ?t { { ?x :t1 ?t } UNION { ?x :t2 ?t } }") == "\"A\"\n\"B\"\n\"C\"\n\"D\"\n");
  CHECK(store.select("SELECT ?t ?u { { ?x :t1 ?t } UNION { ?x :t2 ?u } }") == "\"A\" -\n\"C\" -\n- \"B\"\n- \"D\"\n");
  CHECK(store.select("SELECT ?x { {} UNION {} }") == "-\n-\n");
  SUBCASE("columns that only some branches bind join with what is compatible") {
    CHECK(store.select("SELECT ?x ?y { { { BIND(:a AS ?x) } UNION { BIND(1 AS ?y) } } { VALUES ?x { :a :c } } }") ==
          ":a -\n:a 1\n:c 1\n");
  }
}

TEST_CASE("VALUES and unbound joins") {
  TestStore store(R"(:b1 :title "T1" ; :price 42 . :b2 :title "T2" ; :price 23 .)");
  CHECK(store.select("SELECT ?b ?t ?p { VALUES ?b { :b1 :b3 } ?b :title ?t ; :price ?p }") == ":b1 \"T1\" 42\n");
  CHECK(store.select("SELECT ?b ?t ?p { ?b :title ?t ; :price ?p VALUES (?b ?t) { (UNDEF 'T1') (:b2 UNDEF) } }") ==
        ":b1 \"T1\" 42\n:b2 \"T2\" 23\n");
  CHECK(store.select("SELECT ?b ?t { ?b :title ?t } VALUES (?b ?t) { (UNDEF 'T1') (:b2 UNDEF) }") ==
        ":b1 \"T1\"\n:b2 \"T2\"\n");
  CHECK(store.select("SELECT * { VALUES () { () () } }") == "\n\n");
  CHECK(store.select("SELECT * { VALUES ?x { } }").empty());
  CHECK(store.select("SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF 2) } VALUES (?x ?y) { (UNDEF 2) (3 4) } }") ==
        "- 2\n1 2\n");
}

TEST_CASE("MINUS") {
  TestStore store(R"(
    :alice :given "Alice" ; :family "Smith" . :bob :given "Bob" ; :family "Jones" . :carol :given "Carol" .
    :a :p 1 ; :q 1 , 2 . :b :p 3.0 ; :q 4.0 , 5.0 .)");

  CHECK(store.select("SELECT DISTINCT ?s { ?s :given ?g MINUS { ?s :given 'Bob' } }") == ":alice\n:carol\n");
  SUBCASE("nothing shared, nothing removed") {
    CHECK(store.select("SELECT ?s { ?s :given ?g MINUS { ?x :family ?y } }") == ":alice\n:bob\n:carol\n");
    CHECK(store.select("SELECT ?s { ?s :given ?g MINUS { :alice :given 'Alice' } }") == ":alice\n:bob\n:carol\n");
    CHECK(store.select("SELECT ?s { ?s :given ?g FILTER NOT EXISTS { ?x :family ?y } }").empty());
  }
  SUBCASE("a FILTER in MINUS does not see the left side") {
    CHECK(store.select("SELECT ?x { ?x :p ?n MINUS { ?x :q ?m . FILTER(?n = ?m) } }") == ":a\n:b\n");
    CHECK(store.select("SELECT ?x { ?x :p ?n FILTER NOT EXISTS { ?x :q ?m . FILTER(?n = ?m) } }") == ":b\n");
  }
  SUBCASE("shared in name but unbound in the row does not count") {
    CHECK(store.select("SELECT ?s { ?s :given ?g OPTIONAL { ?s :family ?f } MINUS { VALUES ?f { 'Smith' } } }") ==
          ":bob\n:carol\n");
    CHECK(store.select("SELECT ?s { ?s :given ?g MINUS { VALUES (?s ?g) { (UNDEF 'Bob') (:carol UNDEF) } } }") ==
          ":alice\n");
    CHECK(store.select("SELECT ?s { ?s :given ?g MINUS { VALUES ?s { UNDEF } } }") == ":alice\n:bob\n:carol\n");
  }
}

TEST_CASE("FILTER") {
  TestStore store(R"(:a :v 1 . :b :v 2 . :c :v "x" . :d :w 1 .)");
  CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(?v > 1) }") == ":b\n");
  SUBCASE("it applies to the whole group wherever it stands") {
    CHECK(store.select("SELECT ?x { FILTER(?v > 1) ?x :v ?v }") == ":b\n");
    CHECK(store.select("SELECT ?x { { FILTER(?v > 1) } ?x :v ?v }").empty());
  }
  SUBCASE("an error is no answer, and a third value under the connectives") {
    CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(?v + 1 = 2 || ?v = 'x') }") == ":a\n:c\n");
    CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(!(?v + 1 = 2 && ?v = 1)) }") == ":b\n:c\n");
    CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(!(?unbound = 1)) }").empty());
  }
  CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(?v IN (2, 3, 'x')) }") == ":b\n:c\n");
  CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(?v NOT IN (2, 3)) }") == ":a\n:c\n");
  CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(?v IN ()) }").empty());
  CHECK(store.select("SELECT ?x { ?x :v|:w ?v FILTER(COALESCE(?v * 2, 0) = 0) }") == ":c\n");
  CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(IF(isNumeric(?v), ?v = 1, true)) }") == ":a\n:c\n");
  CHECK(store.select("SELECT ?x { ?x :v ?v FILTER(:nofunction(?v)) }").empty());
  CHECK(store.select("SELECT ?y { BIND(1 + 2 * 3 - 4 / 2 AS ?y) }") == "5\n");
}

TEST_CASE("EXISTS") {
  TestStore store(R"(:a a :Person ; :name "A" . :b a :Person . :c :knows :a . :d :knows :b .)");
  CHECK(store.select("SELECT ?x { ?x a :Person FILTER EXISTS { ?x :name ?n } }") == ":a\n");
  CHECK(store.select("SELECT ?x { ?x a :Person FILTER NOT EXISTS { ?x :name ?n } }") == ":b\n");
  CHECK(store.select("SELECT ?y { ?y :knows ?x FILTER EXISTS { ?x a :Person FILTER EXISTS { ?x :name ?n } } }") ==
        ":c\n");
  CHECK(store.select("SELECT ?x { VALUES ?x { 1 2 } FILTER EXISTS { FILTER(?x = 1) } }") == "1\n");
  CHECK(store.select("SELECT ?x { VALUES ?x { 1 2 } FILTER EXISTS { VALUES ?x { 2 3 } } }") == "2\n");
  CHECK(store.select("SELECT ?x { VALUES ?x { 1 2 } FILTER EXISTS { BIND(1 + 1 AS ?x) } }") == "2\n");
  CHECK(store.select("SELECT ?x ?e { VALUES ?x { :a :b } BIND(EXISTS { ?x :name ?n } AS ?e) }") ==
        ":a true\n:b false\n");
  SUBCASE("as blank nodes come out of solutions") {
    TestStore nodes(R"([] :p 1 ; :q 2 . [] :p 3 .)");
    CHECK(nodes.select("SELECT ?v { ?x :p ?v FILTER EXISTS { ?x :q ?w } }") == "1\n");
  }
}

// SPARQL 1.2 Query 18.6: every group of the pattern starts from the solution.
TEST_CASE("EXISTS in correlation with a solution") {
  TestStore store(R"(:a a :Person ; :age 30 ; :knows :b, :c . :b a :Person ; :age 40 ; :knows :c . :c :age 20 .)");
  SUBCASE("nested groups, whatever they are") {
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { { ?y :age ?m FILTER(?m > ?n) } } }") == ":a\n:c\n");
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { { FILTER(?n = 20) } UNION { FILTER(?n = 40) } } }") ==
          ":b\n:c\n");
    CHECK(store.select("SELECT ?x { ?x a :Person FILTER EXISTS { ?y :age 20 OPTIONAL { ?x :knows ?z } "
                       "FILTER(?z = :b) } }") == ":a\n");
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { OPTIONAL { ?x :knows :b BIND(?n AS ?m) } "
                       "FILTER(?m = 30) } }") == ":a\n");
  }
  SUBCASE("sub-SELECTs, of variables that they do not project too") {
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { SELECT ?y { ?x :knows ?y } } }") == ":a\n:b\n");
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { { SELECT ?y { ?x :knows ?y } } FILTER(?n < 35) } }") ==
          ":a\n");
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { { SELECT (COUNT(*) AS ?c) { ?x :knows ?y } } "
                       "FILTER(?c = 2) } }") == ":a\n");
  }
  SUBCASE("MINUS shares the solution's variables") {
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { ?x :knows ?y MINUS { ?x :knows :b } } }") == ":b\n");
    CHECK(store.select("SELECT ?x { ?x :age ?n FILTER EXISTS { ?x :knows ?y MINUS { ?z :age 20 } } }").empty());
  }
  SUBCASE("paths start at nodes of the graph") {
    CHECK(store.select("SELECT ?x { VALUES ?x { :b :nowhere } FILTER EXISTS { ?x :knows* ?y } }") == ":b\n");
  }
  SUBCASE("GRAPH") {
    TestStore graphs(R"(:a :in :g . :b :in :h . :g { :a :p 1 } :h { :a :p 2 })");
    CHECK(graphs.select("SELECT ?x { ?x :in ?g FILTER EXISTS { GRAPH ?g { ?x :p ?v } } }") == ":a\n");
  }
}

TEST_CASE("GRAPH and datasets") {
  TestStore store(R"(
    :d :in :default .
    :g1 { :a :p 1 . :s :same 0 } :g2 { :b :p 2 . :s :same 0 . :g2 :self :g2 })");

  CHECK(store.select("SELECT * { ?s ?p ?o }") == ":d :in :default\n");
  CHECK(store.select("SELECT ?s { GRAPH :g1 { ?s :p ?o } }") == ":a\n");
  CHECK(store.select("SELECT ?g ?s { GRAPH ?g { ?s :p ?o } }") == ":g1 :a\n:g2 :b\n");
  CHECK(store.select("SELECT ?g { GRAPH ?g {} }") == ":g1\n:g2\n");
  CHECK(store.select("SELECT ?g { GRAPH ?g { ?g :self ?g } }") == ":g2\n");
  CHECK(store.select("SELECT * { GRAPH :g1 {} }") == "\n");
  CHECK(store.select("SELECT * { GRAPH :g3 {} }").empty());
  CHECK(store.select("SELECT ?g { VALUES ?g { :g2 :g3 } GRAPH ?g { ?s :p ?o } }") == ":g2\n");
  CHECK(store.select("SELECT ?g ?s { GRAPH ?g { ?s :p ?o FILTER EXISTS { ?s :p 1 } } }") == ":g1 :a\n");
  SUBCASE("FROM merges") {
    CHECK(store.select("SELECT * FROM :g1 FROM :g2 { ?s :same ?o }") == ":s 0\n");
    CHECK(store.select("SELECT ?s FROM :g1 FROM :g2 { ?s :p ?o }") == ":a\n:b\n");
    CHECK(store.select("SELECT * FROM :g1 { GRAPH ?g { ?s ?p ?o } }").empty());
    CHECK(store.select("SELECT * FROM :nowhere { ?s ?p ?o }").empty());
  }
  SUBCASE("FROM NAMED chooses") {
    CHECK(store.select("SELECT * FROM NAMED :g2 { GRAPH ?g { ?s :p ?o } }") == ":g2 :b 2\n");
    CHECK(store.select("SELECT * FROM NAMED :g2 { GRAPH :g1 { ?s :p ?o } }").empty());
    CHECK(store.select("SELECT * FROM NAMED :g2 { ?s ?p ?o }").empty());
    CHECK(store.select("SELECT ?s ?g FROM :g1 FROM NAMED :g2 { ?s :p 1 GRAPH ?g { ?x :p 2 } }") == ":a :g2\n");
  }
  SUBCASE("union default graph") {
    store.environment.union_default_graph = true;
    CHECK(store.select("SELECT ?s { ?s :same|:in ?o }") == ":d\n:s\n");
    CHECK(store.select("SELECT * FROM :g1 { ?s :p ?o }") == ":a 1\n");
  }
}

TEST_CASE("triple terms in patterns") {
  TestStore store(R"(
    :r1 rdf:reifies <<( :a :p 1 )>> . :r2 rdf:reifies <<( :b :p <<( :x :q :y )>> )>> . :r1 :by :someone .
    :r3 rdf:reifies <<( :a :p :a )>> .)");

  CHECK(store.select("SELECT ?r { ?r rdf:reifies <<( :a :p 1 )>> }") == ":r1\n");
  CHECK(store.select("SELECT ?r ?s ?o { ?r rdf:reifies <<( ?s :p ?o )>> }") ==
        ":r1 :a 1\n:r2 :b <<( :x :q :y )>>\n:r3 :a :a\n");
  CHECK(store.select("SELECT ?v { ?r rdf:reifies <<( ?s :p <<( :x ?v :y )>> )>> }") == ":q\n");
  CHECK(store.select("SELECT ?s { ?r rdf:reifies <<( ?s :p ?s )>> }") == ":a\n");
  CHECK(store.select("SELECT ?o ?w { << :a :p ?o >> :by ?w }") == "1 :someone\n");
  CHECK(store.select("SELECT ?r { VALUES ?s { :a :b 'no' } ?r rdf:reifies <<( ?s :p 1 )>> }") == ":r1\n");
  CHECK(store.select("SELECT ?t { BIND(TRIPLE(:n, :p, 5) AS ?t) }") == "<<( :n :p 5 )>>\n");
  CHECK(store.select("SELECT ?r { BIND(TRIPLE(:a, :p, 1) AS ?t) ?r rdf:reifies ?t }") == ":r1\n");
}

TEST_CASE("computed terms are the stored ones where they are equal") {
  TestStore store(R"(:a :n "abc" . :b :n "3" .)");
  CHECK(store.select("SELECT ?x { BIND(CONCAT('a', 'bc') AS ?n) ?x :n ?n }") == ":a\n");
  CHECK(store.select("SELECT ?x { BIND(STR(1 + 2) AS ?n) ?x :n ?n }") == ":b\n");
  CHECK(store.select("SELECT ?x { BIND(CONCAT('a', 'b') AS ?n) ?x :n ?n }").empty());
  CHECK(store.select("SELECT ?x ?y { BIND(IRI('http://example/new') AS ?x) BIND(:new AS ?y) FILTER(?x = ?y) }") ==
        ":new :new\n");
}

TEST_CASE("GRAPH ?g whose variable is bound within an OPTIONAL") {
  TestStore store(":g1 { :a :p :g1 . :b :p :c . } :g2 { :d :p :g1 . }");
  CHECK(store.select("SELECT ?g ?s { GRAPH ?g { ?s ?p ?o OPTIONAL { ?s ?p ?g } } }") == ":g1 :a\n");
}

TEST_CASE("MINUS of what selects a variable without binding it") {
  TestStore store(":a :p :b . :c :q :d .");
  CHECK(store.select("SELECT ?x { ?x :p :b MINUS { SELECT ?x ?y { ?y :q :d } } }") == ":a\n");
  CHECK(store.select("SELECT ?x { ?x :p :b MINUS { SELECT DISTINCT ?x ?y { ?y :q ?z } } }") == ":a\n");
}
