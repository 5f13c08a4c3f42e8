// Reading RDF text, as bytes of text a second. The sink looks at every term and keeps none.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "parser/rdf/reader.h"

namespace akyn::rdf {
namespace {

constexpr std::size_t kTextSize = std::size_t{32} << 20;

class Looker final : public StatementSink {
 public:
  void quad(const QuadView& quad) override {
    bytes += quad.subject.value.size() + quad.predicate.value.size() + quad.object.value.size();
    ++quads;
  }
  std::uint64_t bytes = 0;
  std::uint64_t quads = 0;
};

std::string words(std::uint64_t& state, std::size_t length) {
  std::string text;
  while (text.size() < length) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    for (std::uint64_t bits = state >> 33, i = 3 + bits % 7; i > 0; --i, bits /= 5)
      text += static_cast<char>('a' + bits % 26);
    text += ' ';
  }
  return text;
}

// A shop's products with their reviews: long texts, as in BSBM.
const std::string& shop_lines() {
  static const std::string kText = [] {
    std::string text;
    std::uint64_t state = 1;
    for (std::uint64_t i = 0; text.size() < kTextSize; ++i) {
      const std::string subject = "<http://shop.example/instances/dataFromProducer" + std::to_string(i % 97) +
                                  "/Product" + std::to_string(i) + ">";
      text +=
          subject + " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://shop.example/vocabulary/Product> .\n";
      text += subject + " <http://www.w3.org/2000/01/rdf-schema#label> \"" + words(state, 30) + "\" .\n";
      text += subject + " <http://shop.example/vocabulary/price> \"" + std::to_string(i % 9973) +
              "\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n";
      text += subject + " <http://www.w3.org/2000/01/rdf-schema#comment> \"" + words(state, 900) + "\"@en .\n";
    }
    return text;
  }();
  return kText;
}

// News: short names and texts.
const std::string& news_lines() {
  static const std::string kText = [] {
    std::string text;
    std::uint64_t state = 2;
    for (std::uint64_t i = 0; text.size() < kTextSize; ++i) {
      const std::string subject = "<http://news.example/event/" + std::to_string(i) + ">";
      text += subject + " <http://news.example/actor> <http://news.example/person/" + std::to_string(i * 7919 % 50021) +
              "> .\n";
      text += subject + " <http://news.example/date> \"2031-04-0" + std::to_string(1 + i % 9) +
              "\"^^<http://www.w3.org/2001/XMLSchema#date> .\n";
      text += subject + " <http://www.w3.org/2000/01/rdf-schema#label> \"" + words(state, 20) + "\" .\n";
    }
    return text;
  }();
  return kText;
}

const std::string& news_turtle() {
  static const std::string kText = [] {
    std::string text =
        "PREFIX : <http://news.example/>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX xsd: "
        "<http://www.w3.org/2001/XMLSchema#>\n";
    std::uint64_t state = 3;
    for (std::uint64_t i = 0; text.size() < kTextSize; ++i) {
      text += ":event" + std::to_string(i) + " a :Event ;\n  rdfs:label \"" + words(state, 20) +
              "\" ;\n  :actor :person" + std::to_string(i * 7919 % 50021) + ", :person" +
              std::to_string(i * 104729 % 50021) + " ;\n  :date \"2031-04-0" + std::to_string(1 + i % 9) +
              "\"^^xsd:date ;\n  :injured " + std::to_string(i % 300) + " {| :source :paper" + std::to_string(i % 40) +
              " ; :confidence 0.9 |} .\n";
    }
    return text;
  }();
  return kText;
}

void parse(benchmark::State& state, RdfFormat format, const std::string& (*text)()) {
  ReadOptions options;
  options.format = format;
  Looker sink;
  for ([[maybe_unused]] auto _ : state) {
    read(text(), options, sink);
    benchmark::DoNotOptimize(sink.bytes);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text().size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(sink.quads));
}

// The same through the blocks that files are read in.
void parse_source(benchmark::State& state, RdfFormat format, const std::string& (*text)()) {
  ReadOptions options;
  options.format = format;
  Looker sink;
  for ([[maybe_unused]] auto _ : state) {
    read(*text_source(text()), options, sink);
    benchmark::DoNotOptimize(sink.bytes);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text().size()));
}

BENCHMARK_CAPTURE(parse, ntriples_shop, RdfFormat::ntriples, shop_lines);
BENCHMARK_CAPTURE(parse, ntriples_news, RdfFormat::ntriples, news_lines);
BENCHMARK_CAPTURE(parse, turtle_shop, RdfFormat::turtle, shop_lines);
BENCHMARK_CAPTURE(parse, turtle_news, RdfFormat::turtle, news_turtle);
BENCHMARK_CAPTURE(parse_source, ntriples_shop, RdfFormat::ntriples, shop_lines);

}  // namespace
}  // namespace akyn::rdf
