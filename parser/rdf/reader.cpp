#include "parser/rdf/reader.h"

#include "parser/rdf/ntriples_reader.h"
#include "parser/rdf/rdf_xml_reader.h"
#include "parser/rdf/turtle_reader.h"
#include "parser/text/iri.h"

namespace akyn::rdf {
namespace {

void read_all(Lexer& lexer, const ReadOptions& options, StatementSink& sink) {
  switch (options.format) {
    case RdfFormat::ntriples:
    case RdfFormat::nquads:
      NTriplesReader(lexer, sink, options, options.format == RdfFormat::nquads).read();
      return;
    case RdfFormat::turtle:
    case RdfFormat::trig:
      TurtleReader(lexer, sink, options, options.format == RdfFormat::trig).read();
      return;
    default:
      break;
  }
  throw Error(ErrorCode::invalid_argument, "the format of '" + options.source_name + "' is not known; name one");
}

void check(const ReadOptions& options) {
  if (!options.base_iri.empty() && !is_absolute_iri(options.base_iri)) {
    throw Error(ErrorCode::invalid_argument, "the base IRI '" + options.base_iri + "' is not absolute");
  }
}

}  // namespace

void read(ByteSource& input, const ReadOptions& options, StatementSink& sink) {
  check(options);
  if (options.format == RdfFormat::rdfxml) return RdfXmlReader(input, options, sink).read();
  Lexer lexer(input, options.source_name, Input::kBlockSize, options.longest_token);
  read_all(lexer, options, sink);
}

void read(std::string_view text, const ReadOptions& options, StatementSink& sink) {
  if (options.format == RdfFormat::rdfxml) return read(*text_source(text), options, sink);
  check(options);
  Lexer lexer(text, options.source_name);
  read_all(lexer, options, sink);
}

RdfFormat format_of(std::string_view file_name) {
  const auto has = [file_name](std::string_view extension) {
    if (file_name.size() < extension.size()) return false;
    const std::string_view end = file_name.substr(file_name.size() - extension.size());
    for (std::size_t i = 0; i < end.size(); ++i) {
      if (ascii_lower(end[i]) != extension[i]) return false;
    }
    return true;
  };
  if (has(".nt")) return RdfFormat::ntriples;
  if (has(".nq")) return RdfFormat::nquads;
  if (has(".ttl")) return RdfFormat::turtle;
  if (has(".trig")) return RdfFormat::trig;
  if (has(".rdf") || has(".owl")) return RdfFormat::rdfxml;
  if (has(".csv")) return RdfFormat::csv;
  if (has(".tsv")) return RdfFormat::tsv;
  if (has(".jsonl") || has(".ndjson")) return RdfFormat::jsonl;
  return RdfFormat::automatic;
}

}  // namespace akyn::rdf
