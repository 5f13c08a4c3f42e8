// Random datasets, written and read back: what comes is isomorphic to what went.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "parser/rdf/turtle_writer.h"
#include "parser/rdf/writer.h"
#include "tests/rdf/support.h"
#include "tests/w3c/isomorphism.h"

namespace akyn::rdf {
namespace {

const std::string kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

// Few names, so that nodes meet again: shared and nested blank nodes, cycles, broken lists, reifiers of
// reifiers come up by themselves.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::vector<Quad> dataset(bool graphs) {
    std::vector<Quad> quads;
    const std::size_t statements = 1 + below(25);
    while (quads.size() < statements) {
      const Term graph = graphs ? graph_name() : Term();
      switch (below(8)) {
        case 0:
          add_list(quads, graph);
          break;
        case 1:
        case 2:
          if (!quads.empty()) {
            const Quad reified = quads[below(quads.size())];
            quads.push_back({node(), iri(kRdf + "reifies"),
                             triple_term(reified.subject, reified.predicate, reified.object), reified.graph});
            break;
          }
          [[fallthrough]];
        default:
          quads.push_back({node(), predicate(), object(), graph});
      }
    }
    std::shuffle(quads.begin(), quads.end(), random_);
    return quads;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  Term blank_node() {
    static const char* const kLabels[] = {"a", "b1", "b 1", "b 2", "genid-1", "x y", "0.z", "é", "q", "r", "s", "t"};
    return blank(kLabels[below(std::size(kLabels))]);
  }
  Term name() {
    static const char* const kNames[] = {"http://e/a",   "http://e/b.c", "http://e/x/y", "http://e/",
                                         "http://e/a#b", "urn:x:é",      "http://e/%41"};
    return iri(kNames[below(std::size(kNames))]);
  }
  Term node() { return below(3) == 0 ? name() : blank_node(); }
  Term predicate() {
    static const char* const kLocal[] = {"type", "first", "rest", "reifies"};
    return below(3) == 0 ? iri(kRdf + kLocal[below(std::size(kLocal))]) : name();
  }
  Term graph_name() {
    switch (below(4)) {
      case 0:
        return name();
      case 1:
        return blank_node();
      default:
        return {};
    }
  }
  Term literal_term() {
    static const std::string kTexts[] = {"",
                                         "x",
                                         "1",
                                         "01",
                                         "-1.5",
                                         "1.",
                                         ".5",
                                         "1e5",
                                         "1.e-5",
                                         "e5",
                                         "true",
                                         "a\nb",
                                         "\"\"\"\n\"",
                                         "\\",
                                         "\t\r\f\b",
                                         std::string("\0\x01\x7F", 3),
                                         "\xEF\xBF\xBE",
                                         "é€😀",
                                         "'",
                                         "+",
                                         "a\"\n"};
    static const char* const kTypes[] = {"integer", "decimal", "double", "boolean", "date"};
    const std::string& text = kTexts[below(std::size(kTexts))];
    switch (below(4)) {
      case 0:
        return literal(text);
      case 1:
        return lang_literal(text, below(2) == 0 ? "en-GB" : "ar", static_cast<Direction>(below(3)));
      default:
        return typed_literal(text, "http://www.w3.org/2001/XMLSchema#" + std::string(kTypes[below(std::size(kTypes))]));
    }
  }
  Term object(int depth = 0) {
    switch (below(8)) {
      case 0:
        if (depth < 3) return triple_term(node(), predicate(), object(depth + 1));
        [[fallthrough]];
      case 1:
        return iri(kRdf + "nil");
      case 2:
      case 3:
        return literal_term();
      default:
        return node();
    }
  }
  void add_list(std::vector<Quad>& quads, const Term& graph) {
    Term cell = below(2) == 0 ? blank_node() : fresh();
    if (below(2) == 0) quads.push_back({node(), predicate(), cell, graph});
    for (std::size_t length = 1 + below(4); length > 0; --length) {
      quads.push_back({cell, iri(kRdf + "first"), object(), graph});
      const Term next = length == 1 ? iri(kRdf + "nil") : fresh();
      quads.push_back({cell, iri(kRdf + "rest"), next, graph});
      cell = next;
    }
  }
  Term fresh() { return blank("b " + std::to_string(100 + ++made_)); }

  std::mt19937 random_;
  int made_ = 0;
};

std::string written(RdfFormat format, const std::vector<Quad>& quads, const Prefixes& prefixes) {
  std::ostringstream out;
  const auto writer = make_writer(out, format, prefixes);
  for (const Quad& quad : quads) {
    writer->quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
  }
  writer->finish();
  return out.str();
}

}  // namespace

TEST_CASE("what is written reads back isomorphic") {
  const Prefixes prefixes = {
      {"", "http://e/"}, {"x", "http://e/x/"}, {"rdf", kRdf}, {"xsd", "http://www.w3.org/2001/XMLSchema#"}};
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    Generator generator(seed);
    const std::vector<Quad> triples = generator.dataset(false);
    const std::vector<Quad> quads = generator.dataset(true);
    for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::nquads, RdfFormat::turtle, RdfFormat::trig}) {
      const bool graphs = format == RdfFormat::nquads || format == RdfFormat::trig;
      const std::string text = written(format, graphs ? quads : triples, prefixes);
      CAPTURE(seed);
      CAPTURE(text);
      CHECK(mistake(format, text) == "");
      CHECK(w3c::isomorphic(collect(format, text).quads, graphs ? quads : triples));
      if (format == RdfFormat::trig) {
        Collector streamed;
        CHECK(stream_in_blocks(format, text, 1 + seed % 50, streamed) == "");
        CHECK(streamed.lines == lines(format, text));
      }
    }
  }
}

TEST_CASE("what is written in parts reads back isomorphic") {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Generator generator(seed);
    const std::vector<Quad> quads = generator.dataset(true);
    std::ostringstream out;
    TurtleWriter writer(out, seed % 7 == 1 ? Prefixes() : Prefixes{{"", "http://e/"}}, true, 1 + seed % 7);
    for (const Quad& quad : quads) {
      writer.quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
    }
    writer.finish();
    CAPTURE(seed);
    CAPTURE(out.str());
    if (seed % 7 == 0) CHECK(out.str().starts_with("PREFIX : <http://e/>\n"));
    CHECK_FALSE(out.str().starts_with('\n'));
    CHECK(mistake(RdfFormat::trig, out.str()) == "");
    CHECK(w3c::isomorphic(collect(RdfFormat::trig, out.str()).quads, quads));
  }
}

TEST_CASE("long chains and lists are written without deep nesting") {
  std::vector<Quad> quads;
  const auto cell = [](int i) { return blank("b " + std::to_string(i)); };
  constexpr int kLength = 5000;
  for (int i = 0; i < kLength; ++i) quads.push_back({cell(i), iri("a:next"), cell(i + 1)});
  quads.push_back({iri("a:s"), iri("a:list"), cell(100000)});
  for (int i = 0; i < kLength; ++i) {
    quads.push_back({cell(100000 + i), iri(kRdf + "first"), integer(i)});
    quads.push_back({cell(100000 + i), iri(kRdf + "rest"), i + 1 == kLength ? iri(kRdf + "nil") : cell(100001 + i)});
  }
  const std::string text = written(RdfFormat::turtle, quads, {});
  CHECK(mistake(RdfFormat::turtle, text) == "");
  CHECK(collect(RdfFormat::turtle, text).quads.size() == quads.size());
}

}  // namespace akyn::rdf
