// Functions on dates and times (SPARQL 1.1 Query 17.4.5). SPARQL defines them for xsd:dateTime; as in
// XPath (F&O 9.5, 8.3) they also take every other type that has the part asked for, and durations.
#include <array>
#include <cstdint>

#include "engine/expr/builtins.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"

namespace akyn::expr {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

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
  const Value& value = arguments[0];
  if (value.is_duration()) return Value::integer(value.as_duration().months / 12);
  if (!has_year(value.kind())) return std::nullopt;
  return Value::integer(civil_of(value).year);
}

Result month(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.is_duration()) return Value::integer(value.as_duration().months % 12);
  if (!has_month(value.kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(value).month});
}

Result day(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.is_duration()) return Value::integer(value.as_duration().seconds / kSecondsPerDay);
  if (!has_day(value.kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(value).day});
}

Result hours(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.is_duration()) return Value::integer(value.as_duration().seconds % kSecondsPerDay / 3600);
  if (!has_clock(value.kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(value).hour});
}

Result minutes(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.is_duration()) return Value::integer(value.as_duration().seconds % 3600 / 60);
  if (!has_clock(value.kind())) return std::nullopt;
  return Value::integer(std::int64_t{civil_of(value).minute});
}

Result seconds(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (!value.is_duration() && !has_clock(value.kind())) return std::nullopt;
  const std::int64_t whole = value.is_duration() ? value.as_duration().seconds % 60 : civil_of(value).second;
  const std::int64_t fraction = value.is_duration() ? value.as_duration().attos : value.as_date_time().attos;
  return Value::decimal(Decimal(BigInteger(whole) * kAttosPerSecond + fraction, 18));
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
