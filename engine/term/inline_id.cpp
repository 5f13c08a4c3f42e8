#include "engine/term/inline_id.h"

#include <string>

#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/floating.h"
#include "engine/term/inline_number.h"
#include "engine/term/inline_time.h"
#include "engine/term/integer_range.h"

namespace akyn {
namespace {

std::optional<Id> make_id(IdType type, std::optional<std::uint64_t> payload) {
  if (!payload) return std::nullopt;
  return Id(type, *payload);
}

// Whether a run of the dictionary can sort the literal by value: numbers, moments, and the two
// durations that are totally ordered.
bool has_ordered_value(Datatype datatype, std::string_view text) {
  if (is_integer_type(datatype)) {
    const std::optional<Decimal> value = Decimal::parse(text, true);
    return value && in_range(datatype, *value);
  }
  switch (datatype) {
    case Datatype::decimal:
      return Decimal::parse(text).has_value();
    case Datatype::float_:
      return parse_float(text).has_value();
    case Datatype::double_:
      return parse_double(text).has_value();
    case Datatype::date_time:
      return parse_date_time(DateTimeKind::date_time, text).has_value();
    case Datatype::date_time_stamp: {
      const std::optional<DateTime> value = parse_date_time(DateTimeKind::date_time, text);
      return value && value->zone;
    }
    case Datatype::date:
      return parse_date_time(DateTimeKind::date, text).has_value();
    case Datatype::time:
      return parse_date_time(DateTimeKind::time, text).has_value();
    case Datatype::g_year:
      return parse_date_time(DateTimeKind::g_year, text).has_value();
    case Datatype::g_year_month:
      return parse_date_time(DateTimeKind::g_year_month, text).has_value();
    case Datatype::g_month:
      return parse_date_time(DateTimeKind::g_month, text).has_value();
    case Datatype::g_month_day:
      return parse_date_time(DateTimeKind::g_month_day, text).has_value();
    case Datatype::g_day:
      return parse_date_time(DateTimeKind::g_day, text).has_value();
    case Datatype::day_time_duration:
      return parse_duration(DurationKind::day_time, text).has_value();
    case Datatype::year_month_duration:
      return parse_duration(DurationKind::year_month, text).has_value();
    default:
      return false;
  }
}

}  // namespace

std::optional<Id> inline_id(const TermView& term) {
  if (term.kind != TermKind::literal || term.datatype.empty() || term.value.empty()) return std::nullopt;
  switch (find_datatype(term.datatype)) {
    case Datatype::boolean:
      if (term.value == "true") return Id(IdType::boolean, 1);
      if (term.value == "false") return Id(IdType::boolean, 0);
      return std::nullopt;
    case Datatype::integer:
      return make_id(IdType::integer, encode_integer(term.value));
    case Datatype::decimal:
      return make_id(IdType::decimal, encode_decimal(term.value));
    case Datatype::double_:
      return make_id(IdType::double_, encode_double(term.value));
    case Datatype::date:
      if (const auto id = make_id(IdType::date, encode_date(term.value))) return id;
      return make_id(IdType::date_zoned, encode_date_zoned(term.value));
    case Datatype::date_time:
      if (const auto id = make_id(IdType::date_time, encode_date_time(term.value))) return id;
      return make_id(IdType::date_time_zoned, encode_date_time_zoned(term.value));
    default:
      return std::nullopt;
  }
}

std::string inlined_form(Id id) {
  switch (id.type()) {
    case IdType::boolean:
      return id.payload() != 0 ? "true" : "false";
    case IdType::integer:
      return decode_integer(id.payload());
    case IdType::decimal:
      return decode_decimal(id.payload());
    case IdType::double_:
      return decode_double(id.payload());
    case IdType::date:
      return decode_date(id.payload());
    case IdType::date_zoned:
      return decode_date_zoned(id.payload());
    case IdType::date_time:
      return decode_date_time(id.payload());
    default:
      return decode_date_time_zoned(id.payload());
  }
}

std::string_view inlined_datatype(Id id) noexcept {
  switch (id.type()) {
    case IdType::boolean:
      return datatype_iri(Datatype::boolean);
    case IdType::integer:
      return datatype_iri(Datatype::integer);
    case IdType::decimal:
      return datatype_iri(Datatype::decimal);
    case IdType::double_:
      return datatype_iri(Datatype::double_);
    case IdType::date:
    case IdType::date_zoned:
      return datatype_iri(Datatype::date);
    default:
      return datatype_iri(Datatype::date_time);
  }
}

Term inlined_term(Id id) {
  const std::string form = inlined_form(id);
  TermView view;
  view.kind = TermKind::literal;
  view.value = form;
  view.datatype = inlined_datatype(id);
  return Term(view);
}

IdType dictionary_type(const TermView& term) {
  switch (term.kind) {
    case TermKind::blank:
      return IdType::blank;
    case TermKind::iri:
      return IdType::iri;
    case TermKind::triple:
      return IdType::triple;
    case TermKind::none:
      return IdType::unbound;
    case TermKind::literal:
      break;
  }
  if (!term.language.empty()) return IdType::lang_string;
  const Datatype datatype = find_datatype(term.datatype);
  if (datatype == Datatype::string) return IdType::string;
  return has_ordered_value(datatype, term.value) ? IdType::valued : IdType::typed;
}

}  // namespace akyn
