// SERVICE against endpoints that are stores beside the one that is asked.
#include <map>
#include <string>
#include <vector>

#include "engine/algebra/translate.h"
#include "engine/runtime/service.h"
#include "parser/sparql/parse.h"
#include "tests/exec/support.h"

using akyn::Error;
using akyn::ErrorCode;
using akyn::exec::test::error_of;
using akyn::exec::test::TestStore;
using akyn::runtime::LocalTerms;
using akyn::runtime::ServiceAnswer;
using akyn::runtime::ServiceClient;
using akyn::runtime::ServiceRequest;
using akyn::runtime::Solutions;

namespace {

class Endpoints final : public ServiceClient {
 public:
  TestStore& add(const std::string& iri, std::string_view data) {
    return stores_.try_emplace("http://example/" + iri, data).first->second;
  }

  [[nodiscard]] ServiceAnswer ask(const ServiceRequest& request) const override {
    queries.push_back(request.query);
    if (request.endpoint.ends_with("/large")) throw Error(ErrorCode::limit, "too large");
    const auto store = stores_.find(request.endpoint);
    if (store == stores_.end()) throw Error(ErrorCode::io, "nobody answers at " + request.endpoint);
    const akyn::algebra::Query query = akyn::algebra::translate(akyn::sparql::parse_query(request.query));
    LocalTerms terms = store->second.terms();
    const Solutions solutions = akyn::oracle::evaluate_select(query, terms, {});
    ServiceAnswer answer{solutions.variables(), {}};
    for (std::size_t i = 0; i < solutions.size(); ++i) {
      std::vector<akyn::Term>& row = answer.rows.emplace_back();
      for (const akyn::Id id : solutions.row(i)) row.push_back(terms.term(id));
    }
    return answer;
  }

  mutable std::vector<std::string> queries;

 private:
  mutable std::map<std::string, TestStore> stores_;
};

}  // namespace

// The engine, the engine without its optimizer, the oracle: all ask the same.
constexpr std::size_t kAskedBy = 3;

TEST_CASE("SERVICE joins what an endpoint answers") {
  Endpoints endpoints;
  endpoints.add("e", R"(:a :age 30 . :b :age 40 . :c :age 50 . :b :knows [ :name "x" ] .)");
  TestStore store(R"(:a :p 1 . :b :p 2 . :d :p 3 .)");
  store.environment.services = &endpoints;

  CHECK(store.select("SELECT ?x ?v ?n { ?x :p ?v SERVICE :e { ?x :age ?n } }") == ":a 1 30\n:b 2 40\n");
  SUBCASE("in whatever order") {
    CHECK(store.select("SELECT ?x ?v ?n { SERVICE :e { ?x :age ?n } ?x :p ?v }") == ":a 1 30\n:b 2 40\n");
  }
  SUBCASE("alone") {
    CHECK(store.select("SELECT * { SERVICE :e { ?x :age ?n FILTER(?n > 35) } }") == ":b 40\n:c 50\n");
    CHECK(store.ask("ASK { SERVICE :e { :a :age 30 } }"));
    CHECK_FALSE(store.ask("ASK { SERVICE :e { :a :age 31 } }"));
  }
  SUBCASE("in OPTIONAL, MINUS, UNION and EXISTS") {
    CHECK(store.select("SELECT ?x ?n { ?x :p ?v OPTIONAL { SERVICE :e { ?x :age ?n } } }") == ":a 30\n:b 40\n:d -\n");
    CHECK(store.select("SELECT ?x { ?x :p ?v MINUS { SERVICE :e { ?x :age ?n } } }") == ":d\n");
    CHECK(store.select("SELECT ?x { { ?x :p 3 } UNION { SERVICE :e { ?x :age 50 } } }") == ":c\n:d\n");
    CHECK(store.select("SELECT ?x { ?x :p ?v FILTER NOT EXISTS { SERVICE :e { ?x :age ?n } } }") == ":d\n");
  }
  SUBCASE("blank nodes of an answer are new ones") {
    CHECK(store.select("SELECT ?k ?m { SERVICE :e { :b :knows ?k . ?k :name ?m } }") == "_ \"x\"\n");
    CHECK(store.select("SELECT (COUNT(DISTINCT ?k) AS ?n) { { SERVICE :e { ?x :knows ?k } } UNION "
                       "{ SERVICE :e { ?x :knows ?k } } }") == "2\n");
  }
  SUBCASE("parameters reach the endpoint") {
    CHECK(store.select("SELECT ?x ?n { SERVICE :e { ?x :age ?n FILTER(?n < $most) } }",
                       {{"most", akyn::integer(35)}}) == ":a 30\n");
    CHECK(store.select("SELECT ?x ?n { SERVICE :e { ?x :age ?n BIND(?n * 2 AS ?d) FILTER(?d = 80) } }",
                       {{"x", akyn::iri("http://example/b")}}) == ":b 40\n");
  }
}

TEST_CASE("SERVICE sends the values it knows") {
  Endpoints endpoints;
  std::string ages;
  for (int i = 0; i < 450; ++i) ages += ":s" + std::to_string(i) + " :age " + std::to_string(i) + " .\n";
  endpoints.add("e", ages);
  TestStore store(ages + ":g { :s1 :q 1 . _:b :q 2 . }");
  store.environment.services = &endpoints;

  CHECK(store.select("SELECT ?n { VALUES ?x { :s1 :s1 :s2 } SERVICE :e { ?x :age ?n } }") == "1\n1\n2\n");
  REQUIRE(endpoints.queries.size() == kAskedBy);
  CHECK(endpoints.queries[0] ==
        "SELECT ?x ?n WHERE { VALUES ( ?x ) { ( <http://example/s1> ) ( <http://example/s2> ) } "
        "?x <http://example/age> ?n . }");
  endpoints.queries.clear();

  SUBCASE("a few hundred at a time") {
    CHECK(store.select("SELECT (COUNT(*) AS ?c) { ?x :age ?n SERVICE :e { ?x :age ?m } }") == "450\n");
    CHECK(endpoints.queries.size() == 3 * kAskedBy);
  }
  SUBCASE("nothing known to match asks nobody") {
    CHECK(store.select("SELECT ?n { ?x :age 1000 SERVICE :e { ?x :age ?n } }").empty());
    CHECK(endpoints.queries.empty());
  }
  SUBCASE("blank nodes mean nothing elsewhere") {
    CHECK(store.select("SELECT ?n { GRAPH :g { ?x :q ?v } SERVICE :e { ?x :age ?n } }") == "1\n");
    REQUIRE(endpoints.queries.size() == kAskedBy);
    CHECK(endpoints.queries[0] == "SELECT ?x ?n WHERE { ?x <http://example/age> ?n . } ");
  }
  SUBCASE("but not past the pattern's own limits") {
    CHECK(store.select("SELECT ?n { VALUES ?x { :s3 } SERVICE :e { SELECT ?x ?n { ?x :age ?n } ORDER BY ?n LIMIT 2 } }")
              .empty());
    CHECK(store.select(
              "SELECT ?n { VALUES ?x { :s1 } SERVICE :e { SELECT ?x ?n { ?x :age ?n } ORDER BY ?n LIMIT 2 } }") ==
          "1\n");
  }
}

TEST_CASE("SERVICE with a variable") {
  Endpoints endpoints;
  endpoints.add("e1", R"(:a :age 30 .)");
  endpoints.add("e2", R"(:a :age 31 . :b :age 40 .)");
  TestStore store(R"(:a :at :e1 . :a :at :e2 . :b :at :e2 . :c :at "no IRI" .)");
  store.environment.services = &endpoints;
  CHECK(store.select("SELECT ?e ?x ?n { VALUES ?e { :e1 :e2 } SERVICE ?e { ?x :age ?n } }") ==
        ":e1 :a 30\n:e2 :a 31\n:e2 :b 40\n");
  CHECK(store.select("SELECT ?x ?n { :b :at ?e . ?x :at ?e SERVICE ?e { ?x :age ?n } }") == ":a 31\n:b 40\n");
  CHECK(error_of([&] { (void)store.select("SELECT * { SERVICE ?e { ?x :age ?n } }"); }) ==
        "SERVICE ?e: the variable has no value here; what binds it must stand in the same group");
  CHECK(error_of([&] { (void)store.select("SELECT * { :c :at ?e SERVICE ?e { ?x :age ?n } }"); }) ==
        "SERVICE wants the IRI of an endpoint, not \"no IRI\"");
}

TEST_CASE("SERVICE asks those endpoints alone that the filters leave") {
  Endpoints endpoints;
  endpoints.add("e1", R"(:a :age 30 .)");
  endpoints.add("e2", R"(:a :age 31 .)");
  TestStore store(
      R"(:x :about "remote data" ; :at :e1 . :y :about "remote" ; :at :e2 . :z :about "here" ; :at :nobody .)");
  store.environment.services = &endpoints;
  CHECK(store.select(
            "SELECT ?e ?n { { ?s :about ?t ; :at ?e FILTER(REGEX(?t, 'remote')) } SERVICE ?e { ?x :age ?n } }") ==
        ":e1 30\n:e2 31\n");
  CHECK(store.select("SELECT ?e ?n { { ?s :at ?e FILTER(?e = :e2) } SERVICE ?e { ?x :age ?n FILTER(?n > 3) } "
                     "FILTER(?n < 32) }") == ":e2 31\n");
  endpoints.queries.clear();
  CHECK(store.select("SELECT ?n { { ?s :at ?e FILTER(?e = :e3) } SERVICE ?e { ?x :age ?n } }").empty());
  CHECK(endpoints.queries.empty());
}

TEST_CASE("SERVICE that fails") {
  Endpoints endpoints;
  endpoints.add("e", R"(:a :age 30 .)");
  TestStore store(R"(:a :p 1 .)");
  store.environment.services = &endpoints;
  CHECK(error_of([&] { (void)store.select("SELECT * { SERVICE :none { ?x :age ?n } }"); }) ==
        "nobody answers at http://example/none");
  CHECK(store.select("SELECT ?x ?v ?n { ?x :p ?v SERVICE SILENT :none { ?x :age ?n } }") == ":a 1 -\n");
  CHECK(store.select("SELECT ?e ?n { VALUES ?e { :none :e } SERVICE SILENT ?e { ?x :age ?n } }") == ":e 30\n:none -\n");

  CHECK(error_of([&] { (void)store.select("SELECT * { SERVICE SILENT :large { ?x :age ?n } }"); }) == "too large");

  store.environment.services = nullptr;
  CHECK(error_of([&] { (void)store.select("SELECT * { SERVICE :e { ?x :p ?y } }"); }) ==
        "SERVICE is switched off: the option allow_service lets a query ask other endpoints");
  CHECK(store.select("SELECT ?x ?y ?z { ?x :p ?y SERVICE SILENT :e { ?x :q ?z } }") == ":a 1 -\n");
}
