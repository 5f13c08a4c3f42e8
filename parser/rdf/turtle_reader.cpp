#include "parser/rdf/turtle_reader.h"

#include <array>

#include "parser/text/location.h"

namespace akyn::rdf {
namespace {

bool may_follow_object(char c) {
  return std::string_view(".;,]}|~{").find(c) != std::string_view::npos;
}

}  // namespace

// --- Documents and directives ---

void TurtleReader::read() {
  for (bool at_end = false; !at_end;) {
    try {
      statements();
      at_end = true;
    } catch (const Error& mistake) {
      if (!forgives(mistake)) throw;
      recover(graphs_ ? Lexer::Around::trig_document : Lexer::Around::document);
    }
  }
  report_progress();
}

void TurtleReader::recover(Lexer::Around around) {
  held_ = 0;
  lexer_.skip_statement(statement_start_, around);
  lexer_.release();
}

void TurtleReader::statements() {
  for (;;) {
    lexer_.skip_space();
    if (lexer_.at_end()) break;
    statement_start_ = lexer_.offset();
    if (graphs_) {
      block();
    } else {
      statement();
    }
    lexer_.release();
  }
}

void TurtleReader::statement() {
  const char first = lexer_.peek();
  if (first == '@') return at_directive();
  if (is(first, kNameStart) && keyword_directive()) return;
  triples();
  expect(".", "'.', ';' or ',' after the object");
}

void TurtleReader::block() {
  const char first = lexer_.peek();
  if (first == '@') return at_directive();
  if (first == '{') return wrapped_graph(TermView{});
  if (is(first, kNameStart)) {
    if (keyword_directive()) return;
    if (lexer_.at_keyword("GRAPH")) {
      lexer_.advance(5);
      lexer_.skip_space();
      const TermSlots::Scope scope(slots_);
      TermSlot& label = slots_.take();
      if (!name(label)) lexer_.expected("the graph's name, an IRI or a blank node");
      label.pin();
      lexer_.skip_space();
      return wrapped_graph(label.view);
    }
  }

  const TermSlots::Scope scope(slots_);
  TermSlot& slot = slots_.take();
  const Subject form = subject(slot);
  lexer_.skip_space();
  if (form == Subject::name && lexer_.peek() == '{') return wrapped_graph(slot.view);
  rest_of_triples(slot.view, form);
  expect(".", "'.', ';' or ',' after the object");
}

void TurtleReader::wrapped_graph(const TermView& name) {
  if (!lexer_.accept("{")) lexer_.expected("'{' and the graph's statements");
  graph_ = name;
  for (bool at_end = false; !at_end;) {
    try {
      graph_statements();
      at_end = true;
    } catch (const Error& mistake) {
      // At the end of the text only the document is left to go on with.
      const bool in_vain = lexer_.at_end();
      if (in_vain) graph_ = TermView{};
      if (in_vain || !forgives(mistake)) throw;
      recover(Lexer::Around::graph);
    }
  }
  lexer_.advance();
  graph_ = TermView{};
}

void TurtleReader::graph_statements() {
  for (;;) {
    lexer_.skip_space();
    if (lexer_.peek() == '}') return;
    statement_start_ = lexer_.offset();
    triples();
    lexer_.skip_space();
    if (lexer_.accept(".")) continue;
    if (lexer_.peek() != '}') lexer_.expected("'.', ';' or ',' after the object, or '}' at the end of the graph");
  }
}

void TurtleReader::at_directive() {
  const std::uint64_t start = lexer_.offset();
  lexer_.advance();
  // Whatever comes behind it: the empty prefix, too, may follow at once (Turtle 1.2, 6.1).
  const std::string word(lexer_.word());
  if (word == "prefix") {
    lexer_.advance(6);
    prefix_declaration();
  } else if (word == "base") {
    lexer_.advance(4);
    base_declaration();
  } else if (word == "version") {
    lexer_.advance(7);
    version_declaration();
  } else {
    const std::string near = nearest_name(word, std::array<std::string_view, 3>{"prefix", "base", "version"});
    lexer_.fail(start, word.size() + 1,
                "there is no directive '@" + word + "'" + (near.empty() ? "" : "; did you mean '@" + near + "'?"));
  }
  expect(".", "'.' at the end of the directive");
}

bool TurtleReader::keyword_directive() {
  if (lexer_.at_keyword("PREFIX")) {
    lexer_.advance(6);
    prefix_declaration();
  } else if (lexer_.at_keyword("BASE")) {
    lexer_.advance(4);
    base_declaration();
  } else if (lexer_.at_keyword("VERSION")) {
    lexer_.advance(7);
    version_declaration();
  } else {
    return false;
  }
  return true;
}

void TurtleReader::prefix_declaration() {
  lexer_.skip_space();
  const std::uint64_t start = lexer_.offset();
  PrefixedName declared;
  if (!lexer_.prefixed_name(declared, local_name_)) lexer_.expected("the prefix and ':'");
  if (!declared.local.empty()) {
    lexer_.fail(start, static_cast<std::size_t>(lexer_.offset() - start),
                "a prefix ends with its ':', nothing may follow");
  }
  lexer_.skip_space();
  if (lexer_.peek() != '<') lexer_.expected("the prefix's IRI in '<' and '>'");
  const TermSlots::Scope scope(slots_);
  TermSlot& iri = slots_.take();
  iri_reference(iri);
  prefixes_.set(declared.prefix, iri.view.value);
  sink_.prefix(declared.prefix, iri.view.value);
}

void TurtleReader::base_declaration() {
  lexer_.skip_space();
  if (lexer_.peek() != '<') lexer_.expected("the base IRI in '<' and '>'");
  const TermSlots::Scope scope(slots_);
  TermSlot& iri = slots_.take();
  iri_reference(iri);
  base_ = iri.view.value;
  sink_.base(base_);
}

// The label is a hint that changes nothing: all of RDF 1.2 is read whatever it says.
void TurtleReader::version_declaration() {
  lexer_.skip_space();
  const char quote = lexer_.peek();
  if ((quote != '"' && quote != '\'') || lexer_.looking_at(quote == '"' ? "\"\"\"" : "'''")) {
    lexer_.expected("the version's label between single quotation marks, as in \"1.2\"");
  }
  const TermSlots::Scope scope(slots_);
  static_cast<void>(lexer_.short_string(slots_.take().text));
}

// --- Statements ---

void TurtleReader::triples() {
  const TermSlots::Scope scope(slots_);
  TermSlot& slot = slots_.take();
  const Subject form = subject(slot);
  lexer_.skip_space();
  rest_of_triples(slot.view, form);
}

void TurtleReader::rest_of_triples(const TermView& subject, Subject form) {
  if (form == Subject::property_list || form == Subject::reified_triple) {
    const char next = lexer_.peek();
    if (next == '.' || next == '}') return;
  }
  predicate_object_list(subject);
}

void TurtleReader::predicate_object_list(const TermView& subject) {
  for (;;) {
    {
      const TermSlots::Scope scope(slots_);
      TermSlot& predicate = slots_.take();
      verb(predicate);
      object_list(subject, predicate.view);
    }
    if (lexer_.peek() != ';') return;
    do {
      lexer_.advance();
      lexer_.skip_space();
    } while (lexer_.peek() == ';');
    const char next = lexer_.peek();
    if (next == '.' || next == ']' || next == '}' || next == '|' || lexer_.at_end()) return;
  }
}

// Leaves the reader behind white space.
void TurtleReader::object_list(const TermView& subject, const TermView& predicate) {
  for (;;) {
    lexer_.skip_space();
    {
      const TermSlots::Scope scope(slots_);
      TermSlot& slot = slots_.take();
      object(slot);
      lexer_.skip_space();
      const char next = lexer_.peek();
      // Otherwise the object itself may be the mistake, as the 1968 of an unquoted 1968-12-06 is.
      if (may_follow_object(next)) emit(subject, predicate, slot.view);
      if (next == '~' || next == '{') annotation(subject, predicate, slot.view);
    }
    release();
    if (lexer_.peek() != ',') return;
    lexer_.advance();
  }
}

void TurtleReader::annotation(const TermView& subject, const TermView& predicate, const TermView& object) {
  const TripleView triple{subject, predicate, object};
  const TermSlots::Scope scope(slots_);
  TermSlot& current = slots_.take();
  bool named = false;  // `current` is a reifier that waits for its block
  ++held_;
  for (;; lexer_.skip_space()) {
    if (lexer_.peek() == '~') {
      reifier(current);
      emit_reifies(current.view, triple, graph_);
      named = true;
    } else if (lexer_.looking_at("{|")) {
      const Nesting nesting(*this, 2);
      lexer_.advance(2);
      if (!named) {
        fresh_blank(current);
        emit_reifies(current.view, triple, graph_);
      }
      named = false;
      lexer_.skip_space();
      predicate_object_list(current.view);
      expect("|}", "'|}' at the end of the annotation");
    } else {
      break;
    }
  }
  --held_;
}

void TurtleReader::reified_triple(TermSlot& slot) {
  const Nesting nesting(*this, 2);
  lexer_.advance(2);
  const TermSlots::Scope scope(slots_);
  TermSlot& subject = slots_.take();
  TermSlot& predicate = slots_.take();
  TermSlot& object = slots_.take();
  lexer_.skip_space();
  inner_term(subject, kReifiedTriples, "the subject of the reified triple");
  lexer_.skip_space();
  verb(predicate);
  lexer_.skip_space();
  inner_term(object, kLiterals | kTripleTerms | kReifiedTriples, "the object of the reified triple");
  lexer_.skip_space();
  if (lexer_.peek() == '~') {
    reifier(slot);
    lexer_.skip_space();
  } else {
    fresh_blank(slot);
  }
  if (!lexer_.accept(">>")) lexer_.expected("'>>' at the end of the reified triple");
  const TripleView triple{subject.view, predicate.view, object.view};
  emit_reifies(slot.view, triple, graph_);
}

void TurtleReader::reifier(TermSlot& slot) {
  lexer_.advance();
  lexer_.skip_space();
  if (!name(slot)) fresh_blank(slot);
}

void TurtleReader::release() {
  if (held_ == 0) lexer_.release();
}

void TurtleReader::expect(std::string_view token, std::string_view what) {
  lexer_.skip_space();
  if (!lexer_.accept(token)) lexer_.expected(what);
}

}  // namespace akyn::rdf
