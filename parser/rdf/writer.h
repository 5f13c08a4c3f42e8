// Statements to RDF text: N-Triples, N-Quads, Turtle, TriG, with all of RDF 1.2.
#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <akyn/options.h>
#include <akyn/term.h>

namespace akyn::rdf {

// Takes statements one by one and finish() at their end; without it the text is incomplete. Reading
// the text back gives an isomorphic graph.
//
// N-Triples and N-Quads are written as statements come, in their order; `canonical` makes them RDF 1.2's canonical
// form (RDF 1.2 N-Triples, section 3). Turtle and TriG are written by finish(), from memory: grouped by graph and
// subject in the order of first appearance, blank nodes nested where they are used once, lists and annotations in
// their short forms. When there are more than kWholeDocument statements, memory must not grow with them: then
// each kWholeDocument of them are grouped so on their own, all prefixes known by then are declared at the top, and
// every blank node has a label.
//
// One thread at a time. The stream must outlive the writer.
class Writer {
 public:
  static constexpr std::size_t kWholeDocument = 200'000;

  virtual ~Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Throws Error(invalid_argument) for a statement in a named graph when the format has none (Turtle,
  // N-Triples), Error(io) when the stream fails.
  virtual void quad(const QuadView& quad) = 0;
  virtual void finish() = 0;
  // One more prefix; without effect in formats that have none, and once statements are written (see above). The first
  // IRI that a name gets stays.
  virtual void prefix(std::string_view /*name*/, std::string_view /*iri*/) {}

 protected:
  Writer() = default;
};

// Prefix names (without ':') and their IRIs. Only those that shorten something are written.
using Prefixes = std::map<std::string, std::string>;

// Throws Error(invalid_argument) for RdfFormat::automatic, Error(unsupported) for a format that is only read.
[[nodiscard]] std::unique_ptr<Writer> make_writer(std::ostream& out, RdfFormat format, const Prefixes& prefixes = {},
                                                  bool canonical = false);

}  // namespace akyn::rdf
