// Statements to RDF text: N-Triples, N-Quads, Turtle, TriG, with all of RDF 1.2.
#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <string>

#include <akyn/options.h>
#include <akyn/term.h>

namespace akyn::rdf {

// Takes statements one by one and finish() at their end; without it the text is incomplete. Reading
// the text back gives an isomorphic graph.
//
// N-Triples and N-Quads are written as statements come, in their order. Turtle and TriG are written
// by finish(), from memory: grouped by graph and subject in the order of first appearance, blank
// nodes nested where they are used once, lists and annotations in their short forms.
//
// One thread at a time. The stream must outlive the writer.
class Writer {
 public:
  virtual ~Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Throws Error(invalid_argument) for a statement in a named graph when the format has none (Turtle,
  // N-Triples), Error(io) when the stream fails.
  virtual void quad(const QuadView& quad) = 0;
  virtual void finish() = 0;

 protected:
  Writer() = default;
};

// Prefix names (without ':') and their IRIs. Only those that shorten something are written.
using Prefixes = std::map<std::string, std::string>;

// Throws Error(invalid_argument) for RdfFormat::automatic, Error(unsupported) for a format that is only read.
[[nodiscard]] std::unique_ptr<Writer> make_writer(std::ostream& out, RdfFormat format, const Prefixes& prefixes = {});

}  // namespace akyn::rdf
