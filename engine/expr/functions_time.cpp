// Functions on dates and times (SPARQL 1.1 Query 17.4.5). SPARQL defines them for xsd:dateTime; as in
// XPath (F&O 9.5) they also take every other type that has the part asked for.
#include <array>

#include "engine/expr/builtins.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"

namespace akyn::expr {
namespace {

bool has_year(ValueKind kind) {
  return kind == ValueKind::date_time || kind == ValueKind::date || kind == ValueKind::g_year ||
         kind == ValueKind::g_year_month;
}

bool has_month(ValueKind kind) {
  return kind == ValueKind::date_time || kind == ValueKind::date || kind == ValueKind::g_year_month ||
         kind == ValueKind::g_month || kind == ValueKind::g_month_day;
}

bool has_day(ValueKind kind) {
  return kind == ValueKind::date_time || kind == ValueKind::date || kind == ValueKind::g_month_day ||
         kind == ValueKind::g_day;
}

bool has_clock(ValueKind kind) {
  return kind == ValueKind::date_time || kind == ValueKind::time;
}

CivilTime civil_of(const Value& value) {
  return civil_time(value.as_date_time().seconds);
}

Result year(Arguments arguments, Context&) {
  if (!has_year(arguments[0].kind())) return std::nullopt;
  return Value::integer(civil_of(arguments[0]).year);
}

Result month(Arguments arguments, Context&) {
  if (!has_month(arguments[0].kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(arguments[0]).month});
}

Result day(Arguments arguments, Context&) {
  if (!has_day(arguments[0].kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(arguments[0]).day});
}

Result hours(Arguments arguments, Context&) {
  if (!has_clock(arguments[0].kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(arguments[0]).hour});
}

Result minutes(Arguments arguments, Context&) {
  if (!has_clock(arguments[0].kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(arguments[0]).minute});
}

Result seconds(Arguments arguments, Context&) {
  if (!has_clock(arguments[0].kind())) return std::nullopt;
  const BigInteger attos =
      BigInteger(civil_of(arguments[0]).second) * kAttosPerSecond + arguments[0].as_date_time().attos;
  return Value::decimal(Decimal(attos, 18));
}

Result timezone(Arguments arguments, Context&) {
  if (!arguments[0].is_temporal()) return std::nullopt;
  const std::optional<std::int16_t> zone = arguments[0].as_date_time().zone;
  if (!zone) return std::nullopt;
  return Value::duration(ValueKind::day_time_duration, {0, std::int64_t{*zone} * 60, 0});
}

// The time zone as it is written: "Z", "+00:00", "-08:00", or nothing.
Result tz(Arguments arguments, Context&) {
  if (!arguments[0].is_temporal()) return std::nullopt;
  if (!arguments[0].as_date_time().zone) return Value::string("");
  const std::string form = arguments[0].lexical_form();
  return Value::string(form.ends_with('Z') ? "Z" : form.substr(form.size() - 6));
}

Result now(Arguments, Context& context) {
  return context.now;
}

constexpr std::array kFunctions = {
    Function{"YEAR", 1, 1, year},         Function{"MONTH", 1, 1, month},     Function{"DAY", 1, 1, day},
    Function{"HOURS", 1, 1, hours},       Function{"MINUTES", 1, 1, minutes}, Function{"SECONDS", 1, 1, seconds},
    Function{"TIMEZONE", 1, 1, timezone}, Function{"TZ", 1, 1, tz},           Function{"NOW", 0, 0, now},
};

}  // namespace

std::span<const Function> time_functions() noexcept {
  return kFunctions;
}

}  // namespace akyn::expr
