// Terms that are held no longer than the rows that they come in: paths, and the edges that UNNEST makes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/exec/support.h"

namespace akyn::exec::test {

namespace {

const std::string kPrefix = "PREFIX path: <urn:akyn:path#> PREFIX : <http://example/> ";

// From :n0 to :n<count> by one of two nodes each time.
std::string diamonds(std::size_t count) {
  std::string data;
  const auto name = [](char kind, std::size_t number) { return std::string(":") + kind + std::to_string(number); };
  for (std::size_t i = 0; i < count; ++i) {
    for (const char side : {'a', 'b'}) {
      data += name('n', i) + " :p " + name(side, i) + " . " + name(side, i) + " :p " + name('n', i + 1) + " . ";
    }
    data += name('n', i + 1) + " :label \"" + std::to_string(i) + "\" . ";
  }
  return data;
}

// Terms, whenever a batch has been given.
std::size_t most_held(const TestStore& store, const std::string& text) {
  LocalTerms terms = store.terms();
  const algebra::Query query = translated(kPrefix + text);
  const auto answer = open_select(query, terms, store.environment);
  std::size_t most = 0;
  for (Batch batch; answer->next(batch);) most = std::max(most, terms.held());
  return most;
}

// Batch by batch; sorted.
std::vector<std::string> read(const TestStore& store, const std::string& text, plan::PlannerOptions options = {}) {
  LocalTerms terms = store.terms();
  const algebra::Query query = translated(kPrefix + text);
  const auto answer = open_select(query, terms, store.environment, options);
  std::vector<std::string> rows;
  for (Batch batch; answer->next(batch);) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::string line;
      for (std::size_t i = 0; i < batch.width(); ++i) {
        line += text_of(terms.term(Id::from_bits(batch.column(i)[row]))) + ' ';
      }
      rows.insert(rows.end(), batch.count(row), line);
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::string> read_at_once(const TestStore& store, const std::string& text) {
  LocalTerms terms = store.terms();
  const Solutions solutions = evaluate_select(translated(kPrefix + text), terms, store.environment);
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    std::string line;
    for (const Id id : solutions.row(i)) line += text_of(terms.term(id)) + ' ';
    rows.push_back(std::move(line));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Of batches of those rows, and whatever else there may be a handful of.
constexpr std::size_t kMostHeld = kBatchRows + 1'000;
// So many have more paths than that from their beginning to their end, and so few have some more than a first batch.
constexpr std::size_t kMany = 13;
constexpr std::size_t kFew = 5;

std::string trails(std::size_t count) {
  const std::string end = ":n" + std::to_string(count);
  return "PATH ?p = ALL TRAIL (:n0 :p+ " + end + ") MAX LENGTH " + std::to_string(2 * count) + ' ';
}

// About all trails through so many diamonds.
std::vector<std::string> queries_that_pass(std::size_t count) {
  const std::string all = trails(count);
  const std::string end = ":n" + std::to_string(count);
  return {
      "SELECT ?p { " + all + "}",
      "SELECT ?p (path:length(?p) AS ?n) (path:node(?p, 1) AS ?x) { " + all + "}",
      "SELECT ?q { " + all + "BIND(IF(path:uses(?p, :p), ?p, 0) AS ?q) }",
      "SELECT ?p { " + all + "FILTER(path:contains(?p, :a3) || path:contains(?p, :b4)) }",
      "SELECT ?p { { SELECT ?p ?l { " + all + end + " :label ?l } } }",
      "SELECT ?p ?l { PATH ?p = ALL TRAIL (:n0 :p+ ?y) ?y :label ?l FILTER(?y = " + end + ") }",
      "SELECT ?p ?z { " + all + "OPTIONAL { " + end + " :nothing ?z } }",
      "SELECT ?p { { " + all + "} UNION { PATH ?p = (:n1 :p+ :n2) } }",
      "SELECT ?p { " + all + "MINUS { PATH ?p = ALL SHORTEST (:n1 :p+ :n2) } }",
      "SELECT ?p ?q { " + all + "PATH ?q = (:n0 :p :a0) }",
      "SELECT ?p ?e { " + all + "UNNEST(?p AS ?i ?f ?e ?t) FILTER(?i = 3) }",
      "SELECT ?p { " + all + "} OFFSET 3 LIMIT 100000",
      "SELECT REDUCED ?p { " + all + "}",
      "SELECT (COUNT(?p) AS ?n) { " + all + "}",
      "SELECT DISTINCT (path:node(?p, 3) AS ?x) { " + all + "}",
      "SELECT ?x (COUNT(*) AS ?n) { " + all + "} GROUP BY (path:node(?p, 3) AS ?x)",
      "SELECT (SUM(path:length(?p)) AS ?n) (SAMPLE(path:start(?p)) AS ?s) { " + all + "}",
  };
}

}  // namespace

TEST_CASE("paths that nobody keeps are held batch by batch") {
  const TestStore store(diamonds(kMany));
  for (const std::string& query : queries_that_pass(kMany)) {
    CAPTURE(query);
    CHECK(most_held(store, query) <= kMostHeld);
  }
}

TEST_CASE("paths that nobody keeps are what they are") {
  const TestStore store(diamonds(kFew));
  for (const std::string& query : queries_that_pass(kFew)) {
    CAPTURE(query);
    const std::vector<std::string> rows = read(store, query);
    CHECK_FALSE(rows.empty());
    CHECK(rows == read_at_once(store, query));
    CHECK(read(store, query, {.optimize = false}) == rows);
  }
}

TEST_CASE("the first paths of an order are held, and not all of them") {
  const auto query = [](std::size_t count) {
    return "SELECT ?p { " + trails(count) + "} ORDER BY path:node(?p, 5) DESC(?p) LIMIT 10";
  };
  const TestStore few(diamonds(kFew));
  CHECK(read(few, query(kFew)) == read_at_once(few, query(kFew)));
  // A sorted part, and what has come since.
  constexpr std::size_t kVeryMany = 15;
  CHECK(most_held(TestStore(diamonds(kVeryMany)), query(kVeryMany)) <= 4 * kBatchRows + kMostHeld);
}

TEST_CASE("paths of one graph after the other are held batch by batch") {
  const TestStore store(":g { " + diamonds(kMany) + "} :h { :n0 :p :n13 . }");
  CHECK(most_held(store, "SELECT ?g ?p { GRAPH ?g { " + trails(kMany) + "} }") <= kMostHeld);
}

TEST_CASE("edges that UNNEST makes are held batch by batch") {
  const auto star = [](std::size_t count) {
    std::string data;
    for (std::size_t i = 0; i < count; ++i) data += ":a :p :c" + std::to_string(i) + " . ";
    return data;
  };
  const std::string query = "SELECT ?e { PATH ?p = (:a :p+ ?x) UNNEST(?p AS ?i ?f ?e ?t) }";
  const TestStore few(star(100));
  CHECK(read(few, query) == read_at_once(few, query));
  CHECK(most_held(TestStore(star(4 * kBatchRows)), query) <= 2 * kMostHeld);
}

TEST_CASE("paths are kept by whoever comes back to them") {
  const TestStore store(diamonds(6));
  const std::string all = "PATH ?p = ALL TRAIL (:n0 :p+ ?y) ";
  const std::vector<std::string> queries = {
      "SELECT ?p { " + all + "} ORDER BY ?p",
      "SELECT ?q { " + all + "BIND(COALESCE(?p, 1) AS ?q) } ORDER BY DESC(?q) LIMIT 100",
      "SELECT DISTINCT ?p { { " + all + "} UNION { " + all + "} }",
      "SELECT ?p (COUNT(*) AS ?n) { { " + all + "} UNION { " + all + "} } GROUP BY ?p",
      "SELECT (MAX(?p) AS ?m) (MIN(?p) AS ?l) (COUNT(DISTINCT ?p) AS ?n) { " + all + "}",
      "SELECT ?y (SAMPLE(?p) AS ?s) { PATH ?p = (:n0 :p+ ?y) } GROUP BY ?y",
      "SELECT ?p ?y { { SELECT ?p { " + all + "FILTER(?y = :n6) } } { SELECT * { " + all + "} } }",
      "SELECT ?p { " + all + "FILTER NOT EXISTS { PATH ?p = ALL TRAIL (:n0 :p+ :n6) } }",
      "SELECT ?p { " + all + "MINUS { PATH ?p = ALL TRAIL (:n0 :p+ :n6) } }",
      "SELECT ?e (COUNT(*) AS ?n) { " + all + "UNNEST(?p AS ?i ?f ?e ?t) } GROUP BY ?e",
  };
  for (const std::string& query : queries) {
    CAPTURE(query);
    const std::vector<std::string> rows = read(store, query);
    CHECK_FALSE(rows.empty());
    CHECK(rows == read_at_once(store, query));
    CHECK(read(store, query, {.optimize = false}) == rows);
  }
}

TEST_CASE("a term that passes is one with its equals as long as it is held") {
  const TestStore store(":a :p :b .");
  LocalTerms terms = store.terms();
  const Term one = literal("one");
  const Term two = literal("two");

  const Id first = terms.passing_id(one.view());
  CHECK(terms.passing_id(one.view()) == first);
  CHECK(terms.term(first) == one);
  CHECK(terms.held() == 1);
  const std::uint64_t bits[] = {first.bits()};
  terms.release(bits);
  CHECK(terms.held() == 1);
  terms.hold(bits);
  terms.release(bits);
  terms.release(bits);
  CHECK(terms.held() == 0);
  CHECK_THROWS_AS((void)terms.term(first), Error);
  CHECK(terms.memory() == 0);

  // Another one, which somebody asks for meanwhile, stays; so does what was there before.
  const Id second = terms.passing_id(one.view());
  CHECK(second != first);
  CHECK(terms.id(one) == second);
  const Id kept = terms.id(two);
  CHECK(terms.passing_id(two.view()) == kept);
  const std::uint64_t both[] = {second.bits(), kept.bits()};
  terms.release(both);
  CHECK(terms.term(second) == one);
  CHECK(terms.term(kept) == two);
  CHECK(terms.id(one) == second);

  // Stored terms and inlined ones are none of these.
  CHECK(terms.passing_id(iri("http://example/a").view()) == terms.id(iri("http://example/a")));
  CHECK(terms.passing_id(integer(1).view()) == terms.id(integer(1)));
  CHECK(terms.held() == 2);
}

}  // namespace akyn::exec::test
