// PATH and UNNEST: the engine against the oracle, over random graphs and clauses. What they mean is
// tests/akt/path_clauses.akt's. AKYN_PATH_CASES sets the number of clauses, AKYN_PATH_SEED where they begin.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "tests/exec/support.h"

namespace akyn::exec::test {

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Clauses {
 public:
  explicit Clauses(std::uint64_t seed) : random_(seed) {}

  // Self-loops and parallel predicates among them; weights, and a second graph.
  std::string data() {
    std::string text;
    const std::uint64_t triples = 4 + below(7);
    for (std::uint64_t i = 0; i < triples; ++i) text += node() + ' ' + predicate() + ' ' + node() + " . ";
    text += ":n0 :w 1 . :n1 :w 2 . :n2 :w 0.5 . ";
    text += ":g { ";
    for (std::uint64_t i = 0; i < 4; ++i) text += node() + ' ' + predicate() + ' ' + node() + " . ";
    return text + "}";
  }

  std::string query() {
    const std::string selector = choose({"", "ALL SHORTEST", "ANY SHORTEST", "SHORTEST 2", "SHORTEST 3 GROUPS", "ANY",
                                         "ANY 2", "ALL", "ANY CHEAPEST", "ALL CHEAPEST", "CHEAPEST 3"});
    const std::string mode = choose({"", "WALK", "TRAIL", "ACYCLIC", "SIMPLE"});
    const std::string path = expression();
    const std::string from = choose({":n0", ":n1", "?x", "?x", ":nowhere"});
    const std::string to = choose({":n2", ":n3", "?y", "?y", "?x"});
    std::string clause = "PATH ?p = " + selector + ' ' + mode + " (" + from + ' ' + path + ' ' + to + ")";
    if (below(4) == 0) clause += " MIN LENGTH " + std::to_string(below(3));
    if (below(3) == 0 || selector == "ALL" || (selector.empty() && mode == "WALK")) {
      clause += " MAX LENGTH " + std::to_string(2 + below(2));
    }
    if (below(5) == 0) clause += " INNER ?n FILTER(?n != :n" + std::to_string(below(4)) + ")";
    switch (below(8)) {
      case 0:
        clause = "GRAPH ?g { " + clause + " }";
        break;
      case 1:
        clause = "GRAPH :g { " + clause + " }";
        break;
      case 2:
        clause = "?x :p ?z " + clause;
        break;
      case 3:
        clause = "?x :p ?z OPTIONAL { " + clause + " }";
        break;
      case 4:
        clause = "VALUES ?y { :n1 :n2 :n3 } " + clause;
        break;
      case 5:
        clause = "?x :p ?y FILTER " + choose({"", "NOT "}) + "EXISTS { " + clause + " }";
        break;
      default:
        break;
    }
    // Of what may be any path only what is the same of all of them.
    const bool any = selector.find("ANY") != std::string::npos || selector == "SHORTEST 2" ||
                     selector == "CHEAPEST 3" || (selector.empty() && mode.empty());
    const bool cheapest = selector.find("CHEAPEST") != std::string::npos;
    const bool plain_any = selector == "ANY" || selector == "ANY 2";
    const std::string asked = !any        ? "?p"
                              : plain_any ? ""
                              : cheapest  ? "(path:cost(?p) AS ?c)"
                                          : "(path:length(?p) AS ?l)";
    if (!any && below(4) == 0 && clause.find("EXISTS") == std::string::npos) {
      return "PREFIX path: <urn:akyn:path#> SELECT ?i ?f ?e ?t { " + clause + " UNNEST(?p AS ?i ?f ?e ?t) }";
    }
    return "PREFIX path: <urn:akyn:path#> SELECT ?x ?y " + asked + " { " + clause + " }";
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  std::string choose(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }
  std::string node() { return ":n" + std::to_string(below(5)); }
  std::string predicate() { return choose({":p", ":q"}); }

  std::string expression() {
    static const std::string kStep = "(STEP :s (?a ?b) { ?a :p ?m . ?m :q ?b })";
    static const std::string kCost = "(STEP :c (?a ?b) COST (?w) { ?a :p ?b ; :w ?w })";
    return choose({":p+", ":p*", "(:p|:q)+", "(~:p)+", "~:p", ":p{1,3}", "(:p/:q)+", "(^:p|:q)*", "(~!(:w))+",
                   kStep + "+", "(" + kCost + "|:q)+", "(:p|" + kStep + "){1,2}", "^" + kStep, ":p{2}/:q?"});
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("random PATH clauses have the oracle's answers") {
  const std::uint64_t cases = number_from("AKYN_PATH_CASES", 1'000);
  const std::uint64_t first = number_from("AKYN_PATH_SEED", 1);
  constexpr std::uint64_t kClausesPerGraph = 20;
  for (std::uint64_t graph = 0; graph * kClausesPerGraph < cases; ++graph) {
    Clauses clauses(first + graph);
    const std::string data = clauses.data();
    CAPTURE(data);
    TestStore store(data);
    for (std::uint64_t i = 0; i < kClausesPerGraph; ++i) {
      const std::string query = clauses.query();
      CAPTURE(query);
      // Asks the engine, with and without its optimizer, and the oracle; they must agree.
      CHECK_NOTHROW((void)store.select(query));
    }
  }
}

TEST_CASE("a path that is not looked at is not put together, and counts all the same") {
  TestStore store(":a :p :b , :c . :b :p :d . :c :p :d .");
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { PATH ?p = ALL SHORTEST (:a :p+ :d) }") == "2\n");
  CHECK(store.select("SELECT (COUNT(*) AS ?n) { PATH ?p = (:a :p+ ?x) }") == "3\n");
}

TEST_CASE("parameters reach STEP and INNER") {
  TestStore store(":a :p :b , :c . :b :p :d . :c :p :d . :e1 :k :a ; :l :d ; :y 1 . :e2 :k :b ; :l :d ; :y 2 .");
  const std::string inner =
      "SELECT ?x { PATH ?p = ALL SHORTEST (:a :p+ :d) INNER ?n FILTER(?n = ?keep) BIND(?keep AS ?x) }";
  CHECK(store.select(inner, {{"keep", iri("http://example/b")}}) == ":b\n");
  const std::string step = "SELECT ?x { PATH ?p = (?x (STEP :s (?a ?b) { ?e :k ?a ; :l ?b ; :y ?y }) :d) }";
  CHECK(store.select(step) == ":a\n:b\n");
  CHECK(store.select(step, {{"y", integer(2)}}) == ":b\n");
  CHECK(store.select(step, {{"a", iri("http://example/a")}}) == ":a\n");
}

TEST_CASE("a path variable can be given a value") {
  TestStore store(":a :p :b . :b :p :c .");
  const Term path = typed_literal("<http://example/a> <http://example/p> <http://example/b>", "urn:akyn:path");
  CHECK(store.select("SELECT ?x { PATH ?p = (:a :p+ ?x) }", {{"p", path}}) == ":b\n");
  CHECK(store.select("SELECT ?i ?t { PATH ?p = (:a :p+ :c) UNNEST(?p AS ?i ?f ?e ?t) }", {{"i", integer(1)}}) ==
        "1 :c\n");
}

TEST_CASE("what a run finds wrong with a clause has its place in the text") {
  TestStore store(":r :from :a ; :to :b ; :cost -1 . :a :p :a .");
  const auto location_of = [&](const std::string& query) {
    try {
      (void)store.select(query);
    } catch (const Error& error) {
      return std::to_string(error.location() ? error.location()->column : 0) + ": " + error.message();
    }
    return std::string("no error");
  };
  CHECK(
      location_of("SELECT ?p { PATH ?p = (:a (STEP :s (?a ?b) COST (?c) { ?r :from ?a ; :to ?b ; :cost ?c })+ :b) }") ==
      "28: the COST of STEP <http://example/s> is -1 for an edge, and must not be negative; write COST(ABS(...)), or "
      "leave "
      "such solutions out of its pattern with FILTER");
  CHECK(location_of("SELECT ?p { PATH ?p = (:a (STEP :s (?a ?b) COST (?d) { ?r :from ?a ; :to ?b })+ :b) }") ==
        "28: the COST of STEP <http://example/s> has no value for an edge; write COST(COALESCE(..., 1)), or leave such "
        "solutions out of its pattern with FILTER");
}

}  // namespace akyn::exec::test
