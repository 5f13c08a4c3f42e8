#include <akyn/term.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ostream>
#include <utility>

#include <akyn/error.h>
#include "engine/term/byte_scan.h"
#include "engine/term/vocabulary.h"

namespace akyn {
namespace {

char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::strong_ordering compare_ignoring_case(std::string_view a, std::string_view b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(ascii_lower(x)) <=> static_cast<unsigned char>(ascii_lower(y));
  });
}

std::strong_ordering compare(const TermView& a, const TermView& b) {
  if (const auto order = a.kind <=> b.kind; order != 0) return order;
  if (a.kind == TermKind::triple) {
    if (const auto order = compare(a.triple->subject, b.triple->subject); order != 0) return order;
    if (const auto order = compare(a.triple->predicate, b.triple->predicate); order != 0) return order;
    return compare(a.triple->object, b.triple->object);
  }
  if (const auto order = a.value <=> b.value; order != 0) return order;
  if (const auto order = a.datatype <=> b.datatype; order != 0) return order;
  if (const auto order = compare_ignoring_case(a.language, b.language); order != 0) return order;
  return a.direction <=> b.direction;
}

// Escapes of canonical N-Triples (RDF 1.2 N-Triples, section 3).
void append_escaped(std::string& out, std::string_view text) {
  const auto special = [](auto c) { return (c < 0x20) | (c == '"') | (c == '\\') | (c == 0x7F); };
  std::size_t copied = 0;
  for (;;) {
    const std::size_t i = find_special(text, copied, special);
    out.append(text, copied, i - copied);
    if (i == text.size()) return;
    copied = i + 1;
    switch (const auto c = static_cast<unsigned char>(text[i]); c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        out += fmt::format("\\u{:04X}", c);
    }
  }
}

std::string_view direction_name(Direction direction) {
  return direction == Direction::ltr ? "ltr" : "rtl";
}

[[noreturn]] void fail(std::string message) {
  throw Error(ErrorCode::invalid_argument, std::move(message));
}

bool is_language_tag(std::string_view tag) {
  std::size_t length = 0;
  bool first_part = true;
  for (const char c : tag) {
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
      first_part = false;
      continue;
    }
    const char lower = ascii_lower(c);
    const bool letter = lower >= 'a' && lower <= 'z';
    const bool digit = c >= '0' && c <= '9';
    if (!letter && (first_part || !digit)) return false;
    if (++length > 8) return false;
  }
  return length > 0;
}

constexpr std::array<std::string_view, 13> kIntegerTypes = {"integer",
                                                            "int",
                                                            "long",
                                                            "short",
                                                            "byte",
                                                            "nonNegativeInteger",
                                                            "positiveInteger",
                                                            "nonPositiveInteger",
                                                            "negativeInteger",
                                                            "unsignedInt",
                                                            "unsignedLong",
                                                            "unsignedShort",
                                                            "unsignedByte"};

bool is_integer_type(std::string_view datatype) {
  if (!datatype.starts_with(xsd::kNamespace)) return false;
  datatype.remove_prefix(xsd::kNamespace.size());
  return std::find(kIntegerTypes.begin(), kIntegerTypes.end(), datatype) != kIntegerTypes.end();
}

// The lexical form without XSD's optional white space around it and optional plus sign, which from_chars refuses.
std::string_view number_text(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

}  // namespace

Term::Term(const TermView& view)
    : kind_(view.kind),
      direction_(view.direction),
      has_language_(!view.language.empty()),
      value_(view.value),
      qualifier_(has_language_ ? view.language : view.datatype) {
  if (kind_ == TermKind::triple) {
    *this = triple_term(Term(view.triple->subject), Term(view.triple->predicate), Term(view.triple->object));
  }
}

std::string_view Term::datatype() const noexcept {
  if (kind_ != TermKind::literal) return {};
  if (has_language_) {
    return direction_ == Direction::none ? rdf_vocabulary::kLangString : rdf_vocabulary::kDirLangString;
  }
  return qualifier_.empty() ? xsd::kString : std::string_view(qualifier_);
}

std::string_view Term::language() const noexcept {
  return has_language_ ? std::string_view(qualifier_) : std::string_view();
}

const Triple& Term::triple() const {
  if (kind_ != TermKind::triple) fail(fmt::format("{} is not a triple term", to_string()));
  return *triple_;
}

std::int64_t Term::as_int64() const {
  std::int64_t number = 0;
  if (kind_ != TermKind::literal || !is_integer_type(datatype()) || !parse_whole(number_text(value_), number)) {
    fail(fmt::format("{} is not an integer of 64 bits", to_string()));
  }
  return number;
}

double Term::as_double() const {
  const std::string_view type = datatype();
  const bool floating = type == xsd::kDouble || type == xsd::kFloat;
  if (kind_ != TermKind::literal || !(floating || type == xsd::kDecimal || is_integer_type(type))) {
    fail(fmt::format("{} is not a number", to_string()));
  }
  const std::string_view text = number_text(value_);
  if (floating && text == "NaN") return std::nan("");
  if (floating && text == "INF") return HUGE_VAL;
  if (floating && text == "-INF") return -HUGE_VAL;
  double number = 0;
  const bool digits_only =
      text.find_first_not_of(floating ? "+-.0123456789eE" : "-.0123456789") == std::string_view::npos;
  if (!digits_only || !parse_whole(text, number)) fail(fmt::format("{} is not a number", to_string()));
  return number;
}

bool Term::as_bool() const {
  const std::string_view text = number_text(value_);
  if (datatype() == xsd::kBoolean && (text == "true" || text == "1")) return true;
  if (datatype() == xsd::kBoolean && (text == "false" || text == "0")) return false;
  fail(fmt::format("{} is not a boolean", to_string()));
}

std::string Term::to_string() const {
  std::string text;
  append_ntriples(text, view());
  return text;
}

TermView Term::view() const noexcept {
  TermView view;
  view.kind = kind_;
  view.direction = direction_;
  view.value = value_;
  (has_language_ ? view.language : view.datatype) = qualifier_;
  view.triple = triple_view_.get();
  return view;
}

bool operator==(const Term& left, const Term& right) noexcept {
  return same_term(left.view(), right.view());
}

std::strong_ordering operator<=>(const Term& left, const Term& right) noexcept {
  return compare(left.view(), right.view());
}

std::ostream& operator<<(std::ostream& out, const Term& term) {
  return out << term.to_string();
}

bool same_term(const TermView& left, const TermView& right) noexcept {
  if (left.kind != right.kind) return false;
  if (left.kind == TermKind::triple) {
    return left.triple == right.triple || (same_term(left.triple->subject, right.triple->subject) &&
                                           same_term(left.triple->predicate, right.triple->predicate) &&
                                           same_term(left.triple->object, right.triple->object));
  }
  return left.value == right.value && left.datatype == right.datatype && left.direction == right.direction &&
         left.language.size() == right.language.size() && compare_ignoring_case(left.language, right.language) == 0;
}

std::size_t hash_value(const TermView& term) noexcept {
  // Language tags are left out: their equality ignores case.
  const auto mix = [](std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
  };
  auto hash = static_cast<std::size_t>(term.kind);
  if (term.kind == TermKind::triple) {
    hash = mix(hash, hash_value(term.triple->subject));
    hash = mix(hash, hash_value(term.triple->predicate));
    return mix(hash, hash_value(term.triple->object));
  }
  hash = mix(hash, std::hash<std::string_view>{}(term.value));
  return mix(hash, std::hash<std::string_view>{}(term.datatype));
}

void append_ntriples(std::string& out, const TermView& term) {
  switch (term.kind) {
    case TermKind::none:
      return;
    case TermKind::blank:
      (out += "_:") += term.value;
      return;
    case TermKind::iri:
      ((out += '<') += term.value) += '>';
      return;
    case TermKind::triple:
      out += "<<( ";
      append_ntriples(out, term.triple->subject);
      out += ' ';
      append_ntriples(out, term.triple->predicate);
      out += ' ';
      append_ntriples(out, term.triple->object);
      out += " )>>";
      return;
    case TermKind::literal:
      break;
  }
  out += '"';
  append_escaped(out, term.value);
  out += '"';
  if (!term.language.empty()) {
    (out += '@') += term.language;
    if (term.direction != Direction::none) (out += "--") += direction_name(term.direction);
  } else if (!term.datatype.empty()) {
    ((out += "^^<") += term.datatype) += '>';
  }
}

Term iri(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto letter = [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; };
  const auto scheme_char = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  const std::string_view scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || scheme.empty() || !letter(scheme[0]) ||
      !std::all_of(scheme.begin(), scheme.end(), scheme_char)) {
    fail(fmt::format("<{}> is not an absolute IRI: it needs a scheme such as http:", text));
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos) {
      fail(fmt::format("<{}> is not an IRI: it holds the character {}", text,
                       byte <= 0x20 ? fmt::format("U+{:04X}", byte) : std::string(1, c)));
    }
  }
  TermView view;
  view.kind = TermKind::iri;
  view.value = text;
  return Term(view);
}

Term blank(std::string_view label) {
  if (label.empty()) fail("a blank node needs a label");
  TermView view;
  view.kind = TermKind::blank;
  view.value = label;
  return Term(view);
}

Term literal(std::string_view text) {
  TermView view;
  view.kind = TermKind::literal;
  view.value = text;
  return Term(view);
}

Term lang_literal(std::string_view text, std::string_view language, Direction direction) {
  if (!is_language_tag(language)) fail(fmt::format("'{}' is not a language tag", language));
  TermView view;
  view.kind = TermKind::literal;
  view.value = text;
  view.language = language;
  view.direction = direction;
  return Term(view);
}

Term typed_literal(std::string_view text, std::string_view datatype_iri) {
  if (datatype_iri == rdf_vocabulary::kLangString || datatype_iri == rdf_vocabulary::kDirLangString) {
    fail(fmt::format("a literal of datatype <{}> needs a language tag: use lang_literal", datatype_iri));
  }
  const Term datatype = iri(datatype_iri);
  TermView view;
  view.kind = TermKind::literal;
  view.value = text;
  if (datatype_iri != xsd::kString) view.datatype = datatype_iri;
  return Term(view);
}

Term integer(std::int64_t value) {
  return typed_literal(std::to_string(value), xsd::kInteger);
}

Term decimal(std::string_view lexical_form) {
  std::string_view digits = lexical_form;
  if (!digits.empty() && (digits[0] == '+' || digits[0] == '-')) digits.remove_prefix(1);
  const bool well_formed = digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                           std::count(digits.begin(), digits.end(), '.') <= 1 &&
                           digits.find_first_of("0123456789") != std::string_view::npos;
  if (!well_formed) fail(fmt::format("'{}' is not a decimal number", lexical_form));
  return typed_literal(lexical_form, xsd::kDecimal);
}

Term number(double value) {
  if (std::isnan(value)) return typed_literal("NaN", xsd::kDouble);
  if (std::isinf(value)) return typed_literal(value > 0 ? "INF" : "-INF", xsd::kDouble);
  // XSD's canonical form: one digit, a point, at least one digit, E, exponent without plus or padding.
  std::array<char, 40> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  std::string canonical(text.substr(0, e));
  if (canonical.find('.') == std::string::npos) canonical += ".0";
  int exponent = 0;
  const std::size_t digits = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + digits, text.data() + text.size(), exponent);
  return typed_literal(fmt::format("{}E{}", canonical, exponent), xsd::kDouble);
}

Term boolean(bool value) {
  return typed_literal(value ? "true" : "false", xsd::kBoolean);
}

Term date(int year, unsigned month, unsigned day) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<unsigned, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > kDays[month] + (month == 2 && leap ? 1U : 0U)) {
    fail(fmt::format("{}-{:02}-{:02} is not a date", year, month, day));
  }
  return typed_literal(fmt::format("{}{:04}-{:02}-{:02}", year < 0 ? "-" : "", std::abs(year), month, day), xsd::kDate);
}

Term date_time(std::string_view lexical_form) {
  return typed_literal(lexical_form, xsd::kDateTime);
}

Term triple_term(Term subject, Term predicate, Term object) {
  if (!subject.is_iri() && !subject.is_blank()) {
    fail(fmt::format("the subject of a triple must be an IRI or a blank node, not {}",
                     subject ? subject.to_string() : "nothing"));
  }
  if (!predicate.is_iri()) {
    fail(
        fmt::format("the predicate of a triple must be an IRI, not {}", predicate ? predicate.to_string() : "nothing"));
  }
  if (!object) fail("a triple needs an object");
  Term term;
  term.kind_ = TermKind::triple;
  term.triple_ = std::make_shared<const Triple>(Triple{std::move(subject), std::move(predicate), std::move(object)});
  term.triple_view_ = std::make_shared<const TripleView>(
      TripleView{term.triple_->subject.view(), term.triple_->predicate.view(), term.triple_->object.view()});
  append_ntriples(term.value_, term.view());
  return term;
}

}  // namespace akyn
