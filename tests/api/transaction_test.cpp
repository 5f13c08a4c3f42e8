#include <chrono>

#include "tests/api/common.h"

namespace akyn::testing {
namespace {

TEST_CASE("a transaction sees its changes, others do not until it commits") {
  Store store = offices();
  const std::uint64_t before = store.count();
  Transaction transaction = store.begin();
  CHECK(transaction.insert(ex("japarov"), ex("role"), literal("Prime Minister")));
  CHECK_FALSE(transaction.insert(ex("japarov"), ex("role"), literal("Prime Minister")));
  CHECK(transaction.remove(ex("jeenbekov"), ex("holds"), ex("presidency")));
  CHECK(transaction.count() == before);
  CHECK(transaction.count(ex("japarov"), ex("role")) == 1);
  CHECK(column(transaction, "SELECT ?o { ?s :holds ?o }") == std::vector<std::string>{kEx + "premiership"});
  CHECK(all(transaction.match({}, ex("role"), {})).size() == 1);
  CHECK(store.count({}, ex("role")) == 0);
  CHECK(store.count({}, ex("holds")) == 2);
  transaction.commit();
  CHECK(store.count({}, ex("role")) == 1);
  CHECK(store.count({}, ex("holds")) == 1);
  CHECK_NOTHROW(store.verify());
}

TEST_CASE("what is not committed leaves no trace") {
  Store store = offices();
  const std::uint64_t before = store.count();
  {
    Transaction transaction = store.begin();
    transaction.insert(ex("a"), ex("b"), ex("c"), ex("g"));
  }
  CHECK(store.count() == before);
  Transaction transaction = store.begin();
  transaction.update(kPrefix + "DELETE WHERE { ?s ?p ?o }");
  CHECK(transaction.count() == 0);
  transaction.rollback();
  CHECK(store.count() == before);
}

TEST_CASE("a transaction that has ended answers nothing more") {
  Store store = offices();
  Transaction transaction = store.begin();
  Query query = transaction.prepare("SELECT * { ?s ?p ?o }");
  Rows rows = query.select();
  Quads quads = transaction.match({}, {}, {});
  REQUIRE(rows.next());
  transaction.commit();
  CHECK(error_of([&] { transaction.insert(ex("a"), ex("b"), ex("c")); }) == ErrorCode::closed);
  CHECK(error_of([&] { transaction.commit(); }) == ErrorCode::closed);
  CHECK(error_of([&] { (void)transaction.count(); }) == ErrorCode::closed);
  CHECK(error_of([&] { transaction.update("CLEAR ALL"); }) == ErrorCode::closed);
  CHECK(error_of([&] { (void)query.select(); }) == ErrorCode::closed);
  CHECK(error_of([&] { (void)rows.next(); }) == ErrorCode::closed);
  CHECK(error_of([&] { (void)quads.next(); }) == ErrorCode::closed);
  CHECK_NOTHROW(transaction.rollback());
}

TEST_CASE("one transaction at a time") {
  Store store = Store::in_memory({.busy_timeout = std::chrono::milliseconds(1)});
  Transaction first = store.begin();
  CHECK(error_of([&] { (void)store.begin(); }) == ErrorCode::locked);
  CHECK(error_of([&] { store.insert({ex("a"), ex("b"), ex("c")}); }) == ErrorCode::locked);
  Transaction moved = std::move(first);
  moved.rollback();
  CHECK_NOTHROW((void)store.begin());
  // A transaction assigned over is rolled back.
  Transaction second = store.begin();
  second = std::move(moved);
  CHECK(store.insert({ex("a"), ex("b"), ex("c")}));
}

TEST_CASE("an update that fails leaves the transaction as it was") {
  Store store = offices();
  Transaction transaction = store.begin();
  transaction.insert(ex("a"), ex("b"), ex("c"));
  const std::uint64_t before = transaction.count();
  CHECK(error_of([&] { transaction.update(kPrefix + "INSERT DATA { :x :y :z } ; LOAD <http://ex.org/none>"); }));
  CHECK(transaction.count() == before);
  CHECK(error_of([&] { transaction.update("INSERT DATA { oops"); }) == ErrorCode::syntax);
  transaction.commit();
  CHECK(store.count() == before);
}

TEST_CASE("blank nodes of a transaction") {
  Store store = Store::in_memory();
  Transaction first = store.begin();
  first.insert(blank("x"), ex("p"), integer(1));
  first.insert(blank("x"), ex("p"), integer(2));
  CHECK(first.count(blank("x")) == 2);
  first.commit();

  // The same label in another transaction is another node.
  Transaction second = store.begin();
  second.insert(blank("x"), ex("p"), integer(3));
  second.commit();
  CHECK(store.prepare(kPrefix + "SELECT DISTINCT ?s { ?s :p ?o }").select().variables().size() == 1);
  CHECK(column(store, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s :p ?o }") == std::vector<std::string>{"2"});

  // A node that the store handed out is that node.
  const Term node = all(store.match({}, ex("p"), integer(3))).at(0).subject;
  CHECK(store.insert({node, ex("q"), ex("o")}));
  CHECK(store.count(node) == 2);
  CHECK(store.insert({ex("r"), ex("says"), triple_term(node, ex("p"), integer(3))}));
  CHECK(column(store, "SELECT ?v { ?r :says <<( ?s :p ?v )>> . ?s :q :o }") == std::vector<std::string>{"3"});
  CHECK(store.remove({node, ex("q"), ex("o")}));
}

}  // namespace
}  // namespace akyn::testing
