// Reading and comparing in tests.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include <akyn/term.h>
#include "parser/rdf/lexer.h"
#include "parser/rdf/ntriples_reader.h"
#include "parser/rdf/reader.h"
#include "parser/rdf/term_text.h"
#include "parser/rdf/turtle_reader.h"

namespace akyn::rdf {

// Keeps everything it is given; statements also as lines of N-Quads.
class Collector : public StatementSink {
 public:
  void quad(const QuadView& quad) override {
    quads.push_back({Term(quad.subject), Term(quad.predicate), Term(quad.object), Term(quad.graph)});
    append_line(lines, quad);
  }
  void prefix(std::string_view name, std::string_view iri) override {
    prefixes.append(name).append("=").append(iri).append(" ");
  }
  void base(std::string_view iri) override { bases.append(iri).append(" "); }

  std::vector<Quad> quads;
  std::string lines;
  std::string prefixes;
  std::string bases;
};

inline ReadOptions options_for(RdfFormat format, std::string_view base = "http://e/") {
  ReadOptions options;
  options.format = format;
  options.source_name = "test";
  options.base_iri = base;
  return options;
}

inline Collector collect(RdfFormat format, std::string_view text, std::string_view base = "http://e/") {
  Collector sink;
  read(text, options_for(format, base), sink);
  return sink;
}

inline std::string lines(RdfFormat format, std::string_view text, std::string_view base = "http://e/") {
  return collect(format, text, base).lines;
}

// A source that gives its text in pieces of `size` bytes.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string_view text, std::size_t size) : text_(text_source(text)), size_(size) {}
  std::size_t read(char* out, std::size_t capacity) override { return text_->read(out, std::min(capacity, size_)); }
  std::uint64_t consumed() const noexcept override { return text_->consumed(); }

 private:
  std::unique_ptr<ByteSource> text_;
  std::size_t size_;
};

// Reads from a stream in blocks of `block_size` bytes; what went wrong, as printed, or nothing.
inline std::string stream_in_blocks(RdfFormat format, const std::string& text, std::size_t block_size,
                                    Collector& sink) {
  Pieces pieces(text, block_size);
  const ReadOptions options = options_for(format);
  try {
    if (format == RdfFormat::rdfxml) {
      read(pieces, options, sink);
      return {};
    }
    Lexer lexer(pieces, "test", block_size);
    if (format == RdfFormat::ntriples || format == RdfFormat::nquads) {
      NTriplesReader(lexer, sink, options, format == RdfFormat::nquads).read();
    } else {
      TurtleReader(lexer, sink, options, format == RdfFormat::trig).read();
    }
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// What reading says is wrong, as printed; nothing when all is well.
inline std::string mistake(RdfFormat format, std::string_view text, std::string_view base = "http://e/") {
  try {
    Collector sink;
    read(text, options_for(format, base), sink);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace akyn::rdf
