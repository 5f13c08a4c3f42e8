#include "parser/rdf/ntriples_reader.h"

#include "parser/text/iri.h"

namespace akyn::rdf {

void NTriplesReader::read() {
  for (bool at_end = false; !at_end;) {
    try {
      lines();
      at_end = true;
    } catch (const Error& mistake) {
      if (!forgives(mistake)) throw;
      lexer_.skip_line();
      lexer_.release();
    }
  }
  report_progress();
}

void NTriplesReader::lines() {
  for (;;) {
    lexer_.skip_space();
    if (lexer_.at_end()) break;
    if (lexer_.peek() == 'V') {
      version();
    } else {
      statement();
    }
    end_of_line();
    lexer_.release();
  }
}

void NTriplesReader::version() {
  if (lexer_.word() != "VERSION") lexer_.expected("a subject, an IRI or a blank node");
  lexer_.advance(7);
  lexer_.skip_within_line();
  if (lexer_.peek() != '"') lexer_.expected("a version label in quotes");
  const TermSlots::Scope scope(slots_);
  static_cast<void>(lexer_.short_string(slots_.take().text));
}

void NTriplesReader::end_of_line() {
  lexer_.skip_within_line();
  const char next = lexer_.peek();
  if (next != '\n' && next != '\r' && !lexer_.at_end()) lexer_.expected("the end of the line");
}

void NTriplesReader::statement() {
  const TermSlots::Scope scope(slots_);
  TermSlot& subject_slot = slots_.take();
  TermSlot& predicate_slot = slots_.take();
  TermSlot& object_slot = slots_.take();
  TermSlot& graph_slot = slots_.take();

  subject(subject_slot, "a subject, an IRI or a blank node");
  lexer_.skip_within_line();
  predicate(predicate_slot);
  lexer_.skip_within_line();
  object(object_slot);
  lexer_.skip_within_line();
  graph_slot.view = TermView{};
  if (graphs_ && lexer_.peek() != '.') {
    subject(graph_slot, "a graph name or '.'");
    lexer_.skip_within_line();
  }
  if (!lexer_.accept(".")) lexer_.expected("'.' at the end of the statement");
  emit(subject_slot.view, predicate_slot.view, object_slot.view, graph_slot.view);
}

void NTriplesReader::subject(TermSlot& slot, std::string_view expected) {
  switch (lexer_.peek()) {
    case '<':
      iri(slot);
      break;
    case '_':
      slot.set(TermKind::blank, lexer_.blank_label());
      break;
    default:
      lexer_.expected(expected);
  }
}

void NTriplesReader::predicate(TermSlot& slot) {
  if (lexer_.peek() != '<') lexer_.expected("a predicate, an IRI");
  iri(slot);
}

void NTriplesReader::object(TermSlot& slot) {
  switch (lexer_.peek()) {
    case '<':
      if (lexer_.looking_at("<<(")) {
        triple_term(slot);
      } else {
        iri(slot);
      }
      break;
    case '_':
      slot.set(TermKind::blank, lexer_.blank_label());
      break;
    case '"':
      literal(slot);
      break;
    default:
      lexer_.expected("an object, an IRI, a blank node, a literal or a triple term");
  }
}

void NTriplesReader::iri(TermSlot& slot) {
  if (lexer_.looking_at("<<(")) lexer_.fail(lexer_.offset(), 3, "a triple term can only be an object");
  if (lexer_.looking_at("<<")) {
    lexer_.fail(lexer_.offset(), 2, "there are no reified triples in N-Triples and N-Quads; use Turtle or TriG");
  }
  slot.set(TermKind::iri, absolute_iri(slot.text));
}

std::string_view NTriplesReader::absolute_iri(std::string& storage) {
  const std::uint64_t start = lexer_.offset();
  const std::string_view iri = lexer_.iri_reference(storage);
  if (!is_absolute_iri(iri)) {
    lexer_.fail(start, static_cast<std::size_t>(lexer_.offset() - start),
                "'" + std::string(iri) + "' is not an absolute IRI; there are no relative ones here");
  }
  return iri;
}

void NTriplesReader::literal(TermSlot& slot) {
  slot.set(TermKind::literal, lexer_.short_string(slot.text));
  lexer_.skip_within_line();
  if (lexer_.peek() == '@') {
    lexer_.language(slot.view.language, slot.view.direction);
  } else if (lexer_.accept("^^")) {
    lexer_.skip_within_line();
    if (lexer_.peek() != '<') lexer_.expected("a datatype IRI after '^^'");
    const std::uint64_t start = lexer_.offset();
    set_datatype(slot, absolute_iri(slot.datatype), start);
  }
}

void NTriplesReader::triple_term(TermSlot& slot) {
  const Nesting nesting(*this, 3);
  lexer_.advance(3);
  TermSlot& subject_slot = slots_.take();
  TermSlot& predicate_slot = slots_.take();
  TermSlot& object_slot = slots_.take();
  lexer_.skip_within_line();
  subject(subject_slot, "the subject of the triple term, an IRI or a blank node");
  lexer_.skip_within_line();
  predicate(predicate_slot);
  lexer_.skip_within_line();
  object(object_slot);
  lexer_.skip_within_line();
  if (!lexer_.accept(")>>")) lexer_.expected("')>>' at the end of the triple term");
  slot.set(TermKind::triple, {});
  slot.parts = TripleView{subject_slot.view, predicate_slot.view, object_slot.view};
  slot.view.triple = &slot.parts;
}

}  // namespace akyn::rdf
