// RDF terms, triples and quads (RDF 1.2 Concepts, section 3).
//
//   Term      owns its text; what programs handle.
//   TermView  borrows it; what readers and the store pass about, without copying.
//
// An empty Term ("no term", `!term`) stands for whatever is absent: the graph name of the default
// graph, a wildcard in Store::match, an unbound variable in a Row.
//
// All types here are plain values: different threads may use different objects freely, and may
// read one object together.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include <akyn/export.h>

namespace akyn {

enum class TermKind : std::uint8_t {
  none,     // no term
  blank,    // a blank node; value is its label, without "_:"
  iri,      // value is the IRI, absolute, without angle brackets
  literal,  // value is the lexical form
  triple,   // a triple term <<( s p o )>>
};

// Base direction of a language-tagged string (RDF 1.2).
enum class Direction : std::uint8_t { none, ltr, rtl };

struct TripleView;

// A borrowed term. Invariants: `datatype` and `language` are empty unless kind is literal; at most
// one of them is set; a plain string (xsd:string) has neither; `direction` needs a language.
struct TermView {
  TermKind kind = TermKind::none;
  Direction direction = Direction::none;
  std::string_view value;
  std::string_view datatype;           // datatype IRI; empty for xsd:string and for language-tagged strings
  std::string_view language;           // BCP 47 tag as written; tags differ only beyond ASCII case
  const TripleView* triple = nullptr;  // set exactly when kind is triple

  explicit operator bool() const noexcept { return kind != TermKind::none; }
};

struct TripleView {
  TermView subject;
  TermView predicate;
  TermView object;
};

struct QuadView {
  TermView subject;
  TermView predicate;
  TermView object;
  TermView graph;  // no term: the default graph
};

struct Triple;

class AKYN_EXPORT Term {
 public:
  Term() noexcept = default;
  explicit Term(const TermView& view);

  [[nodiscard]] TermKind kind() const noexcept { return kind_; }
  explicit operator bool() const noexcept { return kind_ != TermKind::none; }
  [[nodiscard]] bool is_iri() const noexcept { return kind_ == TermKind::iri; }
  [[nodiscard]] bool is_blank() const noexcept { return kind_ == TermKind::blank; }
  [[nodiscard]] bool is_literal() const noexcept { return kind_ == TermKind::literal; }
  [[nodiscard]] bool is_triple() const noexcept { return kind_ == TermKind::triple; }

  // The text a person reads: an IRI, a blank-node label or a lexical form; a triple term's
  // N-Triples form; empty for no term.
  [[nodiscard]] const std::string& value() const noexcept { return value_; }
  // The full datatype IRI of a literal, xsd:string, rdf:langString and rdf:dirLangString
  // included; empty for anything else.
  [[nodiscard]] std::string_view datatype() const noexcept;
  // The language tag as written; empty when there is none.
  [[nodiscard]] std::string_view language() const noexcept;
  [[nodiscard]] Direction direction() const noexcept { return direction_; }
  // The three terms of a triple term. Throws Error(invalid_argument) for any other kind.
  [[nodiscard]] const Triple& triple() const;

  // The value of a literal of a fitting datatype, derived ones included; throws
  // Error(invalid_argument) naming the term when the datatype or the lexical form does not fit.
  [[nodiscard]] std::int64_t as_int64() const;
  [[nodiscard]] double as_double() const;  // any numeric datatype; nearest double
  [[nodiscard]] bool as_bool() const;

  // N-Triples 1.2 form: <iri>, _:label, "text"@en, "5"^^<...integer>, <<( s p o )>>.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] TermView view() const noexcept;

  // Term equality (RDF 1.2 Concepts 3.3): same kind, same text, language tags without regard to
  // ASCII case. Not value equality: "1"^^xsd:integer and "01"^^xsd:integer are two terms.
  friend AKYN_EXPORT bool operator==(const Term& left, const Term& right) noexcept;
  // A total order for containers, not SPARQL's ORDER BY; consistent with ==.
  friend AKYN_EXPORT std::strong_ordering operator<=>(const Term& left, const Term& right) noexcept;
  friend AKYN_EXPORT std::ostream& operator<<(std::ostream& out, const Term& term);

  friend AKYN_EXPORT Term triple_term(Term subject, Term predicate, Term object);

 private:
  TermKind kind_ = TermKind::none;
  Direction direction_ = Direction::none;
  bool has_language_ = false;  // which of the two `qualifier_` is
  std::string value_;
  std::string qualifier_;  // language tag or datatype IRI, as in TermView
  std::shared_ptr<const Triple> triple_;
  std::shared_ptr<const TripleView> triple_view_;  // borrowed form of triple_, so that view() is cheap
};

struct AKYN_EXPORT Triple {
  Term subject;
  Term predicate;
  Term object;
  friend bool operator==(const Triple&, const Triple&) noexcept = default;
  friend std::strong_ordering operator<=>(const Triple&, const Triple&) noexcept = default;
};

struct AKYN_EXPORT Quad {
  Term subject;
  Term predicate;
  Term object;
  Term graph = {};  // no term: the default graph
  friend bool operator==(const Quad&, const Quad&) noexcept = default;
  friend std::strong_ordering operator<=>(const Quad&, const Quad&) noexcept = default;
};

// Term equality on borrowed terms, as Term's operator==.
[[nodiscard]] AKYN_EXPORT bool same_term(const TermView& left, const TermView& right) noexcept;
[[nodiscard]] AKYN_EXPORT std::size_t hash_value(const TermView& term) noexcept;
// Appends the N-Triples 1.2 form.
AKYN_EXPORT void append_ntriples(std::string& out, const TermView& term);

// --- Making terms. Each throws Error(invalid_argument) when the text cannot be such a term. ---

// An absolute IRI. Refuses characters no IRI may hold (space, <, >, ", {, }, |, \, ^, `, controls).
[[nodiscard]] AKYN_EXPORT Term iri(std::string_view text);
// A blank node. The label identifies it within one load or one transaction's input.
[[nodiscard]] AKYN_EXPORT Term blank(std::string_view label);
[[nodiscard]] AKYN_EXPORT Term literal(std::string_view text);  // xsd:string
[[nodiscard]] AKYN_EXPORT Term lang_literal(std::string_view text, std::string_view language,
                                            Direction direction = Direction::none);
// Any lexical form is accepted, ill-typed ones too (RDF 1.2 Concepts 3.3).
[[nodiscard]] AKYN_EXPORT Term typed_literal(std::string_view text, std::string_view datatype_iri);
[[nodiscard]] AKYN_EXPORT Term integer(std::int64_t value);                   // xsd:integer
[[nodiscard]] AKYN_EXPORT Term decimal(std::string_view lexical_form);        // xsd:decimal
[[nodiscard]] AKYN_EXPORT Term number(double value);                          // xsd:double
[[nodiscard]] AKYN_EXPORT Term boolean(bool value);                           // xsd:boolean
[[nodiscard]] AKYN_EXPORT Term date(int year, unsigned month, unsigned day);  // xsd:date, no time zone
[[nodiscard]] AKYN_EXPORT Term date_time(std::string_view lexical_form);      // xsd:dateTime
// Subject: IRI, blank node. Predicate: IRI. Object: any term.
[[nodiscard]] AKYN_EXPORT Term triple_term(Term subject, Term predicate, Term object);

}  // namespace akyn

template <>
struct std::hash<akyn::Term> {
  std::size_t operator()(const akyn::Term& term) const noexcept { return akyn::hash_value(term.view()); }
};
