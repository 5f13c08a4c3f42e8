// Turtle and TriG by recursive descent (RDF 1.2 Turtle, section 6.5; RDF 1.2 TriG, section 4.5). Each
// function reads one production, named after it, and emits the statements it makes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parser/rdf/prefix_table.h"
#include "parser/rdf/statement_reader.h"

namespace akyn::rdf {

// Lifetimes: the terms that stay current while others are read (subject, predicate, graph) are pinned
// to their slots; an object is handed over before the input it lies in can go, see object_list().
class TurtleReader : private StatementReader {
 public:
  // With `graphs` the language is TriG. The base IRI may be empty: then relative IRIs are mistakes
  // until the text sets a base.
  TurtleReader(Lexer& lexer, StatementSink& sink, const ReadOptions& options, bool graphs)
      : StatementReader(lexer, sink, options), base_(options.base_iri), graphs_(graphs) {}

  void read();

 private:
  enum class Subject : std::uint8_t { name, collection, property_list, reified_triple };  // which form it had

  // --- Documents and directives ---
  void statements();
  void statement();
  void at_directive();
  [[nodiscard]] bool keyword_directive();
  void prefix_declaration();
  void base_declaration();
  void version_declaration();
  void block();
  // '{' to '}'; its statements go to the graph `name`.
  void wrapped_graph(const TermView& name);
  // Its statements, to before the '}'.
  void graph_statements();
  // Goes on behind a mistake.
  void recover(Lexer::Around around);

  // --- Statements ---
  void triples();
  void rest_of_triples(const TermView& subject, Subject form);
  void predicate_object_list(const TermView& subject);
  void object_list(const TermView& subject, const TermView& predicate);
  void annotation(const TermView& subject, const TermView& predicate, const TermView& object);

  // --- Terms, into a slot ---
  [[nodiscard]] Subject subject(TermSlot& slot);
  void verb(TermSlot& slot);
  void object(TermSlot& slot);
  // What reified triples and triple terms are made of. `expected` describes it for messages.
  enum Allowed : std::uint8_t { kNames = 0, kLiterals = 1, kTripleTerms = 2, kReifiedTriples = 4 };
  void inner_term(TermSlot& slot, int allowed, std::string_view expected);
  // iri and BlankNode; false, nothing read, when neither comes next.
  [[nodiscard]] bool name(TermSlot& slot);
  void iri_reference(TermSlot& slot);
  // PrefixedName, the IRI going to `out`; false, nothing read, when what comes is not such a name.
  [[nodiscard]] bool prefixed_name(std::string& out);
  // RDFLiteral, NumericLiteral and BooleanLiteral; false, nothing read, when none of them comes next.
  [[nodiscard]] bool literal(TermSlot& slot);
  void rdf_literal(TermSlot& slot);
  void fresh_blank(TermSlot& slot);
  // ANON or blankNodePropertyList, the latter returning true.
  [[nodiscard]] bool anonymous_or_property_list(TermSlot& slot);
  void collection(TermSlot& slot);
  void reified_triple(TermSlot& slot);
  void triple_term(TermSlot& slot);
  void reifier(TermSlot& slot);

  void emit(const TermView& subject, const TermView& predicate, const TermView& object) {
    StatementReader::emit(subject, predicate, object, graph_);
  }
  void release();
  void expect(std::string_view token, std::string_view what);
  [[nodiscard]] std::string resolved(std::string_view reference, std::uint64_t offset);
  // Blames what comes next for not being `expected`, with a suggestion where it looks misspelt.
  [[noreturn]] void bad_term(std::string_view expected);

  std::string base_;
  PrefixTable prefixes_;
  std::string local_name_;    // unescaped, of the name being read
  TermView graph_;            // of the block being read; no term outside
  std::uint64_t blanks_ = 0;  // made so far
  std::uint64_t statement_start_ = 0;
  std::uint32_t held_ = 0;  // annotations open: their objects still view the input
  bool graphs_;
};

}  // namespace akyn::rdf
