// ASK, CONSTRUCT and DESCRIBE: SPARQL 1.1 Query 16.
#include "tests/exec/support.h"

using akyn::exec::test::TestStore;

TEST_CASE("ASK") {
  TestStore store(R"(:a :name "Alice" .)");
  CHECK(store.ask("ASK { ?x :name 'Alice' }"));
  CHECK_FALSE(store.ask("ASK { ?x :name 'Bob' }"));
  CHECK(store.ask("ASK {}"));
  CHECK(store.ask("ASK { FILTER NOT EXISTS { ?x :name 'Bob' } }"));
}

TEST_CASE("CONSTRUCT") {
  TestStore store(R"(:a :name "Alice" ; :age 9 . :b :name "Bob" . [] :name "Nobody" .)");
  CHECK(store.graph("CONSTRUCT { ?x :label ?n } { ?x :name ?n }") ==
        ":a :label \"Alice\"\n:b :label \"Bob\"\n_ :label \"Nobody\"\n");
  CHECK(store.graph("CONSTRUCT WHERE { ?x :age ?n }") == ":a :age 9\n");
  SUBCASE("the same triple once") {
    CHECK(store.graph("CONSTRUCT { :s :p :o } { ?x :name ?n }") == ":s :p :o\n");
  }
  SUBCASE("blank nodes of the template are new for each solution, and one within it") {
    CHECK(store.graph("CONSTRUCT { _:v :of ?x . _:v :is ?n } { ?x :name ?n FILTER(isIRI(?x)) }") ==
          "_ :is \"Alice\"\n_ :is \"Bob\"\n_ :of :a\n_ :of :b\n");
  }
  SUBCASE("what is no triple is left out") {
    CHECK(store.graph("CONSTRUCT { ?n :of ?x . ?x ?n :y . ?x :age ?a } { ?x :name ?n OPTIONAL { ?x :age ?a } }") ==
          ":a :age 9\n");
  }
  SUBCASE("triple terms") {
    CHECK(store.graph("CONSTRUCT { [] rdf:reifies <<( ?x :age ?a )>> } { ?x :age ?a }") ==
          "_ rdf:reifies <<( :a :age 9 )>>\n");
    CHECK(store.graph("CONSTRUCT { :r rdf:reifies <<( ?n :age ?a )>> } { ?x :age ?a ; :name ?n }").empty());
  }
  SUBCASE("modifiers") {
    CHECK(store.graph("CONSTRUCT { :top :is ?n } { ?x :name ?n } ORDER BY DESC(?n) LIMIT 1") ==
          ":top :is \"Nobody\"\n");
  }
}

TEST_CASE("DESCRIBE") {
  TestStore store(R"(
    :a :name "Alice" ; :address [ :city :osh ; :geo [ :lat 40 ] ] ; :knows :b {| :since 2020 |} .
    :b :name "Bob" . :osh :in :kg . :g { :a :seen :here })");
  CHECK(store.graph("DESCRIBE :b") == ":b :name \"Bob\"\n");
  CHECK(store.graph("DESCRIBE :a") ==
        ":a :address _\n:a :knows :b\n:a :name \"Alice\"\n:a :seen :here\n_ :city :osh\n_ :geo _\n_ :lat 40\n"
        "_ :since 2020\n_ rdf:reifies <<( :a :knows :b )>>\n");
  CHECK(store.graph("DESCRIBE ?x { ?x :name 'Bob' }") == ":b :name \"Bob\"\n");
  CHECK(store.graph("DESCRIBE * { ?x :name 'Bob' }") == ":b :name \"Bob\"\n");
  CHECK(store.graph("DESCRIBE :nothing").empty());
  CHECK(store.graph("DESCRIBE :a FROM :g") == ":a :seen :here\n");
}
