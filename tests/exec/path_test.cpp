// Property paths: SPARQL 1.1 Query 9 and 18.4.
#include "tests/exec/support.h"

using akyn::exec::test::TestStore;

TEST_CASE("paths that come apart keep duplicates") {
  TestStore store(R"(
    :a :knows :b , :c . :b :knows :d . :c :knows :d . :d :name "D" . :b :name "B" .)");
  CHECK(store.select("SELECT ?x { :a :knows/:knows ?x }") == ":d\n:d\n");
  CHECK(store.select("SELECT ?n { :a :knows/:name ?n }") == "\"B\"\n");
  CHECK(store.select("SELECT ?x { ?x ^:knows :a }") == ":b\n:c\n");
  CHECK(store.select("SELECT ?x { :d ^:knows/^:knows ?x }") == ":a\n:a\n");
  CHECK(store.select("SELECT ?x { :d ^(:knows/:knows) ?x }") == ":a\n:a\n");
  CHECK(store.select("SELECT ?v { :b :name|:knows ?v }") == "\"B\"\n:d\n");
  CHECK(store.select("SELECT ?v { :b :name|:name ?v }") == "\"B\"\n\"B\"\n");
  CHECK(store.select("SELECT * { :a :knows/:knows :d }") == "\n\n");
}

TEST_CASE("repetition gives distinct nodes") {
  TestStore store(R"(:a :p :b . :b :p :c . :c :p :a . :c :p :d . :x :q :y . :a :p2 :c .)");
  CHECK(store.select("SELECT ?x { :a :p+ ?x }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { :a :p* ?x }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { :b :p? ?x }") == ":b\n:c\n");
  CHECK(store.select("SELECT ?x { ?x :p+ :d }") == ":a\n:b\n:c\n");
  CHECK(store.select("SELECT ?x { ?x :p* :d }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { :a (:p|:p2)+ ?x }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { :a (:p/:p)+ ?x }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { ?x (:p/:p)+ :b }") == ":a\n:b\n:c\n");
  CHECK(store.select("SELECT ?x { :c (^:p)* ?x }") == ":a\n:b\n:c\n");
  CHECK(store.select("SELECT ?x { :a ((:p)*)* ?x }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { :a (:p?)+ ?x }") == ":a\n:b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { ?x :p+ ?x }") == ":a\n:b\n:c\n");
  CHECK(store.select("SELECT ?x ?y { ?x :q* ?y FILTER(?x = :x || ?y = :y) }") == ":x :x\n:x :y\n:y :y\n");
  CHECK(store.ask("ASK { :a :p+ :d }"));
  CHECK_FALSE(store.ask("ASK { :d :p+ :a }"));
}

TEST_CASE("paths of length zero") {
  TestStore store(R"(:a :p :b . :g { :n :p :m })");
  SUBCASE("a constant reaches itself, in the data or not") {
    CHECK(store.select("SELECT ?x { :nowhere :p* ?x }") == ":nowhere\n");
    CHECK(store.select("SELECT ?x { ?x :p? 'text' }") == "\"text\"\n");
    CHECK(store.ask("ASK { :nowhere :p* :nowhere }"));
    CHECK_FALSE(store.ask("ASK { :nowhere :p+ :nowhere }"));
  }
  SUBCASE("two variables range over the nodes of the graph") {
    CHECK(store.select("SELECT ?x ?y { ?x :p* ?y }") == ":a :a\n:a :b\n:b :b\n");
    CHECK(store.select("SELECT ?x ?y { ?x :p? ?y }") == ":a :a\n:a :b\n:b :b\n");
    CHECK(store.select("SELECT ?x ?y { VALUES ?x { :a :nowhere } ?x :p* ?y }") == ":a :a\n:a :b\n");
    CHECK(store.select("SELECT ?x ?y { VALUES (?x ?y) { (:a :a) (:n :n) } ?x :p* ?y }") == ":a :a\n");
    CHECK(store.select("SELECT ?x ?y { VALUES ?x { :a :nowhere } ?x (:p?)+ ?y }") == ":a :a\n:a :b\n");
    CHECK(store.select("SELECT ?x { GRAPH :g { ?x :p* ?y } }") == ":m\n:n\n:n\n");
  }
}

TEST_CASE("negated property sets") {
  TestStore store(R"(:a :p :b ; :q :c . :d :r :a . :a :s :b .)");
  CHECK(store.select("SELECT ?x { :a !:p ?x }") == ":b\n:c\n");
  CHECK(store.select("SELECT ?x { :a !(:p|:q) ?x }") == ":b\n");
  CHECK(store.select("SELECT ?x { :a !^:q ?x }") == ":d\n");
  CHECK(store.select("SELECT ?x { :a !(:p|^:q) ?x }") == ":b\n:c\n:d\n");
  CHECK(store.select("SELECT ?x { :d !(:p)+ ?x }") == ":a\n:b\n:c\n");
  CHECK(store.select("SELECT ?x ?y { ?x !(:p|:q|:s) ?y }") == ":d :a\n");
}

TEST_CASE("paths join with what is around them") {
  TestStore store(R"(
    :a :sub :b . :b :sub :c . :i a :a . :j a :c . :c :label "C" .
    :l :first 1 ; :rest :l2 . :l2 :first 2 ; :rest :nil .)");
  CHECK(store.select("SELECT ?i { ?i a/:sub* :c }") == ":i\n:j\n");
  CHECK(store.select("SELECT ?i ?n { ?i a/:sub*/:label ?n }") == ":i \"C\"\n:j \"C\"\n");
  CHECK(store.select("SELECT ?e { :l :rest*/:first ?e }") == "1\n2\n");
  CHECK(store.select("SELECT ?x ?n { ?x :sub ?y OPTIONAL { ?y :sub*/:label ?n } }") == ":a \"C\"\n:b \"C\"\n");
  CHECK(store.select("SELECT ?x { ?x :sub ?y FILTER NOT EXISTS { ?y :sub+ ?z } }") == ":b\n");
  CHECK(store.select("SELECT ?x { ?x :sub ?y MINUS { ?y :sub+ :c } }") == ":b\n");
}

TEST_CASE("a diamond of diamonds does not blow up") {
  std::string data;
  for (int i = 0; i < 40; ++i) {
    const std::string from = ":n" + std::to_string(i);
    const std::string to = ":n" + std::to_string(i + 1);
    data += from + " :p " + from + "l , " + from + "r . " + from + "l :p " + to + " . " + from + "r :p " + to + " .\n";
  }
  TestStore store(data);
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { :n0 :p+ ?x }") == "120\n");
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { :n0 (:p/:p)+ ?x }") == "40\n");
}
