// What expressions compute with: a term together with its parsed value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <akyn/term.h>
#include "engine/term/id.h"

namespace akyn {
class Decimal;
struct DateTime;
struct Duration;
enum class Datatype : std::uint8_t;
}  // namespace akyn

namespace akyn::expr {

class Value;
// No value: an expression error (SPARQL 1.1 Query 17.2) or an unbound variable.
using Result = std::optional<Value>;

// The value space a term belongs to. Derived integer types (xsd:int, xsd:nonNegativeInteger, ...)
// are `integer`; xsd:dateTimeStamp is `date_time`.
enum class ValueKind : std::uint8_t {
  iri,
  blank,
  triple,
  string,       // xsd:string
  lang_string,  // rdf:langString, rdf:dirLangString
  boolean,
  integer,
  decimal,
  float_,
  double_,
  date_time,
  date,
  time,
  g_year,
  g_year_month,
  g_month,
  g_month_day,
  g_day,
  duration,
  day_time_duration,
  year_month_duration,
  path,   // urn:akyn:path (engine/term/path_text.h)
  other,  // a literal of an unknown datatype, or whose form its datatype does not allow
};

// Immutable, cheap to copy (32 bytes and a reference count). Thread-safe to read.
// A value that came from a term keeps that term's exact lexical form and datatype; a computed one
// has the canonical form of its datatype.
class Value {
 public:
  // Precondition: the term is not "no term".
  [[nodiscard]] static Value of(const Term& term);
  [[nodiscard]] static Value of(const TermView& term);
  // The value of an inlined Id, without going through text. Precondition: id.is_inlined().
  [[nodiscard]] static Value of_inlined(Id id);

  // --- computed values
  [[nodiscard]] static Value iri(std::string text);
  [[nodiscard]] static Value blank(std::string label);
  [[nodiscard]] static Value string(std::string text);
  // Precondition: language is not empty.
  [[nodiscard]] static Value lang_string(std::string text, std::string language, Direction direction = Direction::none);
  // A literal of any datatype, ill-typed forms included.
  [[nodiscard]] static Value literal(std::string text, std::string_view datatype_iri);
  [[nodiscard]] static Value boolean(bool value) noexcept;
  [[nodiscard]] static Value integer(std::int64_t value) noexcept;
  [[nodiscard]] static Value integer(const Decimal& value);  // Precondition: value.is_whole()
  [[nodiscard]] static Value decimal(const Decimal& value);
  [[nodiscard]] static Value float_(float value) noexcept;
  [[nodiscard]] static Value double_(double value) noexcept;
  // Precondition: `kind` is one of the date and time kinds.
  [[nodiscard]] static Value date_time(ValueKind kind, const DateTime& value);
  // Precondition: `kind` is one of the three durations.
  [[nodiscard]] static Value duration(ValueKind kind, const Duration& value);
  // Precondition: subject is an IRI or blank node, predicate an IRI.
  [[nodiscard]] static Value triple(Value subject, Value predicate, Value object);

  // The exact term: the one it came from, or the canonical one of a computed value.
  [[nodiscard]] Term term() const;

  [[nodiscard]] ValueKind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_iri() const noexcept { return kind_ == ValueKind::iri; }
  [[nodiscard]] bool is_blank() const noexcept { return kind_ == ValueKind::blank; }
  [[nodiscard]] bool is_triple() const noexcept { return kind_ == ValueKind::triple; }
  [[nodiscard]] bool is_literal() const noexcept { return kind_ >= ValueKind::string; }
  [[nodiscard]] bool is_numeric() const noexcept { return kind_ >= ValueKind::integer && kind_ <= ValueKind::double_; }
  // xsd:string or language-tagged: a "string literal" of SPARQL 1.1 Query 17.4.3.1.
  [[nodiscard]] bool is_string_literal() const noexcept {
    return kind_ == ValueKind::string || kind_ == ValueKind::lang_string;
  }
  [[nodiscard]] bool is_temporal() const noexcept { return kind_ >= ValueKind::date_time && kind_ <= ValueKind::g_day; }
  [[nodiscard]] bool is_duration() const noexcept {
    return kind_ >= ValueKind::duration && kind_ <= ValueKind::year_month_duration;
  }

  // The text of an IRI, blank node (its label), string, language-tagged string or `other` literal.
  // Valid while a copy of this value lives. Precondition: one of these kinds, or a path.
  [[nodiscard]] std::string_view text() const noexcept;
  // The lexical form of any literal; the text of an IRI. Precondition: neither blank node nor triple term.
  [[nodiscard]] std::string lexical_form() const;
  // The full datatype IRI of a literal, rdf:langString and rdf:dirLangString included.
  [[nodiscard]] std::string_view datatype_iri() const noexcept;
  // Which well-known datatype that is.
  [[nodiscard]] Datatype datatype() const noexcept { return datatype_; }
  [[nodiscard]] std::string_view language() const noexcept;  // empty when there is none
  [[nodiscard]] Direction direction() const noexcept;

  // --- parsed values, each with the kind as a precondition
  [[nodiscard]] bool as_boolean() const noexcept { return scalar_.boolean; }
  // Nothing when an integer does not fit 64 bits.
  [[nodiscard]] std::optional<std::int64_t> as_int64() const noexcept;
  [[nodiscard]] float as_float() const noexcept { return scalar_.single; }  // kind float_ only
  [[nodiscard]] double as_double() const;                                   // any numeric kind; nearest double
  [[nodiscard]] Decimal as_decimal() const;                                 // integer or decimal
  [[nodiscard]] const DateTime& as_date_time() const noexcept;              // any temporal kind
  [[nodiscard]] const Duration& as_duration() const noexcept;               // any duration
  [[nodiscard]] std::int64_t path_length() const noexcept { return scalar_.integer; }  // paths: edges
  [[nodiscard]] const Value& subject() const noexcept;                                 // triple terms
  [[nodiscard]] const Value& predicate() const noexcept;
  [[nodiscard]] const Value& object() const noexcept;

 private:
  struct Data;  // text and big values; value.cpp

  Value() noexcept = default;

  union Scalar {
    std::int64_t integer = 0;
    double number;
    float single;
    bool boolean;
  };

  ValueKind kind_ = ValueKind::other;
  Datatype datatype_{};
  bool small_ = false;  // an integer held in scalar_.integer
  Scalar scalar_;
  std::shared_ptr<const Data> data_;
};

}  // namespace akyn::expr
