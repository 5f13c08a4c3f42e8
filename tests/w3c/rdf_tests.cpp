// Tests of the RDF languages (the rdft: vocabulary).
#include <string>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include "parser/rdf/reader.h"
#include "parser/rdf/term_text.h"
#include "tests/w3c/isomorphism.h"
#include "tests/w3c/runner.h"

namespace akyn::w3c {
namespace {

class QuadCollector : public rdf::StatementSink {
 public:
  void quad(const QuadView& quad) override {
    quads.push_back({Term(quad.subject), Term(quad.predicate), Term(quad.object), Term(quad.graph)});
  }
  std::vector<Quad> quads;
};

class CanonicalWriter : public rdf::StatementSink {
 public:
  void quad(const QuadView& quad) override { rdf::append_line(text, quad, rdf::LanguageCase::lower); }
  std::string text;
};

void read(const Test& test, const Term& file, RdfFormat format, rdf::StatementSink& sink) {
  const std::filesystem::path path = file_path(file.value());
  rdf::ReadOptions options;
  options.format = format;
  options.source_name = path.filename().string();
  options.base_iri = base_of(test, file);
  rdf::read(read_file(path), options, sink);
}

Outcome positive_syntax(const Test& test, RdfFormat format) {
  QuadCollector sink;
  read(test, test.action, format, sink);
  return Outcome::pass();
}

Outcome negative(const Test& test, RdfFormat format) {
  QuadCollector sink;
  try {
    read(test, test.action, format, sink);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::syntax || !error.location()) throw;
    return Outcome::pass();
  }
  return Outcome::fail("read without complaint");
}

Outcome evaluation(const Test& test, RdfFormat format) {
  QuadCollector actual;
  read(test, test.action, format, actual);
  QuadCollector expected;
  read(test, test.result, format == RdfFormat::trig ? RdfFormat::nquads : RdfFormat::ntriples, expected);
  if (isomorphic(actual.quads, expected.quads)) return Outcome::pass();
  std::string message = "not isomorphic to the expected result; read:";
  for (const Quad& quad : actual.quads) {
    message += "\n  ";
    rdf::append_line(message, {quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
    message.pop_back();
  }
  return Outcome::fail(message);
}

Outcome canonicalization(const Test& test, RdfFormat format) {
  CanonicalWriter sink;
  read(test, test.action, format, sink);
  const std::string expected = read_file(file_path(test.result.value()));
  if (sink.text == expected) return Outcome::pass();
  return Outcome::fail("expected\n" + expected + "got\n" + sink.text);
}

}  // namespace

void add_rdf_tests(Registry& registry) {
  const auto add = [&registry](std::string_view type, RdfFormat format, Outcome (*run)(const Test&, RdfFormat)) {
    registry.add(std::string(kRdft).append(type), [format, run](const Test& test) { return run(test, format); });
  };
  struct Language {
    std::string name;
    RdfFormat format;
  };
  for (const Language& language :
       {Language{"NTriples", RdfFormat::ntriples}, Language{"NQuads", RdfFormat::nquads},
        Language{"Turtle", RdfFormat::turtle}, Language{"Trig", RdfFormat::trig}, Language{"XML", RdfFormat::rdfxml}}) {
    const std::string test = "Test" + language.name;
    add(test + "PositiveSyntax", language.format, positive_syntax);
    add(test + "NegativeSyntax", language.format, negative);
    add(test + "Eval", language.format, evaluation);
    add(test + "NegativeEval", language.format, negative);
    add(test + "PositiveC14N", language.format, canonicalization);
  }
  for (const std::string_view type : {"PositiveEntailmentTest", "NegativeEntailmentTest"}) {
    registry.skip(std::string(kMf).append(type), "no entailment regime is implemented");
  }
}

}  // namespace akyn::w3c
