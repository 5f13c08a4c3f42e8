// N-Triples and N-Quads: one statement a line, nothing abbreviated (RDF 1.2 N-Triples, section 2).
#pragma once

#include "parser/rdf/statement_reader.h"

namespace akyn::rdf {

class NTriplesReader : private StatementReader {
 public:
  // With `graphs` the language is N-Quads: a graph name may follow the object.
  NTriplesReader(Lexer& lexer, StatementSink& sink, const ReadOptions& options, bool graphs)
      : StatementReader(lexer, sink, options), graphs_(graphs) {}

  void read();

 private:
  void lines();
  void statement();
  void version();
  void end_of_line();

  void subject(TermSlot& slot, std::string_view expected);
  void predicate(TermSlot& slot);
  void object(TermSlot& slot);
  void iri(TermSlot& slot);
  void literal(TermSlot& slot);
  void triple_term(TermSlot& slot);
  // The IRI at the current '<', checked to be absolute.
  [[nodiscard]] std::string_view absolute_iri(std::string& storage);

  bool graphs_;
};

}  // namespace akyn::rdf
