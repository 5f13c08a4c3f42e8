// Terms of Turtle and TriG.
#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "parser/rdf/turtle_reader.h"
#include "parser/text/iri.h"
#include "parser/text/location.h"

namespace akyn::rdf {
namespace {

bool may_start_name(char c) {
  return c == ':' || is(c, kNameStart) || !is_ascii(c);
}

}  // namespace

TurtleReader::Subject TurtleReader::subject(TermSlot& slot) {
  Subject form = Subject::name;
  const char first = lexer_.peek();
  if (first == '[') {
    if (anonymous_or_property_list(slot)) form = Subject::property_list;
  } else if (first == '(') {
    collection(slot);
    form = Subject::collection;
  } else if (lexer_.looking_at("<<") && !lexer_.looking_at("<<(")) {
    reified_triple(slot);
    form = Subject::reified_triple;
  } else if (!name(slot)) {
    bad_term("a subject: an IRI, a blank node, a list or a reified triple");
  }
  slot.pin();
  return form;
}

void TurtleReader::verb(TermSlot& slot) {
  const char first = lexer_.peek();
  if (first == 'a' && lexer_.at_word("a")) {
    lexer_.advance();
    slot.set(TermKind::iri, rdf_vocabulary::kType);
    return;
  }
  if (first == '_' || first == '[' || !name(slot)) bad_term("a predicate: an IRI or 'a'");
  slot.pin();
}

void TurtleReader::object(TermSlot& slot) {
  const char first = lexer_.peek();
  if (first == '[') {
    static_cast<void>(anonymous_or_property_list(slot));
  } else if (first == '(') {
    collection(slot);
  } else if (lexer_.looking_at("<<(")) {
    triple_term(slot);
  } else if (lexer_.looking_at("<<")) {
    reified_triple(slot);
  } else if (!name(slot) && !literal(slot)) {
    bad_term("an object: an IRI, a blank node, a literal, a list or a triple");
  }
}

void TurtleReader::inner_term(TermSlot& slot, int allowed, std::string_view expected) {
  if (lexer_.looking_at("<<(")) {
    if ((allowed & kTripleTerms) == 0) bad_term(expected);
    triple_term(slot);
  } else if (lexer_.looking_at("<<")) {
    if ((allowed & kReifiedTriples) == 0) bad_term(expected);
    reified_triple(slot);
  } else if (!name(slot) && ((allowed & kLiterals) == 0 || !literal(slot))) {
    bad_term(expected);
  }
}

bool TurtleReader::name(TermSlot& slot) {
  const char first = lexer_.peek();
  if (first == '<') {
    if (lexer_.looking_at("<<")) return false;
    iri_reference(slot);
    return true;
  }
  if (may_start_name(first)) {
    if (!prefixed_name(slot.text)) return false;
    slot.set(TermKind::iri, slot.text);
    return true;
  }
  if (first == '_') {
    slot.set(TermKind::blank, lexer_.blank_label());
    return true;
  }
  if (first != '[') return false;
  lexer_.advance();
  lexer_.skip_space();
  if (!lexer_.accept("]")) lexer_.expected("']'; only an empty '[]' can stand here");
  fresh_blank(slot);
  return true;
}

void TurtleReader::iri_reference(TermSlot& slot) {
  const std::uint64_t start = lexer_.offset();
  const std::string_view reference = lexer_.iri_reference(slot.text);
  if (is_absolute_iri(reference)) {
    slot.set(TermKind::iri, reference);
  } else {
    slot.text = resolved(reference, start);
    slot.set(TermKind::iri, slot.text);
  }
}

std::string TurtleReader::resolved(std::string_view reference, std::uint64_t offset) {
  if (base_.empty()) {
    lexer_.fail(offset, static_cast<std::size_t>(lexer_.offset() - offset),
                "the IRI '" + std::string(reference) + "' is relative, and no base is known; declare one with BASE");
  }
  return resolve_iri(base_, reference);
}

bool TurtleReader::prefixed_name(std::string& out) {
  const std::uint64_t start = lexer_.offset();
  PrefixedName found;
  if (!lexer_.prefixed_name(found, local_name_)) return false;
  const std::string* iri = prefixes_.find(found.prefix);
  if (iri == nullptr) {
    const std::string prefix(found.prefix);
    std::vector<std::string_view> known = prefixes_.names();
    std::sort(known.begin(), known.end());
    const std::string near = nearest_name(prefix, known);
    lexer_.fail(start, std::max<std::size_t>(1, prefix.size()),
                prefix.empty()
                    ? "the empty prefix is not declared"
                    : "unknown prefix '" + prefix + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  out.assign(*iri);
  out.append(found.local);
  return true;
}

bool TurtleReader::literal(TermSlot& slot) {
  const char first = lexer_.peek();
  if (first == '"' || first == '\'') {
    rdf_literal(slot);
    return true;
  }
  if (lexer_.at_number()) {
    NumberKind kind{};
    slot.set(TermKind::literal, lexer_.number(kind));
    slot.view.datatype = kind == NumberKind::integer   ? xsd::kInteger
                         : kind == NumberKind::decimal ? xsd::kDecimal
                                                       : xsd::kDouble;
    return true;
  }
  for (const std::string_view word : {std::string_view("true"), std::string_view("false")}) {
    if (first != word.front() || lexer_.word() != word) continue;
    lexer_.advance(word.size());
    slot.set(TermKind::literal, word);
    slot.view.datatype = xsd::kBoolean;
    return true;
  }
  return false;
}

void TurtleReader::rdf_literal(TermSlot& slot) {
  slot.set(TermKind::literal, lexer_.any_string(slot.text));
  lexer_.skip_space();
  const char next = lexer_.peek();
  if (next == '@') {
    lexer_.language(slot.view.language, slot.view.direction);
  } else if (next == '^' && lexer_.accept("^^")) {
    lexer_.skip_space();
    const std::uint64_t start = lexer_.offset();
    if (lexer_.peek() == '<' && !lexer_.looking_at("<<")) {
      const std::string_view reference = lexer_.iri_reference(slot.datatype);
      if (is_absolute_iri(reference)) {
        set_datatype(slot, reference, start);
      } else {
        slot.datatype = resolved(reference, start);
        set_datatype(slot, slot.datatype, start);
      }
    } else if (may_start_name(lexer_.peek()) && prefixed_name(slot.datatype)) {
      set_datatype(slot, slot.datatype, start);
    } else {
      bad_term("a datatype IRI after '^^'");
    }
  }
}

// The space keeps these labels apart from those that can be written.
void TurtleReader::fresh_blank(TermSlot& slot) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++blanks_).ptr;
  slot.text.assign("b ");
  slot.text.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  slot.set(TermKind::blank, slot.text);
}

bool TurtleReader::anonymous_or_property_list(TermSlot& slot) {
  const Nesting nesting(*this, 1);
  lexer_.advance();
  fresh_blank(slot);
  lexer_.skip_space();
  if (lexer_.accept("]")) return false;
  predicate_object_list(slot.view);
  expect("]", "',', ';' or ']' after the object");
  return true;
}

void TurtleReader::collection(TermSlot& slot) {
  const Nesting nesting(*this, 1);
  lexer_.advance();
  lexer_.skip_space();
  if (lexer_.accept(")")) {
    slot.set(TermKind::iri, rdf_vocabulary::kNil);
    return;
  }
  TermView first;
  first.kind = TermKind::iri;
  TermView rest = first;
  TermView nil = first;
  first.value = rdf_vocabulary::kFirst;
  rest.value = rdf_vocabulary::kRest;
  nil.value = rdf_vocabulary::kNil;

  const TermSlots::Scope scope(slots_);
  TermSlot* node = &slots_.take();
  TermSlot* next = &slots_.take();
  fresh_blank(slot);
  node->set(TermKind::blank, slot.view.value);
  node->pin();
  for (;;) {
    {
      const TermSlots::Scope item_scope(slots_);
      TermSlot& item = slots_.take();
      object(item);
      emit(node->view, first, item.view);
    }
    release();
    lexer_.skip_space();
    if (lexer_.accept(")")) break;
    if (lexer_.at_end()) lexer_.expected("')' at the end of the list");
    fresh_blank(*next);
    emit(node->view, rest, next->view);
    std::swap(node, next);
  }
  emit(node->view, rest, nil);
}

void TurtleReader::triple_term(TermSlot& slot) {
  const Nesting nesting(*this, 3);
  lexer_.advance(3);
  TermSlot& subject = slots_.take();
  TermSlot& predicate = slots_.take();
  TermSlot& object = slots_.take();
  lexer_.skip_space();
  inner_term(subject, kNames, "the subject of the triple term, an IRI or a blank node");
  lexer_.skip_space();
  verb(predicate);
  lexer_.skip_space();
  inner_term(object, kLiterals | kTripleTerms,
             "the object of the triple term, an IRI, a blank node, a literal or a triple term");
  lexer_.skip_space();
  if (!lexer_.accept(")>>")) lexer_.expected("')>>' at the end of the triple term");
  slot.parts = TripleView{subject.view, predicate.view, object.view};
  slot.set(TermKind::triple, {});
  slot.view.triple = &slot.parts;
}

void TurtleReader::bad_term(std::string_view expected) {
  if (lexer_.looking_at("<<(")) {
    lexer_.fail(lexer_.offset(), 3, "expected " + std::string(expected) + "; a triple term can only be an object");
  }
  const std::string word(lexer_.word());
  constexpr std::array<std::string_view, 7> kWords = {"a", "true", "false", "PREFIX", "BASE", "VERSION", "GRAPH"};
  const std::string near = word.size() < 2 ? "" : nearest_name(word, kWords);
  if (!near.empty() && near != word) {
    lexer_.fail(lexer_.offset(), word.size(),
                "expected " + std::string(expected) + ", found '" + word + "'; did you mean '" + near + "'?");
  }
  lexer_.expected(expected);
}

}  // namespace akyn::rdf
