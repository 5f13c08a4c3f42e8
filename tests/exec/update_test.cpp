// SPARQL 1.1 Update.
#include "tests/exec/support.h"

using akyn::exec::test::error_of;
using akyn::exec::test::TestStore;

TEST_CASE("INSERT DATA and DELETE DATA") {
  TestStore store;
  store.update("INSERT DATA { :a :p 1 , 2 . GRAPH :g { :a :p 3 } }");
  CHECK(store.quads() == ":a :p 1\n:a :p 2\n:a :p 3 :g\n");
  store.update("DELETE DATA { :a :p 1 , 9 . :nobody :nothing :never . GRAPH :g { :a :p 3 } }");
  CHECK(store.quads() == ":a :p 2\n");
  SUBCASE("labels are new nodes, once per request") {
    store.update("INSERT DATA { _:x :q 1 . GRAPH :g { _:x :q 1 } } ; INSERT DATA { _:y :q 1 }");
    store.update("INSERT DATA { _:x :q 1 }");
    CHECK(store.select("SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x :q 1 }") == "3\n");
    CHECK(store.select("SELECT ?y { ?x :q 1 GRAPH :g { ?x :q ?y } }") == "1\n");
  }
  SUBCASE("triple terms") {
    store.update("INSERT DATA { :r rdf:reifies <<( :a :p 2 )>> . _:r rdf:reifies <<( _:b :p 2 )>> . _:b :q 1 }");
    CHECK(store.select("SELECT ?x ?v { ?r rdf:reifies <<( ?x :p ?v )>> . ?x :q|:p ?w }") == ":a 2\n_ 2\n");
    store.update("DELETE DATA { :r rdf:reifies <<( :a :p 2 )>> }");
    CHECK_FALSE(store.ask("ASK { :r rdf:reifies ?t }"));
  }
}

TEST_CASE("DELETE and INSERT with WHERE") {
  TestStore store(R"(:a :name "Bill" ; :age 3 . :b :name "Ann" . :g1 { :a :name "Bill" . :c :name "Cy" })");
  SUBCASE("both templates see the old state, deletes go first") {
    store.update("DELETE { ?x :name ?n } INSERT { ?x :label ?n . ?x :name 'Ann' } WHERE { ?x :name ?n }");
    CHECK(
        store.quads() ==
        ":a :age 3\n:a :label \"Bill\"\n:a :name \"Ann\"\n:a :name \"Bill\" :g1\n:b :label \"Ann\"\n:b :name \"Ann\"\n"
        ":c :name \"Cy\" :g1\n");
  }
  SUBCASE("WITH") {
    store.update(
        "WITH :g1 DELETE { ?x :name ?n } INSERT { ?x :was ?n . GRAPH :g2 { ?x :from :g1 } } WHERE { ?x :name ?n }");
    CHECK(store.quads() ==
          ":a :age 3\n:a :from :g1 :g2\n:a :name \"Bill\"\n:a :was \"Bill\" :g1\n:b :name \"Ann\"\n"
          ":c :from :g1 :g2\n:c :was \"Cy\" :g1\n");
  }
  SUBCASE("USING is the dataset of WHERE, not of the templates") {
    store.update("WITH :g9 INSERT { ?x :seen true } USING :g1 WHERE { ?x :name ?n }");
    CHECK(store.select("SELECT ?x { GRAPH :g9 { ?x :seen true } }") == ":a\n:c\n");
    store.update("INSERT { GRAPH ?g { ?x :copied true } } USING NAMED :g1 WHERE { GRAPH ?g { ?x :name 'Cy' } }");
    CHECK(store.select("SELECT ?x ?g { GRAPH ?g { ?x :copied true } }") == ":c :g1\n");
  }
  SUBCASE("DELETE WHERE") {
    store.update("DELETE WHERE { ?x :name ?n . GRAPH :g1 { ?x :name ?n } }");
    CHECK(store.quads() == ":a :age 3\n:b :name \"Ann\"\n:c :name \"Cy\" :g1\n");
    store.update("DELETE WHERE { ?x ?p ?o . GRAPH :g9 {} }");
    CHECK(store.quads() == ":a :age 3\n:b :name \"Ann\"\n:c :name \"Cy\" :g1\n");
    store.update("DELETE WHERE { ?x :age ?o . GRAPH :g1 {} }");
    CHECK(store.quads() == ":b :name \"Ann\"\n:c :name \"Cy\" :g1\n");
  }
  SUBCASE("what is unbound or no quad is left out") {
    store.update(
        "INSERT { ?x :copy ?age . ?n :of ?x . GRAPH ?n { :in :no :graph } } WHERE { ?x :name ?n OPTIONAL { ?x :age "
        "?age } }");
    CHECK(store.select("SELECT * { ?x :copy|:of ?y }") == ":a 3\n");
    CHECK_FALSE(store.ask("ASK { GRAPH ?g { :in :no :graph } }"));
  }
  SUBCASE("blank nodes are new for each solution") {
    store.update("INSERT { _:n :for ?x ; :says [ :text ?n ] } WHERE { ?x :name ?n }");
    CHECK(store.select("SELECT ?x ?t { ?y :for ?x ; :says/:text ?t }") == ":a \"Bill\"\n:b \"Ann\"\n");
    CHECK(store.select("SELECT (COUNT(DISTINCT ?y) AS ?n) { ?y :for ?x }") == "2\n");
  }
  SUBCASE("computed terms and nodes are stored") {
    store.update(
        "INSERT { ?x :upper ?u ; :node ?b . ?b :t ?t } WHERE { ?x :name ?n BIND(UCASE(?n) AS ?u) BIND(BNODE() AS ?b) "
        "BIND(TRIPLE(?b, :p, ?u) AS ?t) }");
    CHECK(store.select("SELECT ?x ?u { ?x :upper ?u ; :node ?b . ?b :t <<( ?b :p ?u )>> }") ==
          ":a \"BILL\"\n:b \"ANN\"\n");
  }
  SUBCASE("stored nodes stay the same") {
    store.update("INSERT DATA { [] :k 1 }");
    store.update("INSERT { ?x :k 2 } WHERE { ?x :k 1 }");
    CHECK(store.ask("ASK { ?x :k 1 , 2 }"));
    store.update("DELETE { ?x :k ?v } WHERE { ?x :k ?v }");
    CHECK_FALSE(store.ask("ASK { ?x :k ?v }"));
  }
}

TEST_CASE("managing graphs") {
  TestStore store(R"(:d :p 0 . :g1 { :a :p 1 } :g2 { :b :p 2 })");
  SUBCASE("CLEAR and DROP") {
    store.update("CLEAR GRAPH :g1");
    CHECK(store.quads() == ":b :p 2 :g2\n:d :p 0\n");
    store.update("DROP DEFAULT");
    CHECK(store.quads() == ":b :p 2 :g2\n");
    store.update("INSERT DATA { :d :p 0 } ; CLEAR NAMED");
    CHECK(store.quads() == ":d :p 0\n");
    store.update("DROP ALL");
    CHECK(store.quads().empty());
  }
  SUBCASE("CLEAR and DROP of a graph that has nothing") {
    store.update(
        "CREATE GRAPH :g9 ; CLEAR GRAPH :g9 ; DROP GRAPH :g9 ; DROP GRAPH :g9 ; CLEAR GRAPH :g1 ; DROP GRAPH :g1");
    CHECK(store.quads() == ":b :p 2 :g2\n:d :p 0\n");
  }
  SUBCASE("COPY, MOVE, ADD") {
    store.update("ADD :g1 TO :g2");
    CHECK(store.quads() == ":a :p 1 :g1\n:a :p 1 :g2\n:b :p 2 :g2\n:d :p 0\n");
    store.update("MOVE :g1 TO DEFAULT");
    CHECK(store.quads() == ":a :p 1\n:a :p 1 :g2\n:b :p 2 :g2\n");
    store.update("COPY DEFAULT TO :g3");
    CHECK(store.quads() == ":a :p 1\n:a :p 1 :g2\n:a :p 1 :g3\n:b :p 2 :g2\n");
    store.update("COPY :g2 TO :g2 ; MOVE :g3 TO :g3");
    CHECK(store.quads() == ":a :p 1\n:a :p 1 :g2\n:a :p 1 :g3\n:b :p 2 :g2\n");
  }
  SUBCASE("failures, and their silence") {
    const auto error = [&](std::string_view request) { return error_of([&] { store.update(request); }); };
    CHECK(error("CREATE GRAPH :g1") == "the graph <http://example/g1> exists already");
    CHECK(error("MOVE :g9 TO :g1") == "there is no graph <http://example/g9>");
    CHECK(error("COPY :g9 TO :g1") == "there is no graph <http://example/g9>");
    CHECK(error("LOAD :somewhere") ==
          "LOAD <http://example/somewhere>: reading from the network is switched off (allow_load_urls)");
    CHECK(error("LOAD <file:///etc/passwd>") ==
          "LOAD <file:///etc/passwd>: reading files is switched off (allow_load_files)");
    CHECK(error("LOAD <ftp://example/x>") == "LOAD <ftp://example/x>: only file:, http: and https: IRIs can be read");
    store.update(
        "CREATE SILENT GRAPH :g1 ; COPY SILENT :g9 TO :g1 ; MOVE SILENT :g9 TO :g2 ; "
        "LOAD SILENT :somewhere ; CREATE GRAPH :g9");
    CHECK(store.quads() == ":a :p 1 :g1\n:b :p 2 :g2\n:d :p 0\n");
  }
}

TEST_CASE("what an update inserts is nothing that its WHERE finds") {
  TestStore store;
  std::string data = "INSERT DATA { ";
  for (int i = 0; i < 20'000; ++i) data += ":n" + std::to_string(i) + " :next :n" + std::to_string(i + 1) + " . ";
  store.update(data + "}");
  SUBCASE("edges of edges, and no more") {
    store.update("INSERT { ?x :next ?z } WHERE { ?x :next ?y . ?y :next ?z }");
    CHECK(store.select("SELECT (COUNT(*) AS ?n) { ?x :next ?y }") == "39999\n");
  }
  SUBCASE("computed terms are one term, whenever they come") {
    store.update(
        "INSERT { ?x :label ?l . :all :has ?l } WHERE { ?x :next ?y "
        "BIND(CONCAT('label ', STR(STRLEN(STR(?x)))) AS ?l) FILTER NOT EXISTS { :all :has ?l } }");
    CHECK(store.select("SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?l) AS ?d) { ?x :label ?l }") == "20000 5\n");
    CHECK(store.select("SELECT (COUNT(?l) AS ?n) { :all :has ?l }") == "5\n");
  }
  SUBCASE("what goes is found to the end") {
    store.update("DELETE { ?x :next ?y } INSERT { ?y :next ?x } WHERE { ?x :next ?y }");
    CHECK(store.select("SELECT (COUNT(*) AS ?n) { ?x :next ?y }") == "20000\n");
    CHECK(store.ask("ASK { :n1 :next :n0 . :n20000 :next :n19999 }"));
    store.update("DELETE WHERE { ?x :next ?y . ?y :next ?z }");
    CHECK(store.quads().empty());
  }
  SUBCASE("equal solutions make nodes of their own") {
    store.update("DELETE { ?x :next ?y } INSERT { [] :of ?p } WHERE { ?x ?p ?y FILTER(?y IN (:n1, :n2, :n3)) }");
    CHECK(store.select("SELECT (COUNT(DISTINCT ?b) AS ?n) { ?b :of :next }") == "3\n");
    CHECK(store.select("SELECT (COUNT(*) AS ?n) { ?x :next ?y }") == "19997\n");
  }
  SUBCASE("one operation after the other") {
    store.update(
        "INSERT { ?x :a ?y } WHERE { ?x :next ?y } ; INSERT { ?x :b ?y } WHERE { ?x :a ?y } ; DELETE WHERE { ?x :a ?y "
        "}");
    CHECK(store.select("SELECT ?p (COUNT(*) AS ?n) { ?x ?p ?y } GROUP BY ?p ORDER BY ?p") == ":b 20000\n:next 20000\n");
  }
}

TEST_CASE("a request is one unit") {
  TestStore store(R"(:a :p 1 .)");
  SUBCASE("operations see those before them") {
    store.update("INSERT DATA { :b :p 2 } ; INSERT { ?x :q ?v } WHERE { ?x :p ?v } ; DELETE DATA { :a :p 1 }");
    CHECK(store.quads() == ":a :q 1\n:b :p 2\n:b :q 2\n");
  }
  SUBCASE("one that fails undoes all") {
    CHECK(error_of([&] { store.update("INSERT DATA { :c :p 3 } ; LOAD <urn:x>"); }) ==
          "LOAD <urn:x>: only file:, http: and https: IRIs can be read");
    CHECK(store.quads() == ":a :p 1\n");
  }
}
