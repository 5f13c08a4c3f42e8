#include "engine/load/load.h"

#include <string>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/load/input.h"
#include "engine/load/input_terms.h"
#include "parser/rdf/reader.h"

namespace akyn::load {
namespace {

class LoadSink final : public rdf::StatementSink {
 public:
  LoadSink(const LoadOptions& options, const Input& input, storage::Writer& writer, NamedGraphs named_graphs)
      : on_progress_(options.on_progress),
        input_(input),
        writer_(writer),
        terms_(writer),
        named_graphs_(named_graphs),
        source_name_(options.source_name) {
    if (!options.graph_iri.empty()) graph_ = writer.intern(iri(options.graph_iri).view());
  }

  void quad(const QuadView& quad) override {
    ++counts_.read;
    if (quad.graph && named_graphs_ == NamedGraphs::refused) {
      throw Error(ErrorCode::invalid_argument, fmt::format("{} has a graph of its own, {}, and is to go into one",
                                                           source_name_, Term(quad.graph).to_string()));
    }
    const Id graph = quad.graph ? terms_.intern(quad.graph) : graph_;
    const Id subject = terms_.intern(quad.subject);
    const Id predicate = terms_.intern(quad.predicate);
    if (writer_.insert({subject, predicate, terms_.intern(quad.object), graph})) ++counts_.inserted;
  }

  void prefix(std::string_view name, std::string_view iri) override { writer_.add_prefix(name, iri); }

  bool progress(std::uint64_t /*bytes*/) override {
    return !on_progress_ ||
           on_progress_({.quads = counts_.read, .bytes = input_.consumed(), .total_bytes = input_.total_bytes()});
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  const std::function<bool(const LoadProgress&)>& on_progress_;
  const Input& input_;
  storage::Writer& writer_;
  InputTerms terms_;
  NamedGraphs named_graphs_;
  const std::string& source_name_;
  Id graph_ = storage::kDefaultGraph;
  Counts counts_;
};

Counts read_into(Input& input, const LoadOptions& options, storage::Writer& writer, NamedGraphs named_graphs) {
  const std::size_t savepoint = writer.savepoint();
  try {
    LoadSink sink(options, input, writer, named_graphs);
    input.read(sink);
    Counts counts = sink.counts();
    counts.skipped = input.skipped();
    return counts;
  } catch (...) {
    writer.rollback_to(savepoint);
    throw;
  }
}

}  // namespace

Counts load_file(const std::filesystem::path& file, const LoadOptions& options, storage::Writer& writer,
                 NamedGraphs named_graphs) {
  Input input(file, options);
  return read_into(input, options, writer, named_graphs);
}

Counts load_stream(std::istream& stream, const LoadOptions& options, storage::Writer& writer,
                   NamedGraphs named_graphs) {
  Input input(stream, options);
  return read_into(input, options, writer, named_graphs);
}

}  // namespace akyn::load
