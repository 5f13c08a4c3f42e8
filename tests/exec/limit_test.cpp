// Time, cancellation, memory, and texts that nest or stretch far.
#include <atomic>

#include "tests/exec/support.h"

using akyn::ErrorCode;
using akyn::exec::evaluate_select;
using akyn::exec::test::error_of;
using akyn::exec::test::TestStore;
using akyn::exec::test::text_of;
using akyn::exec::test::translated;
using akyn::runtime::LocalTerms;
using akyn::runtime::Solutions;

namespace {

std::string numbers(int count) {
  std::string data;
  for (int i = 0; i < count; ++i) data += ":s" + std::to_string(i) + " :p " + std::to_string(i) + " .\n";
  return data;
}

template <class Action>
ErrorCode code_of(Action action) {
  try {
    action();
  } catch (const akyn::Error& error) {
    return error.code();
  }
  FAIL("no error");
  return ErrorCode::internal;
}

std::string repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("limits stop a query") {
  TestStore store(numbers(300));
  const auto run = [&] {
    (void)store.select("SELECT (COUNT(*) AS ?n) { ?a :p ?x . ?b :p ?y . ?c :p ?z . ?d :p ?w FILTER(?x < ?y) }");
  };
  SUBCASE("deadline") {
    store.environment.limits.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
    CHECK(code_of(run) == ErrorCode::timeout);
  }
  SUBCASE("a deadline that has passed stops even the smallest") {
    store.environment.limits.deadline = std::chrono::steady_clock::now();
    CHECK(code_of([&] { (void)store.ask("ASK {}"); }) == ErrorCode::timeout);
  }
  SUBCASE("cancellation") {
    const std::atomic<bool> cancelled = true;
    store.environment.limits.cancelled = &cancelled;
    CHECK(code_of(run) == ErrorCode::cancelled);
  }
  SUBCASE("memory") {
    store.environment.limits.max_bytes = 1 << 20;
    CHECK(code_of(run) == ErrorCode::limit);
    CHECK(code_of([&] {
            (void)store.select(
                "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?a :p ?x . ?b :p ?y BIND(CONCAT(STR(?x), ' ', STR(?y)) AS ?s) }");
          }) == ErrorCode::limit);
  }
  SUBCASE("memory for what EXISTS has found out, which is forgotten before there is none left") {
    TestStore few(numbers(60));
    few.environment.limits.max_bytes = 128 << 10;
    LocalTerms terms = few.terms();
    const Solutions counted = evaluate_select(
        translated("SELECT (COUNT(*) AS ?n) { ?a :p ?x . ?b :p ?y "
                   "FILTER(?x = ?y || EXISTS { { SELECT ?x ?y { ?c :p ?x . ?d :p ?y FILTER(?x < ?y) } } }) }"),
        terms, few.environment);
    CHECK(text_of(terms.term(counted.row(0)[0])) == "1830");
  }
  SUBCASE("memory, for a single value that grows") {
    store.environment.limits.max_bytes = 1 << 20;
    std::string doublings;
    for (int i = 0; i < 40; ++i) {
      doublings +=
          "BIND(CONCAT(?v" + std::to_string(i) + ", ?v" + std::to_string(i) + ") AS ?v" + std::to_string(i + 1) + ") ";
    }
    CHECK(code_of([&] { (void)store.select("SELECT ?v40 { BIND('x' AS ?v0) " + doublings + "}"); }) ==
          ErrorCode::limit);
    CHECK(code_of([&] {
            (void)store.ask("ASK { FILTER(STRLEN(REPLACE('" + std::string(2000, 'x') + "', 'x', '" +
                            std::string(2000, 'y') + "')) > 0) }");
          }) == ErrorCode::limit);
    const std::string half = "CONCAT(" + repeat("?x, ", 299) + "?x)";  // each fits, but not several at once
    CHECK(code_of([&] {
            (void)store.ask("ASK { BIND('" + std::string(2000, 'x') + "' AS ?x) FILTER(STRLEN(" + half +
                            ") > 0 && CONTAINS(" + half + ", " + half + ")) }");
          }) == ErrorCode::limit);
    CHECK(code_of([&] {
            (void)store.select("SELECT ?s { BIND('" + std::string(2000, 'x') + "' AS ?x) ?s :p ?o } ORDER BY CONCAT(" +
                               repeat("?x, ", 9) + "STR(?o))");
          }) == ErrorCode::limit);
  }
  SUBCASE("rows") {
    store.environment.limits.max_rows = 300;
    CHECK(store.ask("ASK { ?a :p ?x . ?b :p ?y }"));
    CHECK_FALSE(store.select("SELECT ?x { ?a :p ?x }").empty());
    CHECK(error_of([&] { (void)store.select("SELECT ?x { ?a :p ?x . ?b :p ?y }"); }) ==
          "the answer has more than its limit of 300 rows");
    CHECK(error_of([&] { (void)store.graph("CONSTRUCT { ?a :q ?y } { ?a :p ?x . ?b :p ?y }"); }) ==
          "the answer has more than its limit of 300 triples");
    CHECK(error_of([&] { (void)store.graph("DESCRIBE ?a ?b { ?a :p ?x BIND(:s1 AS ?b) }"); }) == "no error");
  }
  SUBCASE("memory is given back") {
    store.environment.limits.max_bytes = 12 << 20;
    CHECK(store.select("SELECT (COUNT(*) AS ?n) { " +
                       repeat("{ SELECT (COUNT(*) AS ?c) { ?a :p ?x . ?b :p ?y } } ", 8) + "}") == "1\n");
  }
}

// Operators one upon the other. ThreadSanitizer keeps the stack of every allocation, whole.
#ifdef __SANITIZE_THREAD__
constexpr int kStacked = 500;
#else
constexpr int kStacked = 5000;
#endif

TEST_CASE("long and deep queries") {
  TestStore store(R"(:a :p :a .)");
  SUBCASE("many triples") {
    CHECK(store.ask("ASK { " + repeat("?x :p ?x . ", 3000) + "}"));
  }
  SUBCASE("many OPTIONALs") {
    CHECK(store.ask("ASK { ?x :p ?y " + repeat("OPTIONAL { ?x :p ?y } ", kStacked) + "}"));
  }
  SUBCASE("too many operators") {
    const std::string text = "ASK { ?x :p ?y " + repeat("OPTIONAL { ?x :p ?y } ", 20'000) + "}";
    CHECK(error_of([&] { (void)store.ask(text); }) == "the query has more than 8000 operators one upon the other");
  }
  SUBCASE("alternating") {
    CHECK(store.ask("ASK { " + repeat("?x :p ?y OPTIONAL { ?x :p ?y } ", kStacked / 2) + "}"));
  }
  SUBCASE("many groups") {
    CHECK(store.ask("ASK { " + repeat("{ ?x :p ?y } ", 3000) + "}"));
  }
  SUBCASE("many MINUS") {
    CHECK(store.ask("ASK { ?x :p ?y " + repeat("MINUS { ?x :q ?y } ", kStacked) + "}"));
  }
  SUBCASE("many UNIONs") {
    CHECK(store.ask("ASK { {} " + repeat("UNION {} ", 3000) + "}"));
  }
  SUBCASE("long sum") {
    CHECK(store.ask("ASK { FILTER(100001 = 1" + repeat(" + 1", 100'000) + ") }"));
    CHECK(store.ask("ASK { FILTER(-200000 = 0" + repeat(" -1*2", 100'000) + ") }"));
    CHECK(store.ask("ASK { FILTER(1 = 1" + repeat(" * 1 / 1", 50'000) + ") }"));
  }
  SUBCASE("long disjunction") {
    CHECK(store.ask("ASK { FILTER(false" + repeat(" || false", 100'000) + " || true) }"));
    CHECK_FALSE(store.ask("ASK { FILTER(true" + repeat(" && true", 100'000) + " && false) }"));
    CHECK(store.ask("ASK { ?x :p ?y FILTER(?x = :b" + repeat(" || ?x = :c", 5000) + " || ?x = :a) }"));
  }
  SUBCASE("many arguments") {
    CHECK(store.ask("ASK { FILTER(STRLEN(CONCAT('a'" + repeat(", 'b'", 100'000) + ")) = 100001) }"));
    CHECK(store.ask("ASK { FILTER(COALESCE(?none" + repeat(", ?none", 100'000) + ", true)) }"));
    CHECK(store.ask("ASK { FILTER(2 IN (1" + repeat(", 1", 100'000) + ", 2)) }"));
  }
  SUBCASE("long EXISTS") {
    CHECK(store.ask("ASK { FILTER EXISTS { ?x :p ?y " + repeat("OPTIONAL { ?x :p ?y } ", kStacked) + "} }"));
  }
  SUBCASE("deep groups") {
    CHECK(store.ask("ASK " + repeat("{", 500) + "?x :p ?y" + repeat("}", 500)));
  }
  SUBCASE("deep OPTIONALs") {
    CHECK(store.ask("ASK { ?x :p ?y " + repeat("OPTIONAL { ?x :p ?y ", 500) + repeat("}", 500) + "}"));
  }
  SUBCASE("deep EXISTS") {
    CHECK(store.ask("ASK { ?x :p ?y " + repeat("FILTER EXISTS { ?x :p ?y ", 300) + repeat("}", 300) + "}"));
  }
  SUBCASE("deep brackets") {
    CHECK(store.ask("ASK { FILTER(" + repeat("(", 500) + "true" + repeat(")", 500) + ") }"));
  }
  SUBCASE("deep negation") {
    CHECK(store.ask("ASK { FILTER(" + repeat("!", 500) + "true) }"));
  }
}
