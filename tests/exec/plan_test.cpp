// Which operators a query becomes, and how many rows each of them gives: what a plan costs, without a clock.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/exec/explain.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {
namespace {

// A shop: 200 products of 10 makers, 2000 reviews of them by 100 people who know each other, a tree of 127 kinds.
std::string shop() {
  std::string data;
  const auto add = [&](std::string_view subject, int i, std::string_view rest) {
    data += ':' + std::string(subject) + std::to_string(i) + ' ' + std::string(rest) + " .\n";
  };
  const auto name = [](std::string_view of, int i) { return ':' + std::string(of) + std::to_string(i); };
  for (int i = 0; i < 10; ++i) add("maker", i, "a :Maker ; :country " + name("country", i % 3));
  for (int i = 0; i < 200; ++i) {
    add("product", i,
        "a :Product ; :label \"product " + std::to_string(i) + "\" ; :price " + std::to_string(i * 37 % 1000) +
            " ; :maker " + name("maker", i % 10) + " ; :feature " + name("feature", i % 50) + ", " +
            name("feature", i * 7 % 50) + " ; :kind " + name("kind", i % 127 + 1));
  }
  for (int i = 0; i < 2000; ++i) {
    add("review", i,
        "a :Review ; :of " + name("product", i * i % 200) + " ; :by " + name("person", i % 100) + " ; :rating " +
            std::to_string(i % 10));
    if (i % 4 == 0) add("review", i, ":text \"review number " + std::to_string(i) + '"');
  }
  for (int i = 0; i < 100; ++i) {
    add("person", i,
        "a :Person ; :country " + name("country", i % 3) + " ; :knows " + name("person", (i + 1) % 100) + ", " +
            name("person", i * 3 % 100));
  }
  for (int i = 2; i < 128; ++i) add("kind", i, ":within " + name("kind", i / 2));
  return data;
}

// An operator a line, inputs further to the right: what it does, and its rows.
std::string rows_of_operators(TestStore& store, std::string_view text) {
  const algebra::Query query = translated(text);
  LocalTerms terms = store.terms();
  const auto evaluation = open_select(query, terms, store.environment);
  evaluation->run().set_profiling(true);
  for (Batch batch; evaluation->next(batch);) {
  }
  std::string result;
  const std::string whole = explain_text(*evaluation, true);
  std::string_view rest = whole;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const std::size_t figures = line.rfind("  expected ");
    std::string_view figure = line.substr(figures);
    // "got 7 in 3 rows" of counted rows, otherwise "got 7"; nothing of what a look-up searches.
    const std::size_t in = figure.find(" in ");
    const std::size_t got = figure.find("got ");
    figure.remove_prefix(in != std::string_view::npos ? in + 4 : std::min(got, figure.size() - 4) + 4);
    if (got == std::string_view::npos) figure = "searched";
    line = line.substr(0, figures);
    line = line.substr(0, line.find_last_not_of(' ') + 1);
    result += std::string(line) + " | " + std::string(figure.substr(0, figure.find_first_of(" ,"))) + '\n';
  }
  return result;
}

struct Case {
  std::string_view query;
  std::string_view operators;
};

TEST_CASE("plans do not read more than they did") {
  TestStore store(shop());
  store.database().optimize();
  store.database().finish_merges();  // counts what plans go by
  for (const Case& each : std::vector<Case>{
           {"SELECT ?p { ?p a :Product }",
            R"(
scan  POS  ?p <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example/Product> | 200
)"},
           {"SELECT ?l { :product7 :label ?l }",
            R"(
scan  SPO  <http://example/product7> <http://example/label> ?l | 1
)"},
           {"SELECT (COUNT(*) AS ?n) { ?r :rating ?x }",
            R"(
project  ?n | 1
  bind  ?n = .aggregate.3 | 1
    bind  ?.aggregate.3 = "2000"^^<http://www.w3.org/2001/XMLSchema#integer> | 1
      unit | 1
)"},
           {"SELECT ?p ?w ?v { ?p :maker ?m . ?q :maker ?m . ?q ?w ?v FILTER(STRLEN(STR(?p)) > STRLEN(STR(?q))) }",
            R"(
project  ?p ?w ?v | 7581
  merge join  on ?q | 7581
    scan  SPO  ?q ?w ?v | 4096
    filter  (STRLEN(STR(?p)) > STRLEN(STR(?q))) | 1090
      hash join  on ?m | 4000
        scan  PSO  ?q <http://example/maker> ?m | 200
        scan  PSO  ?p <http://example/maker> ?m | 200
)"},
           {"SELECT (MIN(?c) AS ?x) (MAX(?c) AS ?y) (COUNT(*) AS ?n) { ?p :price ?c }",
            R"(
project  ?x ?y ?n | 1
  bind  ?x = .aggregate.3, ?y = .aggregate.5, ?n = .aggregate.7 | 1
    bind  ?.aggregate.7 = "200"^^<http://www.w3.org/2001/XMLSchema#integer> | 1
      group  for ?.aggregate.3, for ?.aggregate.5 | 1
        values  2 rows of ?c | 2
)"},
           {"SELECT (COUNT(DISTINCT ?p) AS ?n) { ?r :of ?p }",
            R"(
project  ?n | 1
  bind  ?n = .aggregate.3 | 1
    bind  ?.aggregate.3 = "33"^^<http://www.w3.org/2001/XMLSchema#integer> | 1
      unit | 1
)"},
           {"SELECT (COUNT(*) AS ?n) { ?r :of ?p . ?r :by ?u }",
            R"(
project  ?n | 1
  bind  ?n = .aggregate.4 | 1
    group  for ?.aggregate.4 | 1
      merge join  on ?r | 2000
        scan  PSO  ?r <http://example/by> ?u | 2000
        scan  PSO  ?r <http://example/of> ?p | 2000
)"},
           {"SELECT ?p ?l { ?p :maker :maker3 ; :label ?l }",
            R"(
merge join  on ?p | 20
  scan  PSO  ?p <http://example/label> ?l | 200
  scan  POS  ?p <http://example/maker> <http://example/maker3> | 20
)"},
           {"SELECT ?r ?l { ?r :of ?p . ?p :label ?l . ?p :price ?c FILTER(?c < 50) }",
            R"(
project  ?r ?l | 220
  look-up join  on ?p | 220
    look-up join  on ?p | 9
      project  ?p | 9
        filter  (?c < "50"^^<http://www.w3.org/2001/XMLSchema#integer>) | 9
          scan  POS  ?p <http://example/price> ?c, in 4 ranges of Ids | 9
      scan  PSO  ?p <http://example/label> ?l | searched
    scan  POS  ?r <http://example/of> ?p | searched
)"},
           {"SELECT ?r { ?r :by :person5 ; :of ?p . ?p :feature :feature4 }",
            R"(
hash join  on ?p | 0
  merge join  on ?r | 20
    scan  PSO  ?r <http://example/of> ?p | 1897
    scan  POS  ?r <http://example/by> <http://example/person5> | 20
  scan  POS  ?p <http://example/feature> <http://example/feature4> | 8
)"},
           {"SELECT ?u ?c { ?p :maker :maker1 . ?r :of ?p ; :by ?u . ?u :country ?c }",
            R"(
hash join  on ?u | 400
  merge join  on ?r | 400
    scan  PSO  ?r <http://example/by> ?u | 2000
    hash join  on ?p | 400
      scan  PSO  ?r <http://example/of> ?p | 2000
      scan  POS  ?p <http://example/maker> <http://example/maker1> | 20
  scan  PSO  ?u <http://example/country> ?c | 110
)"},
           {"SELECT ?p ?t { ?p :maker :maker1 OPTIONAL { ?r :of ?p ; :text ?t } }",
            R"(
hash left join  on ?p | 20
  scan  POS  ?p <http://example/maker> <http://example/maker1> | 20
  merge join  on ?r | 500
    scan  PSO  ?r <http://example/text> ?t | 500
    scan  PSO  ?r <http://example/of> ?p | 2000
)"},
           {"SELECT ?p { ?p a :Product FILTER NOT EXISTS { ?r :of ?p } }",
            R"(
merge anti join  on ?p | 167
  scan  POS  ?p <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example/Product> | 200
  scan  POS  ?r <http://example/of> ?p | 34
)"},
           {"SELECT ?p { ?p a :Product FILTER EXISTS { ?r :of ?p ; :text ?t } }",
            R"(
hash semi join  on ?p | 11
  scan  POS  ?p <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example/Product> | 200
  merge join  on ?r | 500
    scan  PSO  ?r <http://example/text> ?t | 500
    scan  PSO  ?r <http://example/of> ?p | 2000
)"},
           {"SELECT ?r { ?r :by :person1 MINUS { ?r :text ?t } }",
            R"(
merge anti join  on ?r | 20
  scan  POS  ?r <http://example/by> <http://example/person1> | 20
  scan  PSO  ?r <http://example/text> ?t | 500
)"},
           {"SELECT ?p { { ?p :maker :maker1 } UNION { ?p :maker :maker2 } ?p :price 37 }",
            R"(
merge join  on ?p | 1
  scan  POS  ?p <http://example/price> "37"^^<http://www.w3.org/2001/XMLSchema#integer> | 1
  union  sorted by ?p | 40
    scan  POS  ?p <http://example/maker> <http://example/maker1> | 20
    scan  POS  ?p <http://example/maker> <http://example/maker2> | 20
)"},
           {"SELECT ?l { VALUES ?p { :product1 :product2 :nothing } ?p :label ?l }",
            R"(
look-up join  on ?p | 2
  values  3 rows of ?p | 3
  scan  PSO  ?p <http://example/label> ?l | searched
)"},
           {"SELECT ?p (COUNT(*) AS ?n) { ?r :of ?p } GROUP BY ?p",
            R"(
project  ?p ?n | 33
  bind  ?n = .aggregate.3 | 33
    group sorted rows  by ?p, for ?.aggregate.3 | 33
      scan  POS  ?r <http://example/of> ?p | 34
)"},
           {"SELECT ?m (AVG(?x) AS ?a) { ?r :of ?p ; :rating ?x . ?p :maker ?m } GROUP BY ?m",
            R"(
project  ?m ?a | 6
  bind  ?a = .aggregate.5 | 6
    group  by ?m, for ?.aggregate.5 | 6
      merge join  on ?r | 2000
        hash join  on ?p | 2000
          scan  PSO  ?r <http://example/of> ?p | 2000
          scan  PSO  ?p <http://example/maker> ?m | 200
        scan  PSO  ?r <http://example/rating> ?x | 2000
)"},
           {"SELECT DISTINCT ?u { ?r :by ?u }",
            R"(
distinct of sorted rows | 100
  scan  POS  ?r <http://example/by> ?u | 100
)"},
           {"SELECT DISTINCT ?m { ?r :of ?p . ?p :maker ?m }",
            R"(
distinct | 6
  merge join  on ?p | 33
    scan  PSO  ?p <http://example/maker> ?m | 200
    scan  POS  ?r <http://example/of> ?p | 34
)"},
           {"SELECT ?p ?c { ?p :price ?c } ORDER BY DESC(?c) LIMIT 3",
            R"(
slice  3 rows | 3
  sort  by ?c descending, first 3 | 200
    scan  PSO  ?p <http://example/price> ?c | 200
)"},
           {"SELECT ?r { ?r a :Review } LIMIT 5",
            R"(
slice  5 rows | 5
  scan  POS  ?r <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example/Review> | 2000
)"},
           {"SELECT ?k { :kind100 :within+ ?k }",
            R"(
path  <http://example/kind100> (<http://example/within>)+ ?k | 6
)"},
           {"SELECT ?p { ?p :kind/:within* :kind3 }",
            R"(
hash join  on ?.step.1 | 94
  scan  PSO  ?p <http://example/kind> ?.step.1 | 200
  path  ?.step.1 (<http://example/within>)* <http://example/kind3> | 63
)"},
           {"SELECT ?a ?b { ?a :knows ?b . ?b :knows ?c . ?c :knows ?a }",
            R"(
project  ?a ?b | 8
  merge join  on ?b with ?a | 8
    hash join  on ?c | 400
      scan  PSO  ?b <http://example/knows> ?c | 200
      scan  PSO  ?c <http://example/knows> ?a | 200
    scan  POS  ?a <http://example/knows> ?b | 200
)"},
           {"SELECT ?x ?y { ?x :maker ?m . ?y :maker ?m . ?x :price ?c . ?y :price ?c FILTER(?x != ?y) }",
            R"(
project  ?x ?y | 0
  filter  (?x != ?y) | 0
    hash join  on ?c ?m | 200
      merge join  on ?y | 200
        scan  PSO  ?y <http://example/price> ?c | 200
        scan  PSO  ?y <http://example/maker> ?m | 200
      merge join  on ?x | 200
        scan  PSO  ?x <http://example/price> ?c | 200
        scan  PSO  ?x <http://example/maker> ?m | 200
)"},
           {"SELECT ?l ?x { ?p :label ?l . ?r :of ?p ; :rating ?x FILTER(STRSTARTS(?l, 'product 19')) }",
            R"(
project  ?l ?x | 40
  merge join  on ?r | 40
    scan  PSO  ?r <http://example/rating> ?x | 2000
    hash join  on ?p | 40
      scan  PSO  ?r <http://example/of> ?p | 2000
      filter  STRSTARTS(?l, "product 19") | 11
        scan  POS  ?p <http://example/label> ?l, in 3 ranges of Ids | 11
)"},
           {"SELECT ?u { ?u :country :country1 { SELECT ?u (MAX(?x) AS ?best) { ?r :by ?u ; :rating ?x } GROUP BY ?u } "
            "FILTER(?best > 8) }",
            R"(
project  ?u | 3
  filter  (?best > "8"^^<http://www.w3.org/2001/XMLSchema#integer>) | 3
    hash join  on ?u | 33
      project  ?u ?best | 100
        bind  ?best = .aggregate.4 | 100
          group  by ?u, for ?.aggregate.4 | 100
            merge join  on ?r | 2000
              scan  PSO  ?r <http://example/rating> ?x | 2000
              scan  PSO  ?r <http://example/by> ?u | 2000
      scan  POS  ?u <http://example/country> <http://example/country1> | 36
)"},
           {"SELECT ?p ?l ?m ?f ?k { ?p a :Product ; :label ?l ; :maker ?m ; :feature ?f ; :kind ?k }",
            R"(
project  ?p ?l ?m ?f ?k | 392
  merge join  on ?p | 392
    merge join  on ?p | 200
      merge join  on ?p | 200
        merge join  on ?p | 200
          scan  PSO  ?p <http://example/kind> ?k | 200
          scan  PSO  ?p <http://example/maker> ?m | 200
        scan  PSO  ?p <http://example/label> ?l | 200
      scan  POS  ?p <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example/Product> | 200
    scan  PSO  ?p <http://example/feature> ?f | 392
)"},
       }) {
    CAPTURE(each.query);
    const std::string operators = '\n' + rows_of_operators(store, each.query);
    CHECK(operators == each.operators);
  }
}

TEST_CASE("a search for paths gives no more than is looked at") {
  TestStore store(":a :p :b , :c . :b :p :d . :c :p :d . :x :start :a .");
  struct Search {
    std::string_view query;
    std::string_view given;
  };
  for (const Search& each : {
           Search{"SELECT ?p { PATH ?p = (:a :p+ ?y) }", "?y), breadth first | 3"},
           {"SELECT ?y { PATH ?p = (:a :p+ ?y) }", "ends only, breadth first | 3"},
           {"SELECT ?y { PATH ?p = ALL TRAIL (:a :p+ ?y) }", "without paths, depth first"},
           {"SELECT DISTINCT ?y { PATH ?p = ALL TRAIL (:a :p+ ?y) FILTER(?y != :b) }", "ends only"},
           {"SELECT ?s { ?s :start ?f FILTER EXISTS { PATH ?p = ALL TRAIL (?f :p+ :d) } }", "ends only"},
           {"SELECT ?s { ?s :start ?f MINUS { PATH ?p = ALL SHORTEST (?f :p+ :d) } }", "ends only"},
           {"SELECT (path:length(?p) AS ?l) { PATH ?p = ALL SHORTEST (:a :p+ ?y) }", "lengths only"},
           {"SELECT ?y { PATH ?p = (:a :p+ ?y) FILTER(path:length(?p) > 1) }", "lengths only"},
           {"SELECT (MAX(path:length(?p)) AS ?m) { PATH ?p = ALL SHORTEST (:a :p+ ?y) }", "lengths only"},
           {"SELECT ?p { PATH ?p = (:a :p+ ?y) FILTER(path:length(?p) > 1) }", "?y), breadth first"},
           {"SELECT ?q { PATH ?p = (:a :p+ ?y) BIND(?p AS ?q) FILTER(path:length(?p) > 1) }", "?y), breadth first"},
       }) {
    CAPTURE(each.query);
    const std::string operators = rows_of_operators(store, "PREFIX path: <urn:akyn:path#> " + std::string(each.query));
    CAPTURE(operators);
    CHECK(operators.find("search paths") != std::string::npos);
    CHECK(operators.find(each.given) != std::string::npos);
  }
}

}  // namespace
}  // namespace akyn::exec::test
