// MIN and MAX over all matches of a pattern, answered from the ends of its rows (SPARQL 1.1 Query 18.5.1.5
// and 18.5.1.6).
#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "tests/exec/support.h"

namespace akyn::exec::test {
namespace {

constexpr std::array<std::string_view, 42> kObjects = {"1",
                                                       "-7",
                                                       "12",
                                                       "\"01\"^^xsd:integer",
                                                       "123456789012345678901234567890",
                                                       "1.0",
                                                       "1.00",
                                                       "-7.0",
                                                       "2.5",
                                                       "1e0",
                                                       "1.0E0",
                                                       "1.0e+00",
                                                       "-0.0E0",
                                                       "0.0E0",
                                                       "0e0",
                                                       "\"INF\"^^xsd:double",
                                                       "\"NaN\"^^xsd:double",
                                                       "\"1.0\"^^xsd:float",
                                                       "true",
                                                       "false",
                                                       "\"1\"^^xsd:boolean",
                                                       "\"2020-01-01\"^^xsd:date",
                                                       "\"2019-12-31\"^^xsd:date",
                                                       "\"2020-01-01Z\"^^xsd:date",
                                                       "\"2020-01-01+00:00\"^^xsd:date",
                                                       "\"2020-01-01+06:00\"^^xsd:date",
                                                       "\"2020-01-01T00:00:00\"^^xsd:dateTime",
                                                       "\"2020-01-01T00:00:00Z\"^^xsd:dateTime",
                                                       "\"2020-01-01T06:00:00+06:00\"^^xsd:dateTime",
                                                       "\"2020-01-01T00:00:00.0Z\"^^xsd:dateTime",
                                                       "\"2019-01-01T00:00:00.50+00:00\"^^xsd:dateTime",
                                                       "\"a\"",
                                                       "\"b\"",
                                                       "\"\"",
                                                       "\"a\"@en",
                                                       "\"a\"@de",
                                                       "\"x\"^^:other",
                                                       "\"bad\"^^xsd:integer",
                                                       ":a",
                                                       ":z",
                                                       "_:n",
                                                       "<<( :a :p 1 )>>"};

bool has_scan(const plan::Node& node) {
  return std::holds_alternative<plan::Scan>(node.op) ||
         std::ranges::any_of(node.inputs, [](const plan::NodePtr& input) { return has_scan(*input); });
}

bool is_known(TestStore& store, std::string_view query) {
  LocalTerms terms = store.terms();
  return !has_scan(open_select(translated(query), terms, store.environment, {})->plan());
}

TEST_CASE("MIN and MAX do not read what is between the ends") {
  TestStore store;
  std::string data;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    data += ":s" + n + " :n " + n + " ; :mixed " + n + " , " + n + ".5 , '" + n + "' ; :when '2020-01-01T00:0" +
            std::to_string(i % 10) + ":00Z'^^xsd:dateTime ; :tagged '" + n + "'@en . ";
  }
  store.update("PREFIX : <http://example/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> INSERT DATA { " + data +
               "GRAPH :g { " + data + "} }");
  store.database().optimize();

  CHECK(is_known(store, "SELECT (MIN(?o) AS ?a) (MAX(?o) AS ?b) (COUNT(*) AS ?c) { ?s :n ?o }"));
  CHECK(is_known(store, "SELECT (MAX(?s) AS ?a) (MIN(?o) AS ?b) { ?s :n ?o }"));
  CHECK(is_known(store, "SELECT (MAX(?o) AS ?a) { ?s :mixed ?o }"));
  CHECK(is_known(store, "SELECT (MAX(?o) AS ?a) { ?s :when ?o }"));
  CHECK(is_known(store, "SELECT (MAX(?o) AS ?a) { ?s :n ?o FILTER(isLiteral(?o)) }"));
  CHECK(is_known(store, "SELECT (MAX(?o) AS ?a) { GRAPH :g { ?s :n ?o } }"));
  CHECK(is_known(store, "SELECT (MAX(?o) AS ?a) { GRAPH ?g { ?s :n ?o } }"));
  CHECK_FALSE(is_known(store, "SELECT (MAX(?o) AS ?a) { ?s :tagged ?o }"));
  CHECK_FALSE(is_known(store, "SELECT (MAX(?o) AS ?a) (SUM(?o) AS ?b) { ?s :n ?o }"));
  CHECK_FALSE(is_known(store, "SELECT (MAX(?g) AS ?a) { GRAPH ?g { ?s :n ?o } }"));
  CHECK_FALSE(is_known(store, "SELECT (MAX(?o) AS ?a) { ?s :n ?o } GROUP BY ?s"));

  CHECK(store.select("SELECT (MIN(?o) AS ?a) (MAX(?o) AS ?b) (COUNT(*) AS ?c) (COUNT(DISTINCT ?o) AS ?d) "
                     "(MAX(?s) AS ?e) { ?s :n ?o }") == "0 299 300 300 :s99\n");
  CHECK(store.select("SELECT (MIN(?o) AS ?a) (MAX(?o) AS ?b) { ?s :mixed ?o }") == "\"0\" 299.5\n");
  CHECK(store.select("SELECT (MIN(?o) AS ?a) (MAX(?o) AS ?b) { ?s :n ?o FILTER(?o > 17 && ?o < 100) }") == "18 99\n");
  CHECK(store.select("SELECT (MIN(?o) AS ?a) (COUNT(*) AS ?n) { ?s :nothing ?o }") == "- 0\n");
  CHECK(store.select("SELECT (MAX(?o) + 1 AS ?a) { ?s :n ?o } HAVING(MIN(?o) < 5)") == "300\n");
}

TEST_CASE("MIN and MAX of values of any kind have the oracle's answers") {
  std::mt19937_64 random(1);
  const auto one_of = [&](const auto& choices) { return std::string(choices[random() % choices.size()]); };
  constexpr std::array<std::string_view, 3> kSubjects = {":a", ":b", ":c"};
  constexpr std::array<std::string_view, 2> kPredicates = {":p", ":q"};
  constexpr std::array<std::string_view, 10> kPatterns = {"?a :p ?b",
                                                          "?a ?c ?b",
                                                          ":a :p ?b",
                                                          ":a ?c ?b",
                                                          "?a ?b ?c FILTER(?c > 0)",
                                                          "GRAPH :g { ?a :p ?b }",
                                                          "GRAPH ?g { ?a :q ?b }",
                                                          "?a :p ?b FILTER(?b < 2 || ?b >= 'a')",
                                                          "?a :p ?a",
                                                          "?b ?c 1"};
  constexpr std::array<std::string_view, 4> kFrom = {"", "", "FROM :g FROM :h ", "FROM :g FROM NAMED :h "};
  for (int round = 0; round < 150; ++round) {
    TestStore store;
    for (std::uint64_t change = 1 + random() % 3; change > 0; --change) {
      std::string data = random() % 3 == 0 ? "DELETE" : "INSERT";
      const bool blanks = data == "INSERT";
      data = "PREFIX : <http://example/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> " + data + " DATA { ";
      for (std::uint64_t i = random() % 20; i > 0; --i) {
        std::string object = one_of(kObjects);
        if (!blanks && object == "_:n") object = ":a";
        const std::string triple = one_of(kSubjects) + " " + one_of(kPredicates) + " " + object + " . ";
        data += random() % 3 == 0 ? "GRAPH " + std::string(random() % 2 == 0 ? ":g" : ":h") + " { " + triple + "} "
                                  : triple;
      }
      store.update(data + "}");
      if (random() % 3 == 0) store.database().optimize();
    }
    if (random() % 10 == 0) store.update("DROP SILENT GRAPH <http://example/g>");
    for (int question = 0; question < 6; ++question) {
      store.environment.union_default_graph = random() % 4 == 0;
      const std::string query = "SELECT (MIN(?a) AS ?w) (MAX(?a) AS ?x) (MIN(?b) AS ?y) (MAX(?b) AS ?z) " +
                                std::string(random() % 2 == 0 ? "(COUNT(*) AS ?n) " : "") + one_of(kFrom) + "{ " +
                                one_of(kPatterns) + " }";
      CAPTURE(round);
      CAPTURE(query);
      CHECK_FALSE(store.select(query).empty());
    }
  }
}

}  // namespace
}  // namespace akyn::exec::test
