// Query text to syntax tree.
#include <benchmark/benchmark.h>

#include <string>

#include "parser/sparql/parse.h"

namespace {

constexpr const char* kTypical = R"(PREFIX ex: <http://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?office ?name (COUNT(DISTINCT ?person) AS ?holders) (MIN(?since) AS ?first) WHERE {
  ?person ex:holds ?office ; ex:since ?since ; ex:country/ex:name "Kyrgyzstan"@en .
  ?office rdfs:label ?name FILTER(LANG(?name) = "en" && ?since >= "2005-03-24"^^ex:date)
  OPTIONAL { ?person ex:until ?until FILTER(?until < NOW()) }
  FILTER NOT EXISTS { ?person ex:acting true }
} GROUP BY ?office ?name
HAVING(COUNT(DISTINCT ?person) > 1)
ORDER BY DESC(?holders) ?name LIMIT 20)";

std::string nested(std::size_t depth) {
  return "SELECT * { ?s ?p ?o FILTER(" + std::string(depth, '(') + "?o > 1" + std::string(depth, ')') + ") }";
}

void parse_ten_lines(benchmark::State& state) {
  for (auto step : state) benchmark::DoNotOptimize(akyn::sparql::parse_query(kTypical));
}
BENCHMARK(parse_ten_lines);

void parse_nested_brackets(benchmark::State& state) {
  const std::string text = nested(static_cast<std::size_t>(state.range(0)));
  for (auto step : state) benchmark::DoNotOptimize(akyn::sparql::parse_query(text));
}
BENCHMARK(parse_nested_brackets)->Arg(50)->Arg(500);

}  // namespace
