// Functions and aggregates of the program's own.
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include <akyn/akyn.h>

using akyn::Error;
using akyn::Store;
using akyn::Term;

namespace {

constexpr const char* kData = "VALUES (?g ?n) { ('a' 1) ('a' 2) ('a' 2) ('b' 5) ('b' UNDEF) ('c' 'x') } ";

std::string answer(const Store& store, const std::string& query) {
  std::string result;
  akyn::Query prepared = store.prepare("PREFIX ex: <http://ex.org/> " + query);
  for (const akyn::Row& row : prepared.select()) {
    for (std::size_t i = 0; i < row.size(); ++i) result += (i == 0 ? "" : " ") + (row[i] ? row[i].value() : "-");
    result += '\n';
  }
  return result;
}

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

// The product of integers.
class Product final : public akyn::Aggregate {
 public:
  void add(std::span<const Term> arguments) override { product_ *= arguments[0].as_int64(); }
  [[nodiscard]] Term result() override { return akyn::integer(product_); }

 private:
  std::int64_t product_ = 1;
};

// The first argument where the second is largest.
class ArgMax final : public akyn::Aggregate {
 public:
  void add(std::span<const Term> arguments) override {
    if (!arguments[0] || !arguments[1] || (best_ && arguments[1].as_int64() <= largest_)) return;
    best_ = arguments[0];
    largest_ = arguments[1].as_int64();
  }
  [[nodiscard]] Term result() override { return best_; }

 private:
  Term best_;
  std::int64_t largest_ = 0;
};

}  // namespace

TEST_CASE("a function of the program's own") {
  Store store = Store::in_memory();
  store.define_function("http://ex.org/even", [](std::span<const Term> arguments) {
    return akyn::boolean(arguments[0].as_int64() % 2 == 0);
  });
  CHECK(answer(store, "SELECT ?n { VALUES ?n { 1 2 3 4 } FILTER(ex:even(?n)) }") == "2\n4\n");
  SUBCASE("an argument of the wrong kind is an error of the expression") {
    CHECK(answer(store, "SELECT ?e { VALUES ?n { 'x' 2 } BIND(ex:even(?n) AS ?e) }") == "-\ntrue\n");
    CHECK(answer(store, "SELECT (COALESCE(ex:even(?none), 'error') AS ?e) {}") == "error\n");
  }
  SUBCASE("the wrong number of arguments") {
    CHECK(error_of([&] { (void)answer(store, "SELECT (ex:even(1, 2) AS ?e) {}"); }) ==
          "<http://ex.org/even> takes 1 argument, not 2");
    store.define_function("http://ex.org/last", [](std::span<const Term> arguments) { return arguments.back(); },
                          {2, akyn::ArgumentCount::kAnyNumber});
    CHECK(answer(store, "SELECT (ex:last(1, 2, 3) AS ?e) {}") == "3\n");
    CHECK(error_of([&] { (void)answer(store, "SELECT (ex:last(1) AS ?e) {}"); }) ==
          "<http://ex.org/last> takes at least 2 arguments, not 1");
  }
  SUBCASE("exceptions end the query") {
    store.define_function("http://ex.org/bad", [](std::span<const Term>) -> Term { throw std::runtime_error("boom"); });
    CHECK(error_of([&] { (void)answer(store, "SELECT (ex:bad(1) AS ?e) {}"); }) ==
          "the function <http://ex.org/bad> failed: boom");
  }
  SUBCASE("a query keeps the functions of its time") {
    akyn::Query query = store.prepare("SELECT (<http://ex.org/even>(2) AS ?e) {}");
    store.define_function("http://ex.org/even", [](std::span<const Term>) { return akyn::literal("new"); });
    CHECK(query.select().begin()->operator[](0) == akyn::boolean(true));
    CHECK(answer(store, "SELECT (ex:even(2) AS ?e) {}") == "new\n");
  }
  SUBCASE("all handles and transactions know it") {
    Store other = store;
    CHECK(answer(other, "SELECT (ex:even(2) AS ?e) {}") == "true\n");
    akyn::Transaction transaction = store.begin();
    transaction.update(
        "INSERT { <http://ex.org/s> <http://ex.org/p> ?e } WHERE { BIND(<http://ex.org/even>(3) AS ?e) }");
    CHECK(transaction.count({}, {}, akyn::boolean(false)) == 1);
  }
  SUBCASE("what cannot be defined") {
    const auto any = [](std::span<const Term>) { return Term(); };
    CHECK(error_of([&] { store.define_function("http://www.w3.org/2001/XMLSchema#integer", any); }) ==
          "<http://www.w3.org/2001/XMLSchema#integer> is a cast of SPARQL's own");
    CHECK(error_of([&] { store.define_function("no iri", any); }) != "no error");
    CHECK(error_of([&] { store.define_function("http://ex.org/f", {}); }) ==
          "there is no function to define <http://ex.org/f>");
  }
  CHECK(answer(store, "SELECT (COALESCE(ex:unknown(1), 'error') AS ?e) {}") == "error\n");
}

TEST_CASE("an aggregate of the program's own") {
  Store store = Store::in_memory();
  store.define_aggregate("http://ex.org/product", [] { return std::make_unique<Product>(); });
  store.define_aggregate("http://ex.org/argmax", [] { return std::make_unique<ArgMax>(); });
  const std::string data = std::string("{ ") + kData + "} ";

  CHECK(answer(store, "SELECT ?g (ex:product(?n) AS ?p) " + data + "GROUP BY ?g ORDER BY ?g") == "a 4\nb -\nc -\n");
  CHECK(answer(store, "SELECT ?g (ex:product(DISTINCT ?n) + 1 AS ?p) " + data +
                          "GROUP BY ?g HAVING(ex:product(?n) < 10) ORDER BY ?g") == "a 3\n");
  CHECK(answer(store, "SELECT (ex:argmax(?g, ?n) AS ?m) { " + std::string(kData) + "FILTER(isNumeric(?n)) }") == "b\n");
  CHECK(answer(store, "SELECT (ex:product(?n) AS ?p) { VALUES ?n {} }") == "1\n");
  SUBCASE("follows the rules of aggregates") {
    CHECK(error_of([&] {
            (void)answer(store, "SELECT * { ?s ?p ?o FILTER(ex:product(?o) > 1) }");
          }).starts_with("aggregates are not allowed in FILTER"));
    CHECK(error_of([&] { (void)answer(store, "SELECT (ex:product(SUM(?n)) AS ?p) { ?s ?p ?n }"); }) ==
          "an aggregate cannot stand inside another aggregate");
    CHECK(error_of([&] {
            (void)answer(store, "SELECT ?g (ex:product(?n) AS ?x) { ?g ?p ?n }");
          }).starts_with("?g has no single value in a group"));
  }
  SUBCASE("with DISTINCT an unknown one has no value") {
    CHECK(answer(store, "SELECT (ex:unknown(DISTINCT ?n) AS ?p) " + data) == "-\n");
  }
}
