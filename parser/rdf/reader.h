// RDF text to statements: N-Triples, N-Quads, Turtle, TriG, RDF/XML, with all of RDF 1.2.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <akyn/error.h>
#include <akyn/options.h>
#include <akyn/term.h>
#include "parser/source/byte_source.h"

namespace akyn::rdf {

// Receives what a reader finds. Views are valid during the call only.
class StatementSink {
 public:
  virtual ~StatementSink() = default;
  // Blank-node labels are as written; ones the reader makes ([] and lists) contain a space and so never meet those.
  virtual void quad(const QuadView& quad) = 0;
  virtual void prefix(std::string_view /*name*/, std::string_view /*iri*/) {}
  virtual void base(std::string_view /*iri*/) {}
  // Called now and then with the bytes consumed so far; false stops the reader with Error(cancelled).
  virtual bool progress(std::uint64_t /*bytes*/) { return true; }
};

struct ReadOptions {
  RdfFormat format = RdfFormat::turtle;  // not automatic
  std::string source_name = "stream";
  std::string base_iri;
  // Bytes of a token, or of a row of a table, beyond which reading ends with Error(limit): it is in memory as a whole.
  std::size_t longest_token = std::size_t{128} << 20U;
  // Makes the reader lenient: it hands mistakes to this function and goes on.
  std::function<void(const Error&)> on_mistake = {};
};

// A lenient reader skips what is wrong, statements before and after it stay:
//
//     N-Triples, N-Quads   the rest of the line
//     Turtle, TriG         the rest of the statement; where that ends is a guess (Lexer::skip_statement). What it
//                          said before the mistake stays, as do the prefixes it declared.
//     RDF/XML              the element; mistakes in the XML itself are final
//
// A mistake that ends all reading is thrown all the same: a source that fails, such as a file cut short.
//
// Reads to the end. Throws Error(syntax) at the first mistake, with line, column, the line and what
// was expected; invalid UTF-8 is such a mistake. Error(limit) when brackets nest deeper than 2,000 levels and for what
// is longer than ReadOptions::longest_token, unless it is in memory already; Error(invalid_argument) for a format that
// is `automatic` or a base IRI that is not absolute, Error(io) when the source fails. Sources: memory does not grow
// with the input. A text is read in place.
void read(ByteSource& input, const ReadOptions& options, StatementSink& sink);
void read(std::string_view text, const ReadOptions& options, StatementSink& sink);

// By extension: .nt .nq .ttl .trig .rdf .owl, and those of facts (.csv .tsv .jsonl .ndjson), which read() here does
// not read; automatic when unknown.
[[nodiscard]] RdfFormat format_of(std::string_view file_name);

}  // namespace akyn::rdf
