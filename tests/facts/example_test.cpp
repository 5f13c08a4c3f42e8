// The example that docs/extracted-facts.md tells of.
#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "parser/facts/reader.h"
#include "tests/rdf/support.h"

namespace akyn::facts {

TEST_CASE("the example is read with its mapping") {
  const std::filesystem::path directory = AKYN_FACTS_EXAMPLE;
  const FactOptions facts = read_fact_options(directory / "facts.map");
  std::ifstream file(directory / "facts.csv", std::ios::binary);
  const std::unique_ptr<ByteSource> bytes = stream_source(file);
  rdf::Collector sink;
  rdf::ReadOptions options;
  options.format = RdfFormat::csv;
  read(*bytes, options, facts, sink);

  std::set<std::string> reifiers;
  std::set<Quad> reified;
  for (const Quad& quad : sink.quads) {
    if (!quad.predicate.value().ends_with("#reifies")) continue;
    reifiers.insert(quad.subject.value());
    reified.insert({quad.object, {}, {}, {}});
  }
  CHECK(reifiers.size() == 1000);  // a row each
  CHECK(reified.size() < 900);     // facts of several sources are one
  CHECK(sink.lines.find("<http://kaldora.example/Kaldora> <http://kaldora.example/population> "
                        "\"6500000\"^^<http://www.w3.org/2001/XMLSchema#integer> .") != std::string::npos);
  CHECK(sink.lines.find("\"Tide and stone\"@en") != std::string::npos);
}

}  // namespace akyn::facts
