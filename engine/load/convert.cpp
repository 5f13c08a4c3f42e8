#include "engine/load/convert.h"

#include <memory>

#include "parser/rdf/writer.h"

namespace akyn::load {
namespace {

class ConvertSink final : public rdf::StatementSink {
 public:
  ConvertSink(const LoadOptions& options, const Input& input, rdf::Writer& writer)
      : on_progress_(options.on_progress), input_(input), writer_(writer) {
    if (!options.graph_iri.empty()) graph_ = iri(options.graph_iri);
  }

  void quad(const QuadView& quad) override {
    ++count_;
    if (quad.graph || !graph_) return writer_.quad(quad);
    QuadView placed = quad;
    placed.graph = graph_.view();
    writer_.quad(placed);
  }

  void prefix(std::string_view name, std::string_view iri) override { writer_.prefix(name, iri); }

  bool progress(std::uint64_t /*bytes*/) override {
    return !on_progress_ ||
           on_progress_({.quads = count_, .bytes = input_.consumed(), .total_bytes = input_.total_bytes()});
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  const std::function<bool(const LoadProgress&)>& on_progress_;
  const Input& input_;
  rdf::Writer& writer_;
  Term graph_;
  std::uint64_t count_ = 0;
};

}  // namespace

Counts convert(Input& input, std::ostream& out, const ConvertOptions& options) {
  const std::unique_ptr<rdf::Writer> writer = rdf::make_writer(out, options.to, options.prefixes, options.canonical);
  ConvertSink sink(options.input, input, *writer);
  input.read(sink);
  writer->finish();
  return {.read = sink.count(), .inserted = sink.count(), .skipped = input.skipped()};
}

}  // namespace akyn::load
