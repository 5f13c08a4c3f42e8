// Casts (SPARQL 1.1 Query 17.5, XPath F&O 3.1 section 19).
#include <array>
#include <cmath>

#include "engine/expr/builtins.h"
#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/floating.h"
#include "engine/term/integer_range.h"

namespace akyn::expr {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

Result to_string(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  switch (value.kind()) {
    case ValueKind::blank:
    case ValueKind::triple:
      return std::nullopt;
    case ValueKind::integer:
    case ValueKind::decimal:
      return Value::string(value.as_decimal().to_string());
    case ValueKind::float_:
      return Value::string(string_of_float(value.as_float()));
    case ValueKind::double_:
      return Value::string(string_of_double(value.as_double()));
    case ValueKind::boolean:
      return Value::string(value.as_boolean() ? "true" : "false");
    default:
      break;
  }
  // The canonical form, in the value's own time zone.
  if (value.is_temporal()) return Value::string(Value::date_time(value.kind(), value.as_date_time()).lexical_form());
  if (value.is_duration()) return Value::string(Value::duration(value.kind(), value.as_duration()).lexical_form());
  return Value::string(value.lexical_form());
}

// A string is read as a lexical form of the target, white space around it ignored.
Result parse_as(const Value& text, Datatype datatype, ValueKind wanted) {
  const Value value = Value::literal(std::string(trim_xml_space(text.text())), datatype_iri(datatype));
  if (value.kind() != wanted) return std::nullopt;
  return value;
}

Result to_boolean(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::boolean) return Value::boolean(value.as_boolean());
  if (value.kind() == ValueKind::string) {
    const Result parsed = parse_as(value, Datatype::boolean, ValueKind::boolean);
    if (!parsed) return std::nullopt;
    return Value::boolean(parsed->as_boolean());
  }
  if (!value.is_numeric()) return std::nullopt;
  if (value.kind() == ValueKind::integer || value.kind() == ValueKind::decimal) {
    return Value::boolean(!value.as_decimal().is_zero());
  }
  return Value::boolean(!(value.as_double() == 0 || std::isnan(value.as_double())));
}

Result to_double(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.is_numeric()) return Value::double_(value.as_double());
  if (value.kind() == ValueKind::boolean) return Value::double_(value.as_boolean() ? 1 : 0);
  if (value.kind() != ValueKind::string) return std::nullopt;
  const std::optional<double> number = parse_double(trim_xml_space(value.text()));
  if (!number) return std::nullopt;
  return Value::double_(*number);
}

Result to_float(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  switch (value.kind()) {
    case ValueKind::float_:
      return Value::float_(value.as_float());
    case ValueKind::double_:
      return Value::float_(static_cast<float>(value.as_double()));
    case ValueKind::integer:
    case ValueKind::decimal:
      return Value::float_(value.as_decimal().to_float());
    case ValueKind::boolean:
      return Value::float_(value.as_boolean() ? 1 : 0);
    case ValueKind::string: {
      const std::optional<float> number = parse_float(trim_xml_space(value.text()));
      if (!number) return std::nullopt;
      return Value::float_(*number);
    }
    default:
      return std::nullopt;
  }
}

// The number exactly; `whole` refuses strings with a point.
std::optional<Decimal> exact_number(const Value& value, bool whole) {
  switch (value.kind()) {
    case ValueKind::integer:
    case ValueKind::decimal:
      return value.as_decimal();
    case ValueKind::float_:
    case ValueKind::double_:
      return Decimal::exactly(value.as_double());
    case ValueKind::boolean:
      return Decimal(std::int64_t{value.as_boolean()});
    case ValueKind::string:
      return Decimal::parse(trim_xml_space(value.text()), whole);
    default:
      return std::nullopt;
  }
}

Result to_decimal(Arguments arguments, Context&) {
  const std::optional<Decimal> number = exact_number(arguments[0], false);
  if (!number) return std::nullopt;
  return Value::decimal(*number);
}

template <Datatype kDatatype>
Result to_integer(Arguments arguments, Context&) {
  std::optional<Decimal> number = exact_number(arguments[0], true);
  if (!number) return std::nullopt;
  number = number->truncate();
  if (kDatatype == Datatype::integer) return Value::integer(*number);
  if (!in_range(kDatatype, *number)) return std::nullopt;
  return Value::literal(number->to_string(), datatype_iri(kDatatype));
}

std::int64_t start_of_day(std::int64_t seconds) {
  return seconds - ((seconds % kSecondsPerDay) + kSecondsPerDay) % kSecondsPerDay;
}

// Which parts of a date or dateTime the target keeps; the others take the values of DateTime's comment.
DateTime keep_parts(ValueKind target, const DateTime& moment) {
  DateTime result = moment;
  CivilTime civil = civil_time(moment.seconds);
  if (target == ValueKind::date_time) return result;
  if (target == ValueKind::time) {
    civil.year = CivilTime().year;
    civil.month = 12;
    civil.day = 31;
    result.seconds = seconds_from_civil(civil);
    return result;
  }
  result.attos = 0;
  if (target == ValueKind::date) {
    result.seconds = start_of_day(moment.seconds);
    return result;
  }
  CivilTime kept;
  if (target == ValueKind::g_year || target == ValueKind::g_year_month) kept.year = civil.year;
  if (target != ValueKind::g_year && target != ValueKind::g_day) kept.month = civil.month;
  if (target == ValueKind::g_month_day || target == ValueKind::g_day) kept.day = civil.day;
  result.seconds = seconds_from_civil(kept);
  return result;
}

template <Datatype kDatatype, ValueKind kKind>
Result to_temporal(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::string) {
    const Result parsed = parse_as(value, kDatatype, kKind);
    if (!parsed) return std::nullopt;
    return Value::date_time(kKind, parsed->as_date_time());
  }
  if (value.kind() == kKind) return Value::date_time(kKind, value.as_date_time());
  const bool convertible =
      value.kind() == ValueKind::date_time || (value.kind() == ValueKind::date && kKind != ValueKind::time);
  if (!convertible) return std::nullopt;
  return Value::date_time(kKind, keep_parts(kKind, value.as_date_time()));
}

template <Datatype kDatatype, ValueKind kKind>
Result to_duration(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::string) {
    const Result parsed = parse_as(value, kDatatype, kKind);
    if (!parsed) return std::nullopt;
    return Value::duration(kKind, parsed->as_duration());
  }
  if (!value.is_duration()) return std::nullopt;
  Duration length = value.as_duration();
  if (kKind == ValueKind::day_time_duration) length.months = 0;
  if (kKind == ValueKind::year_month_duration) length.seconds = length.attos = 0;
  return Value::duration(kKind, length);
}

Function cast(Datatype datatype, Result (*call)(Arguments, Context&)) {
  return {datatype_iri(datatype), 1, 1, call};
}

template <Datatype kDatatype>
Function integer_cast() {
  return cast(kDatatype, to_integer<kDatatype>);
}

template <Datatype kDatatype, ValueKind kKind>
Function temporal_cast() {
  return cast(kDatatype, to_temporal<kDatatype, kKind>);
}

template <Datatype kDatatype, ValueKind kKind>
Function duration_cast() {
  return cast(kDatatype, to_duration<kDatatype, kKind>);
}

}  // namespace

std::span<const Function> cast_functions() noexcept {
  static const std::array kFunctions = {
      cast(Datatype::string, to_string),
      cast(Datatype::boolean, to_boolean),
      cast(Datatype::decimal, to_decimal),
      cast(Datatype::float_, to_float),
      cast(Datatype::double_, to_double),
      integer_cast<Datatype::integer>(),
      integer_cast<Datatype::long_>(),
      integer_cast<Datatype::int_>(),
      integer_cast<Datatype::short_>(),
      integer_cast<Datatype::byte>(),
      integer_cast<Datatype::non_negative_integer>(),
      integer_cast<Datatype::positive_integer>(),
      integer_cast<Datatype::unsigned_long>(),
      integer_cast<Datatype::unsigned_int>(),
      integer_cast<Datatype::unsigned_short>(),
      integer_cast<Datatype::unsigned_byte>(),
      integer_cast<Datatype::non_positive_integer>(),
      integer_cast<Datatype::negative_integer>(),
      temporal_cast<Datatype::date_time, ValueKind::date_time>(),
      temporal_cast<Datatype::date, ValueKind::date>(),
      temporal_cast<Datatype::time, ValueKind::time>(),
      temporal_cast<Datatype::g_year, ValueKind::g_year>(),
      temporal_cast<Datatype::g_year_month, ValueKind::g_year_month>(),
      temporal_cast<Datatype::g_month, ValueKind::g_month>(),
      temporal_cast<Datatype::g_month_day, ValueKind::g_month_day>(),
      temporal_cast<Datatype::g_day, ValueKind::g_day>(),
      duration_cast<Datatype::duration, ValueKind::duration>(),
      duration_cast<Datatype::day_time_duration, ValueKind::day_time_duration>(),
      duration_cast<Datatype::year_month_duration, ValueKind::year_month_duration>(),
  };
  return kFunctions;
}

}  // namespace akyn::expr
