#include <chrono>
#include <ranges>

#include "tests/api/common.h"

namespace akyn::testing {
namespace {

using Values = std::vector<std::string>;

static_assert(std::ranges::input_range<Rows>);
static_assert(std::ranges::input_range<Quads>);
static_assert(!std::is_copy_constructible_v<Rows>);

TEST_CASE("rows by name and by number") {
  const Store store = offices();
  Query query = store.prepare(kPrefix + "SELECT ?name ?none { ?who :name ?name } ORDER BY ?name");
  CHECK(query.form() == QueryForm::select);
  Rows rows = query.select();
  CHECK(rows.variables() == Values{"name", "none"});
  REQUIRE(rows.next());
  CHECK(rows.current().size() == 2);
  CHECK(rows.current()["name"] == literal("Sadyr Japarov"));
  CHECK(&rows.current()["name"] == &rows.current()[0]);
  CHECK_FALSE(rows.current()["none"]);
  CHECK(error_of([&] { (void)rows.current()["nmae"]; }) == ErrorCode::not_found);
  CHECK(error_of([&] { (void)rows.current()[2]; }) == ErrorCode::invalid_argument);
  REQUIRE(rows.next());
  CHECK(rows.current()[0].value() == "Sooronbay Jeenbekov");
  CHECK_FALSE(rows.next());
  CHECK_FALSE(rows.next());
  CHECK(error_of([&] { (void)rows.current()[0]; }) == ErrorCode::invalid_argument);

  Rows again = query.select();
  Rows moved = std::move(again);
  REQUIRE(moved.next());
  CHECK(moved.current()[0].value() == "Sadyr Japarov");
}

TEST_CASE("ASK, CONSTRUCT and DESCRIBE") {
  const Store store = offices();
  CHECK(store.prepare(kPrefix + "ASK { :japarov :holds ?o }").ask());
  CHECK_FALSE(store.prepare(kPrefix + "ASK { :japarov :since ?o }").ask());
  Query construct = store.prepare(kPrefix + "CONSTRUCT { ?o :heldBy ?w } WHERE { ?w :holds ?o } ");
  CHECK(construct.form() == QueryForm::construct);
  CHECK(all(construct.construct()).size() == 2);
  Query describe = store.prepare("DESCRIBE <http://ex.org/japarov>");
  CHECK(describe.form() == QueryForm::describe);
  CHECK(all(describe.construct()).size() == 2);
}

TEST_CASE("a query run as another form than its own") {
  const Store store = offices();
  Query ask = store.prepare("ASK {}");
  CHECK(error_of([&] { (void)ask.select(); }) == ErrorCode::invalid_argument);
  CHECK(message_of([&] { (void)ask.construct(); }) == "this is a ASK query; construct() cannot run it");
  Query select = store.prepare("SELECT * {}");
  CHECK(error_of([&] { (void)select.ask(); }) == ErrorCode::invalid_argument);
}

TEST_CASE("bound parameters") {
  const Store store = offices();
  Query query = store.prepare(kPrefix + "SELECT ?who { ?who :holds ?o . ?o :since ?d FILTER(?d > $after) }");
  query.bind("after", date(2020, 10, 1));
  CHECK(column(query) == Values{kEx + "japarov"});

  Query copy = query;
  copy.bind("after", date(2000, 1, 1));
  CHECK(column(copy).size() == 2);
  CHECK(column(query).size() == 1);

  // A value is never read as text.
  Query name = store.prepare(kPrefix + "SELECT ?who { ?who :name ?name }");
  CHECK(column(name.bind("name", literal("x\" } UNION { ?who ?p ?o } #"))).empty());
  CHECK(column(name.bind("name", literal("Sadyr Japarov"))) == Values{kEx + "japarov"});

  CHECK(error_of([&] { query.bind("aftre", integer(1)); }) == ErrorCode::not_found);
  CHECK(error_of([&] { query.bind("after", Term()); }) == ErrorCode::invalid_argument);
  CHECK(error_of([&] { query.bind("after", blank("b")); }) == ErrorCode::invalid_argument);
  CHECK(column(query).size() == 1);
}

TEST_CASE("rows hold the state they started from") {
  Store store = offices();
  Query query = store.prepare(kPrefix + "SELECT ?who { ?who :holds ?o } ORDER BY ?who");
  Rows rows = query.select();
  Quads quads = store.match({}, ex("holds"), {});
  store.update(kPrefix + "DELETE WHERE { ?s ?p ?o }");
  std::size_t count = 0;
  while (rows.next()) count += rows.current()["who"] ? 1 : 0;
  CHECK(count == 2);
  CHECK(all(std::move(quads)).size() == 2);
  CHECK(column(query).empty());
}

// A store of so many names.
Store crowd(int size) {
  Store store = Store::in_memory();
  Transaction transaction = store.begin();
  for (int i = 0; i < size; ++i)
    transaction.insert(ex("n" + std::to_string(i)), ex("name"), literal(std::to_string(i)));
  transaction.commit();
  return store;
}

TEST_CASE("rows of many batches hold their state while others write and optimize") {
  Store store = crowd(10'000);
  Rows rows = store.prepare(kPrefix + "SELECT ?who ?name { ?who :name ?name }").select();
  Quads quads = store.prepare(kPrefix + "CONSTRUCT { ?who :named ?name } WHERE { ?who :name ?name }").construct();
  std::size_t count = 0;
  const auto read = [&] {
    ++count;
    return rows.current()["who"] == ex("n" + rows.current()["name"].value());
  };
  for (int i = 0; i < 5; ++i) REQUIRE((rows.next() && read()));
  store.update("DELETE WHERE { ?s ?p ?o }");
  store.optimize();
  store.update(kPrefix + "INSERT DATA { :other :name 'other' }");
  while (rows.next()) REQUIRE(read());
  CHECK(count == 10'000);
  count = 0;
  for (const Quad& quad : quads) count += quad.subject == ex("n" + quad.object.value()) ? 1 : 0;
  CHECK(count == 10'000);
  CHECK(column(store, "SELECT ?who { ?who :name ?name }") == Values{kEx + "other"});
}

TEST_CASE("a query may be changed and destroyed while its rows are read") {
  Rows rows = [] {
    Query query = crowd(3).prepare(kPrefix + "SELECT ?name { ?who :name ?name } ORDER BY ?name");
    Rows started = query.select();
    query.bind("name", literal("1")).row_limit(1);
    return started;
  }();
  CHECK(std::ranges::distance(rows) == 3);
}

TEST_CASE("rows that were moved away have nothing to give") {
  const Store store = offices();
  Rows rows = store.prepare("SELECT ?s { ?s ?p ?o }").select();
  REQUIRE(rows.next());
  const Rows taken = std::move(rows);
  CHECK_FALSE(rows.next());  // NOLINT(bugprone-use-after-move)
  CHECK(rows.variables().empty());
  CHECK(rows.current().size() == 0);
  CHECK(error_of([&] { (void)rows.current()[0]; }) == ErrorCode::invalid_argument);
  CHECK(taken.current()[0]);
  rows = store.prepare("SELECT ?o { ?s ?p ?o }").select();
  CHECK(rows.variables() == Values{"o"});
  CHECK(rows.next());
}

TEST_CASE("rows of a transaction end with it") {
  Store store = offices();
  Transaction transaction = store.begin();
  transaction.insert(ex("new"), ex("holds"), literal("a term of the transaction's own"));
  Rows rows = transaction.prepare(kPrefix + "SELECT ?o { ?who :holds ?o } ORDER BY ?who").select();
  Values values;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(rows.next());
    values.push_back(rows.current()[0].value());
  }
  CHECK(values == Values{kEx + "premiership", kEx + "presidency", "a term of the transaction's own"});
  transaction.rollback();
  CHECK(error_of([&] { (void)rows.next(); }) == ErrorCode::closed);
}

// Joins that would take hours.
const std::string kEndless =
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n_ ?o . ?q ?r ?s . ?t ?u ?v "
    "FILTER(?c + ?f + ?i + ?l + ?o + ?s + ?v < 0) }";

Store crowded() {
  Store store = Store::in_memory();
  Transaction transaction = store.begin();
  for (int i = 0; i < 200; ++i) transaction.insert(ex("s"), ex("p"), integer(i));
  transaction.commit();
  return store;
}

TEST_CASE("a query stops at its limits of rows and memory") {
  Store store = Store::in_memory();
  const std::string values = "{ VALUES ?x { 1 2 3 } }";
  Query query = store.prepare("SELECT ?x " + values);
  query.row_limit(2);
  CHECK(error_of([&] { (void)query.select(); }) == ErrorCode::limit);
  query.row_limit(3);
  CHECK(std::ranges::distance(query.select()) == 3);
  QueryOptions options;
  options.memory_limit = 1000;
  const std::string large = "BIND(REPLACE('" + std::string(900, 'x') + "', 'x', 'yy') AS ?y) ";
  CHECK(error_of([&] { (void)store.prepare("SELECT ?y { " + large + "}", options).select(); }) == ErrorCode::limit);
  CHECK(error_of([&] { store.update("INSERT { <urn:s> <urn:p> ?y } WHERE { " + large + "}", options); }) ==
        ErrorCode::limit);
  CHECK(store.count() == 0);
  options.memory_limit = std::size_t{1} << 20;
  CHECK(std::ranges::distance(store.prepare("SELECT ?y { " + large + "}", options).select()) == 1);
}

TEST_CASE("a query stops at its timeout") {
  Query query = crowded().prepare(kEndless);
  query.timeout(std::chrono::milliseconds(30));
  CHECK(error_of([&] { (void)query.select(); }) == ErrorCode::timeout);
}

TEST_CASE("a query stops when it is told to") {
  const Store store = crowded();
  CancelToken token;
  Query query = store.prepare(kEndless);
  query.cancel_with(token);
  token.cancel();
  CHECK(error_of([&] { (void)query.select(); }) == ErrorCode::cancelled);

  token.reset();
  Query small = store.prepare("SELECT * { ?s ?p ?o }");
  small.cancel_with(token);
  Rows rows = small.select();
  REQUIRE(rows.next());
  token.cancel();
  CHECK(error_of([&] { (void)rows.next(); }) == ErrorCode::cancelled);
}

TEST_CASE("plans as text and as JSON, with what their operators gave") {
  Query query = offices().prepare(kPrefix + "SELECT ?who ?o { ?who :holds ?o . ?o :since ?since }");
  const std::string plan = query.explain();
  CHECK(plan.find("scan") != std::string::npos);
  CHECK(plan.find("?who <" + kEx + "holds> ?o") != std::string::npos);
  CHECK(plan.find("got") == std::string::npos);
  const std::string analyzed = query.explain({.analyze = true});
  CHECK(analyzed.find(" ms") != std::string::npos);
  CHECK(analyzed.find("got ") != std::string::npos);
  const std::string json = query.explain({.analyze = true, .json = true});
  CHECK(json.starts_with("{\"operator\":"));
  CHECK(json.find("\"milliseconds\":") != std::string::npos);
}

TEST_CASE("prefixes that need no declaration") {
  Store store = Store::in_memory();
  load_turtle(store, "@prefix n: <http://ex.org/> . n:a n:p n:b .");
  CHECK(column(store.prepare("SELECT ?o { n:a n:p ?o }", {.stored_prefixes = true})) == Values{kEx + "b"});
  CHECK(error_of([&] { (void)store.prepare("SELECT ?o { n:a n:p ?o }"); }) == ErrorCode::syntax);
  const QueryOptions options{.stored_prefixes = true, .prefixes = {{"n", "http://other.org/"}}};
  CHECK(column(store.prepare("SELECT ?o { n:a ?p ?o }", options)).empty());
}

TEST_CASE("base IRI and union default graph") {
  Store store = Store::in_memory();
  store.insert({ex("a"), ex("p"), ex("b"), ex("g")});
  CHECK(column(store.prepare("SELECT ?o { <a> <p> ?o }", {.base_iri = kEx})).empty());
  CHECK(column(store.prepare("SELECT ?o { <a> <p> ?o }", {.base_iri = kEx, .union_default_graph = true})) ==
        Values{kEx + "b"});
  CHECK(column(store.prepare("SELECT (IRI(\"x\") AS ?i) {}", {.base_iri = kEx})) == Values{kEx + "x"});
}

TEST_CASE("errors in a text say where, and whose text it is") {
  const Store store = Store::in_memory();
  try {
    (void)store.prepare("SELECT *\nWHERE { ?s foa:name \"x\" }",
                        {.source_name = "q.rq", .prefixes = {{"foaf", "http://xmlns.com/foaf/0.1/"}}});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::syntax);
    REQUIRE(error.location());
    CHECK(error.location()->source == "q.rq");
    CHECK(error.location()->line == 2);
    CHECK(error.location()->column == 12);
    CHECK(error.message().find("'foaf'") != std::string::npos);
  }
}

TEST_CASE("telling updates from queries, and checking both without a store") {
  CHECK(is_update("# hi\nPREFIX : <http://ex.org/> INSERT DATA {}"));
  CHECK_FALSE(is_update("BASE <http://ex.org/> ASK {}"));
  CHECK_NOTHROW(check_syntax("ASK {}"));
  CHECK_NOTHROW(check_syntax("CLEAR ALL"));
  CHECK(error_of([] { check_syntax("ASK {"); }) == ErrorCode::syntax);
  CHECK(error_of([] { check_syntax("INSERT DATA { ?x a ?y }"); }) == ErrorCode::syntax);
  CHECK_NOTHROW(check_syntax("ASK { n:a n:b n:c }", {.prefixes = {{"n", kEx}}}));
}

TEST_CASE("a query explains itself") {
  const Store store = offices();
  Query query = store.prepare(kPrefix + "SELECT ?who { ?who :holds ?o FILTER(?o != ?x) }");
  const std::string plan = query.explain();
  CHECK(plan.find("http://ex.org/holds") != std::string::npos);
  CHECK(query.bind("x", ex("presidency")).explain() != plan);
}

}  // namespace
}  // namespace akyn::testing
