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

struct Reading {
  std::vector<std::string> rows;  // sorted
  std::size_t most_held = 0;      // terms, when a batch had been given
};

Reading read(const TestStore& store, const std::string& text, plan::PlannerOptions options = {}) {
  LocalTerms terms = store.terms();
  const algebra::Query query = translated(kPrefix + text);
  const auto answer = open_select(query, terms, store.environment, options);
  Reading reading;
  for (Batch batch; answer->next(batch);) {
    reading.most_held = std::max(reading.most_held, terms.held());
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::string line;
      for (std::size_t i = 0; i < batch.width(); ++i) {
        line += text_of(terms.term(Id::from_bits(batch.column(i)[row]))) + ' ';
      }
      reading.rows.insert(reading.rows.end(), batch.count(row), line);
    }
  }
  std::sort(reading.rows.begin(), reading.rows.end());
  return reading;
}

std::vector<std::string> rows_at_once(const TestStore& store, const std::string& text) {
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

constexpr std::size_t kDiamonds = 13;
constexpr std::size_t kPaths = std::size_t{1} << kDiamonds;  // of all trails to the end
// The rows of a batch, and whatever else there may be a handful of.
constexpr std::size_t kMostHeld = kBatchRows + 1'000;
std::string trails(std::size_t diamonds) {
  return "PATH ?p = ALL TRAIL (:n0 :p+ :n" + std::to_string(diamonds) + ") MAX LENGTH " + std::to_string(2 * diamonds) +
         ' ';
}
const std::string kTrails = trails(kDiamonds);

}  // namespace

TEST_CASE("paths that nobody keeps are held batch by batch") {
  const TestStore store(diamonds(kDiamonds));
  const std::vector<std::string> queries = {
      "SELECT ?p { " + kTrails + "}",
      "SELECT ?p (path:length(?p) AS ?n) (path:node(?p, 1) AS ?x) { " + kTrails + "}",
      "SELECT ?q { " + kTrails + "BIND(IF(path:uses(?p, :p), ?p, 0) AS ?q) }",
      "SELECT ?p { " + kTrails + "FILTER(path:contains(?p, :a3) || path:contains(?p, :b4)) }",
      "SELECT ?p { { SELECT ?p ?l { " + kTrails + ":n13 :label ?l } } }",
      "SELECT ?p ?l { PATH ?p = ALL TRAIL (:n0 :p+ ?y) MAX LENGTH 26 ?y :label ?l FILTER(?y = :n13) }",
      "SELECT ?p ?z { " + kTrails + "OPTIONAL { :n13 :nothing ?z } }",
      "SELECT ?p { { " + kTrails + "} UNION { PATH ?p = (:n1 :p+ :n2) } }",
      "SELECT ?p { " + kTrails + "MINUS { PATH ?p = ALL SHORTEST (:n1 :p+ :n2) } }",
      "SELECT ?p ?q { " + kTrails + "PATH ?q = (:n0 :p :a0) }",
      "SELECT ?p ?e { " + kTrails + "UNNEST(?p AS ?i ?f ?e ?t) FILTER(?i = 3) }",
      "SELECT ?p { " + kTrails + "} OFFSET 100 LIMIT 8000",
      "SELECT REDUCED ?p { " + kTrails + "}",
      "SELECT (COUNT(?p) AS ?n) { " + kTrails + "}",
      "SELECT DISTINCT (path:node(?p, 3) AS ?x) { " + kTrails + "}",
      "SELECT ?x (COUNT(*) AS ?n) { " + kTrails + "} GROUP BY (path:node(?p, 3) AS ?x)",
      "SELECT (SUM(path:length(?p)) AS ?n) (SAMPLE(path:start(?p)) AS ?s) { " + kTrails + "}",
  };
  for (const std::string& query : queries) {
    CAPTURE(query);
    const Reading reading = read(store, query);
    CHECK(reading.most_held <= kMostHeld);
    CHECK(reading.rows == rows_at_once(store, query));
  }
  CHECK(read(store, queries.front()).rows.size() == kPaths);
}

TEST_CASE("the first paths of an order are held, and not all of them") {
  constexpr std::size_t kMany = 15;
  const TestStore store(diamonds(kMany));
  const std::string query = "SELECT ?p { " + trails(kMany) + "} ORDER BY path:node(?p, 5) DESC(?p) LIMIT 10";
  const Reading reading = read(store, query);
  CHECK(reading.rows.size() == 10);
  // A sorted part, and what has come since.
  CHECK(reading.most_held <= 4 * kBatchRows + kMostHeld);
  CHECK(reading.rows == rows_at_once(store, query));
}

TEST_CASE("paths of one graph after the other are held batch by batch") {
  const TestStore store(":g { " + diamonds(kDiamonds) + "} :h { :n0 :p :n13 . }");
  const Reading reading = read(store, "SELECT ?g ?p { GRAPH ?g { " + kTrails + "} }");
  CHECK(reading.rows.size() == kPaths + 1);
  CHECK(reading.most_held <= kMostHeld);
}

TEST_CASE("edges that UNNEST makes are held batch by batch") {
  std::string data;
  for (std::size_t i = 0; i < 20'000; ++i) data += ":a :p :c" + std::to_string(i) + " . ";
  const TestStore store(data);
  const std::string query = "SELECT ?e { PATH ?p = (:a :p+ ?x) UNNEST(?p AS ?i ?f ?e ?t) }";
  const Reading reading = read(store, query);
  CHECK(reading.rows.size() == 20'000);
  CHECK(reading.most_held <= 2 * kMostHeld);
  CHECK(reading.rows == rows_at_once(store, query));
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
    const std::vector<std::string> rows = read(store, query).rows;
    CHECK_FALSE(rows.empty());
    CHECK(rows == rows_at_once(store, query));
    CHECK(read(store, query, {.optimize = false}).rows == rows);
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
