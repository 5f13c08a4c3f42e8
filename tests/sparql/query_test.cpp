// Queries and the trees they make; see parser/sparql/dump.h for the form.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <akyn/error.h>
#include "parser/sparql/dump.h"
#include "parser/sparql/parse.h"

using namespace akyn::sparql;

namespace {

ParseOptions options() {
  ParseOptions known;
  known.base_iri = "http://b/";
  known.prefixes = {{"", "h:"}};
  return known;
}

std::string tree(std::string_view text) {
  return dump(parse_query(text, options()));
}

// The group of SELECT * { ... }.
std::string group(const std::string& contents) {
  const Query query = parse_query("SELECT * {" + contents + "}", options());
  const std::string all = dump(query);
  constexpr std::string_view kBefore = "(select * (group";
  REQUIRE(all.starts_with(kBefore));
  std::string inner = all.substr(kBefore.size(), all.size() - kBefore.size() - 2);
  return inner.starts_with(' ') ? inner.substr(1) : inner;
}

// The expression of SELECT (... AS ?x).
std::string expression(const std::string& text) {
  const Query query = parse_query("SELECT (" + text + " AS ?result) {}", options());
  return dump(*std::get<SelectForm>(query.form).select.projection.front().expression);
}

}  // namespace

TEST_CASE("terms") {
  CHECK(group("<a> :b 'c'") == "(triples (<http://b/a> <h:b> \"c\"))");
  CHECK(group("?s a $o") == "(triples (?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?o))");
  CHECK(group("?s ?p 1, 1.5, -2e3, true, FALSE") ==
        "(triples (?s ?p 1) (?s ?p 1.5) (?s ?p -2e3) (?s ?p true) (?s ?p false))");
  CHECK(group("?s ?p 'a'@en-US, 'b'@ar--rtl, 'c'^^:t, 'd'^^<http://www.w3.org/2001/XMLSchema#string>") ==
        "(triples (?s ?p \"a\"@en-US) (?s ?p \"b\"@ar--rtl) (?s ?p \"c\"^^<h:t>) (?s ?p \"d\"))");
  CHECK(group("_:x ?p [], ()") == "(triples (_:x ?p _:1) (_:x ?p <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>))");
}

TEST_CASE("abbreviated triples") {
  CHECK(group("?s :p ?a, ?b ; ; :q ?c ; .") == "(triples (?s <h:p> ?a) (?s <h:p> ?b) (?s <h:q> ?c))");
  CHECK(group("[ :p 1 ; :q 2 ]") == "(triples (_:1 <h:p> 1) (_:1 <h:q> 2))");
  CHECK(group("[ :p [ :q 1 ] ] :r 2") == "(triples (_:1 <h:q> 1) (_:2 <h:p> _:1) (_:2 <h:r> 2))");
  const std::string rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#";
  CHECK(group("(1 ?x) :p 2") == "(triples (_:1 " + rdf + "first> 1) (_:1 " + rdf + "rest> _:2) (_:2 " + rdf +
                                    "first> ?x) (_:2 " + rdf + "rest> " + rdf + "nil>) (_:1 <h:p> 2))");
}

TEST_CASE("triple terms, reifiers, annotations") {
  const std::string reifies = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>";
  CHECK(group("?s ?p <<( ?a :b <<( :c :d 1 )>> )>>") ==
        "(triples (?s ?p (triple-term ?a <h:b> (triple-term <h:c> <h:d> 1))))");
  CHECK(group("<< ?s ?p ?o >>") == "(triples (_:1 " + reifies + " (triple-term ?s ?p ?o)))");
  CHECK(group("<< ?s ?p ?o ~ :r >> :q 1") ==
        "(triples (<h:r> " + reifies + " (triple-term ?s ?p ?o)) (<h:r> <h:q> 1))");
  CHECK(group("?s ?p ?o ~ ?r") == "(triples (?s ?p ?o) (?r " + reifies + " (triple-term ?s ?p ?o)))");
  // A block belongs to the reifier right before it, else to a fresh one.
  CHECK(group("?s ?p ?o ~ ?r {| :q 1 |} {| :q 2 |}") == "(triples (?s ?p ?o) (?r " + reifies +
                                                            " (triple-term ?s ?p ?o)) (?r <h:q> 1) (_:1 " + reifies +
                                                            " (triple-term ?s ?p ?o)) (_:1 <h:q> 2))");
  CHECK(group("?s :p 1 {| :q 2 ~ ?r |}, 3") == "(triples (?s <h:p> 1) (_:1 " + reifies +
                                                   " (triple-term ?s <h:p> 1)) (_:1 <h:q> 2) (?r " + reifies +
                                                   " (triple-term _:1 <h:q> 2)) (?s <h:p> 3))");
}

TEST_CASE("property paths") {
  const auto path = [](const std::string& text) {
    const std::string all = group("?s " + text + " ?o");
    return all.substr(13, all.size() - 13 - 5);
  };
  CHECK(path(":p") == "<h:p>");
  CHECK(path("(:p)") == "<h:p>");
  CHECK(path("^:p") == "(^ <h:p>)");
  CHECK(path(":p/:q|:r") == "(| (/ <h:p> <h:q>) <h:r>)");
  CHECK(path("(:p|^:q)*") == "(* (| <h:p> (^ <h:q>)))");
  CHECK(path("^:p?/:q+") == "(/ (^ (? <h:p>)) (+ <h:q>))");
  CHECK(path("!(:p|^a|:q)") == "(! <h:p> <h:q> (^ <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>))");
  CHECK(path("!()") == "(!)");
  CHECK(path("!:p") == "(! <h:p>)");
}

TEST_CASE("operators") {
  CHECK(expression("?a + ?b * ?c - 1") == "(- (+ ?a (* ?b ?c)) 1)");
  CHECK(expression("?a -1 * 2 +3") == "(+ (- ?a (* 1 2)) 3)");
  CHECK(expression("?a - -1") == "(- ?a -1)");
  CHECK(expression("-?a * +?b") == "(* (- ?a) (+ ?b))");
  CHECK(expression("!!?a = !?b") == "(= (! (! ?a)) (! ?b))");
  CHECK(expression("?a || ?b && ?c < 1") == "(|| ?a (&& ?b (< ?c 1)))");
  CHECK(expression("?a || ?b || ?c") == "(|| ?a ?b ?c)");
  CHECK(expression("1 || 2 || 3 || 4") == "(|| 1 2 3 4)");
  CHECK(expression("1 - 2 - 3 + 4 * 5 / 6 * 7") == "(+ (- (- 1 2) 3) (* (/ (* 4 5) 6) 7))");
  CHECK(expression("1 -2*3 -4") == "(- (- 1 (* 2 3)) 4)");
  CHECK(expression("(1 + 2) + (3 + 4)") == "(+ (+ 1 2) (+ 3 4))");
  CHECK(expression("?a IN (1, ?b + 1)") == "(in ?a 1 (+ ?b 1))");
  CHECK(expression("?a NOT IN ()") == "(not-in ?a)");
  CHECK(expression("(?a)") == "?a");
}

TEST_CASE("calls") {
  CHECK(expression("isiri(?a)") == "(ISIRI ?a)");
  CHECK(expression("NOW()") == "(NOW)");
  CHECK(expression("BNODE( )") == "(BNODE)");
  CHECK(expression("COALESCE(?a, 1, 'x')") == "(COALESCE ?a 1 \"x\")");
  CHECK(expression("STRLANGDIR('a', 'en', 'ltr')") == "(STRLANGDIR \"a\" \"en\" \"ltr\")");
  CHECK(expression(":f(?a, 1)") == "(call <h:f> ?a 1)");
  CHECK(expression(":f()") == "(call <h:f>)");
  CHECK(expression(":f") == "<h:f>");
  CHECK(expression("TRIPLE(?a, ?b, SUBJECT(<<( ?s :p 1 )>>))") == "(TRIPLE ?a ?b (SUBJECT (triple-term ?s <h:p> 1)))");
  CHECK(expression("EXISTS { ?s ?p 1 } && NOT EXISTS {}") ==
        "(&& (exists (group (triples (?s ?p 1)))) (not-exists (group)))");
}

TEST_CASE("aggregates") {
  CHECK(tree("SELECT (COUNT(*) AS ?n) (count(DISTINCT *) AS ?d) (SUM(?a + 1) AS ?s) "
             "(GROUP_CONCAT(DISTINCT ?a; SEPARATOR = ', ') AS ?g) (:agg(DISTINCT ?a) AS ?c) {}") ==
        "(select ((as ?n (count *)) (as ?d (count distinct *)) (as ?s (sum (+ ?a 1))) "
        "(as ?g (group-concat distinct ?a separator=\", \")) (as ?c (call <h:agg> distinct ?a))) (group))");
}

TEST_CASE("patterns") {
  CHECK(group("") == "");
  CHECK(group("?s ?p ?o FILTER(?o) ?a ?b ?c") == "(triples (?s ?p ?o) (?a ?b ?c)) (filter ?o)");
  CHECK(group("?s ?p ?o BIND(1 AS ?x) ?a ?b ?c") == "(triples (?s ?p ?o)) (bind ?x 1) (triples (?a ?b ?c))");
  CHECK(group("{ ?s ?p ?o }") == "(group (triples (?s ?p ?o)))");
  CHECK(group("{} UNION {} UNION {}") == "(union (group) (group) (group))");
  CHECK(group("OPTIONAL {} . MINUS {}") == "(optional (group)) (minus (group))");
  CHECK(group("GRAPH ?g { GRAPH :h {} }") == "(graph ?g (group (graph <h:h> (group))))");
  CHECK(group("SERVICE SILENT <http://e/> {} SERVICE ?x {}") ==
        "(service silent <http://e/> (group)) (service ?x (group))");
  CHECK(group("FILTER NOT EXISTS {}") == "(filter (not-exists (group)))");
  CHECK(group("FILTER :f(?x) FILTER BOUND(?x)") == "(filter (call <h:f> ?x)) (filter (BOUND ?x))");
  CHECK(group("VALUES ?x { 1 UNDEF 'a' }") == "(values (?x) (1) (undef) (\"a\"))");
  CHECK(group("VALUES (?x ?y) { (1 2) (UNDEF :z) }") == "(values (?x ?y) (1 2) (undef <h:z>))");
  CHECK(group("VALUES () { () () }") == "(values () () ())");
  CHECK(group("VALUES ?t { <<( :s a 1 )>> }") ==
        "(values (?t) (<<( <h:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer> )>>))");
  CHECK(group("{ SELECT ?x { ?x ?y ?z } LIMIT 1 }") == "(group (select (?x) (group (triples (?x ?y ?z))) (limit 1)))");
}

TEST_CASE("query forms") {
  CHECK(tree("select distinct ?a (?b AS ?c) from <g> from named :n where {} order by ?a desc(?b) limit 3 offset 4") ==
        "(select distinct (?a (as ?c ?b)) (from <http://b/g>) (from-named <h:n>) (group) (order-by ?a) "
        "(order-by desc ?b) (limit 3) (offset 4))");
  CHECK(tree("SELECT REDUCED ?a {} OFFSET 4 LIMIT 3 VALUES ?a { 1 }") ==
        "(select reduced (?a) (group) (limit 3) (offset 4) (values (?a) (1)))");
  CHECK(tree("SELECT ?a ?b {} GROUP BY ?a (STR(?x) AS ?b) LCASE(?y) HAVING (COUNT(*) > 1) (?a > 2)") ==
        "(select (?a ?b) (group) (group-by ?a) (group-by ?b (STR ?x)) (group-by (LCASE ?y)) "
        "(having (> (count *) 1)) (having (> ?a 2)))");
  CHECK(tree("ASK { ?s ?p ?o }") == "(ask (group (triples (?s ?p ?o))))");
  CHECK(tree("CONSTRUCT { ?s :p [] } FROM :g { ?s ?p ?o } LIMIT 1") ==
        "(construct (template (?s <h:p> _:1)) (from <h:g>) (group (triples (?s ?p ?o))) (limit 1))");
  CHECK(tree("CONSTRUCT {} WHERE {}") == "(construct (template) (group))");
  CHECK(tree("CONSTRUCT FROM :g WHERE { ?s :p _:b }") ==
        "(construct (template (?s <h:p> _:b)) (from <h:g>) (group (triples (?s <h:p> _:b))))");
  CHECK(tree("DESCRIBE * {}") == "(describe * (group))");
  CHECK(tree("DESCRIBE ?x <y>") == "(describe ?x <http://b/y>)");
}

TEST_CASE("the prologue") {
  const Query query = parse_query(
      "BASE <http://x/> PREFIX a: <p#> BASE <y/> PREFIX b: <> VERSION '1.2' SELECT * { a:1 b:2 <z> }", options());
  CHECK(dump(query) == "(select * (group (triples (<http://x/p#1> <http://x/y/2> <http://x/y/z>))))");
  CHECK(query.base == "http://x/y/");
  REQUIRE(query.prefixes.size() == 2);
  CHECK(query.prefixes[1].prefix == "b");
  CHECK(query.prefixes[1].iri == "http://x/y/");
}

TEST_CASE("variables in scope") {
  const auto accepts = [](std::string_view text) {
    try {
      (void)parse_query(text, options());
      return true;
    } catch (const akyn::Error&) {
      return false;
    }
  };
  // What FILTER, MINUS and a sub-SELECT hide may be named anew (18.2.1).
  CHECK(accepts("SELECT (1 AS ?x) { MINUS { ?x ?y ?z } }"));
  CHECK(accepts("SELECT (1 AS ?x) { FILTER EXISTS { ?x ?y ?z } }"));
  CHECK(accepts("SELECT (1 AS ?x) { SELECT ?y { ?x ?y ?z } }"));
  CHECK(accepts("SELECT * { { BIND(1 AS ?x) } UNION { BIND(2 AS ?x) } }"));
  CHECK(accepts("SELECT * { BIND(?x AS ?y) ?x ?p ?o }"));
  CHECK_FALSE(accepts("SELECT (1 AS ?x) { OPTIONAL { ?x ?y ?z } }"));
  CHECK_FALSE(accepts("SELECT (1 AS ?g) { GRAPH ?g {} }"));
  CHECK_FALSE(accepts("SELECT (1 AS ?x) { ?s ?p <<( ?x ?y ?z )>> }"));
  CHECK_FALSE(accepts("SELECT (1 AS ?x) {} VALUES ?x { 2 }"));
  CHECK_FALSE(accepts("SELECT * { VALUES ?x { 1 } BIND(2 AS ?x) }"));
  CHECK_FALSE(accepts("SELECT * { { SELECT (1 AS ?x) {} } BIND(2 AS ?x) }"));
  // Grouping hides all but what it groups by (SPARQL 1.2, 18.2.4).
  CHECK(accepts("SELECT (1 AS ?o) { ?s ?p ?o } GROUP BY ?s"));
  CHECK(accepts("SELECT (COUNT(?o) AS ?n) (?n + 1 AS ?m) { ?s ?p ?o }"));
  CHECK(accepts("SELECT (SUM(?o) + ?s AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY COUNT(?p)"));
  CHECK_FALSE(accepts("SELECT (?m AS ?n) (COUNT(*) AS ?m) { ?s ?p ?o }"));
}

TEST_CASE("blank node labels") {
  CHECK(group("_:a :p 1 FILTER(true) _:a :q 2") == "(triples (_:a <h:p> 1) (_:a <h:q> 2)) (filter true)");
  CHECK_THROWS_AS(group("_:a :p 1 . { _:a :q 2 }"), akyn::Error);
  CHECK_THROWS_AS(group("_:a :p 1 FILTER EXISTS { _:a :q 2 }"), akyn::Error);
  CHECK_NOTHROW(tree("CONSTRUCT { _:a :p ?x } WHERE { _:a :q ?x }"));
}

// ------------------------------------------------------------------ extensions (docs/paths.md)

TEST_CASE("PATH clauses") {
  CHECK(group("PATH ?p = (:a :p+ ?x)") == "(path ?p any-shortest walk (<h:a> (+ <h:p>) ?x))");
  CHECK(group("path ?p = trail (:a :p ?x)") == "(path ?p all trail (<h:a> <h:p> ?x))");
  CHECK(group("PATH ?p = ALL SHORTEST SIMPLE (\"x\" :p _:b)") == "(path ?p all-shortest simple (\"x\" <h:p> _:b))");
  CHECK(group("PATH ?p = SHORTEST 3 GROUPS (:a :p* :b)") == "(path ?p shortest-groups 3 walk (<h:a> (* <h:p>) <h:b>))");
  CHECK(group("PATH ?p = SHORTEST 1 GROUP (:a :p* :b)") == "(path ?p shortest-groups walk (<h:a> (* <h:p>) <h:b>))");
  CHECK(group("PATH ?p = CHEAPEST 2 ACYCLIC (:a :p* :b)") == "(path ?p cheapest 2 acyclic (<h:a> (* <h:p>) <h:b>))");
  CHECK(group("PATH ?p = ANY 5 (:a :p* :b)") == "(path ?p any 5 walk (<h:a> (* <h:p>) <h:b>))");
  CHECK(group("PATH ?p = (:a :p{2}/:q{1,}|:r{,3} :b) MIN LENGTH 1 MAX LENGTH 9 INNER ?n FILTER(?n > 1)") ==
        "(path ?p any-shortest walk (<h:a> (| (/ ({2} <h:p>) (+ <h:q>)) ({0,3} <h:r>)) <h:b>) (min 1) (max 9) "
        "(inner ?n (> ?n 1)))");
  CHECK(group("PATH ?p = (:a ~:p+/~!(:q)/~(:r/:s)? :b)") ==
        "(path ?p any-shortest walk (<h:a> (/ (+ (~ <h:p>)) (~ (! <h:q>)) (? (~ (/ <h:r> <h:s>)))) <h:b>))");
  CHECK(
      group("PATH ?p = (:a (STEP :s (?f ?t) COST (?c * 2) { ?f :p ?t ; :c ?c })+ :b)") ==
      "(path ?p any-shortest walk (<h:a> (+ (step <h:s> ?f ?t (cost (* ?c 2)) (group (triples (?f <h:p> ?t) (?f <h:c> "
      "?c))))) <h:b>))");
  CHECK(group("?a :p ?b . PATH ?p = (?a :p ?b) . ?b :q ?c FILTER(?c > 1) UNNEST(?p AS ?i ?f ?e ?t)") ==
        "(triples (?a <h:p> ?b)) (path ?p any-shortest walk (?a <h:p> ?b)) (triples (?b <h:q> ?c)) (filter (> ?c 1)) "
        "(unnest ?i ?f ?e ?t ?p)");
}

TEST_CASE("names that look like the keywords of PATH are names still") {
  ParseOptions known = options();
  known.prefixes.push_back({"path", "x:"});
  known.prefixes.push_back({"PATH", "y:"});
  known.prefixes.push_back({"step.a", "z:"});
  const Query query = parse_query("SELECT * { path:x PATH:y ?p . step.a:b path:step ?unnest }", known);
  CHECK(dump(query) == "(select * (group (triples (<x:x> <y:y> ?p) (<z:b> <x:step> ?unnest))))");
}

TEST_CASE("strict mode takes SPARQL alone") {
  ParseOptions strict = options();
  strict.strict = true;
  CHECK_NOTHROW((void)parse_query("SELECT * { ?s :p+ ?o }", strict));
  for (const std::string_view text : {"SELECT * { PATH ?p = (:a :p+ :b) }", "SELECT * { UNNEST(?p AS ?i ?f ?e ?t) }"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_query(text, strict), akyn::Error);
  }
}
