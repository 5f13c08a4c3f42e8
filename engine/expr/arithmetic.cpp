// Arithmetic on numbers, dates, times and durations (operators.h).
#include <cmath>
#include <limits>

#include "engine/expr/operators.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"

namespace akyn::expr {
namespace {

enum class Operation : std::uint8_t { add, subtract, multiply, divide };

constexpr std::int64_t kSecondsPerDay = 86400;

float to_float(const Value& value) {
  return value.kind() == ValueKind::float_ ? value.as_float() : value.as_decimal().to_float();
}

template <class Number>
Number apply(Operation operation, Number a, Number b) {
  switch (operation) {
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      break;
  }
  return a / b;  // by IEEE 754's rules for zero, as XPath F&O 4.2.4 wants
}

std::optional<Decimal> apply(Operation operation, const Decimal& a, const Decimal& b) {
  switch (operation) {
    case Operation::add:
      return Decimal::add(a, b);
    case Operation::subtract:
      return Decimal::subtract(a, b);
    case Operation::multiply:
      return Decimal::multiply(a, b);
    case Operation::divide:
      break;
  }
  return Decimal::divide(a, b);
}

std::optional<std::int64_t> apply_exactly(Operation operation, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = true;
  if (operation == Operation::add) overflow = __builtin_add_overflow(a, b, &result);
  if (operation == Operation::subtract) overflow = __builtin_sub_overflow(a, b, &result);
  if (operation == Operation::multiply) overflow = __builtin_mul_overflow(a, b, &result);
  if (overflow) return std::nullopt;
  return result;
}

Result numbers(Operation operation, const Value& left, const Value& right) {
  if (left.kind() == ValueKind::double_ || right.kind() == ValueKind::double_) {
    return Value::double_(apply(operation, left.as_double(), right.as_double()));
  }
  if (left.kind() == ValueKind::float_ || right.kind() == ValueKind::float_) {
    return Value::float_(apply(operation, to_float(left), to_float(right)));
  }
  if (left.as_int64() && right.as_int64()) {
    if (const auto result = apply_exactly(operation, *left.as_int64(), *right.as_int64()))
      return Value::integer(*result);
  }
  const std::optional<Decimal> result = apply(operation, left.as_decimal(), right.as_decimal());
  if (!result) return std::nullopt;
  const bool whole = left.kind() == ValueKind::integer && right.kind() == ValueKind::integer;
  return whole && operation != Operation::divide ? Value::integer(*result) : Value::decimal(*result);
}

Decimal seconds_of(const Duration& duration) {
  return Decimal(BigInteger(duration.seconds) * kAttosPerSecond + duration.attos, 18);
}

std::optional<Duration> duration_of_seconds(const Decimal& seconds) {
  const Decimal whole = seconds.truncate();
  const std::optional<std::int64_t> count = whole.to_int64();
  if (!count || *count == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  const std::optional<Decimal> fraction = Decimal::subtract(seconds, whole);
  if (!fraction) return std::nullopt;
  const std::optional<Decimal> attos = Decimal::multiply(*fraction, Decimal(kAttosPerSecond));
  if (!attos) return std::nullopt;
  return Duration{0, *count, attos->truncate().to_int64().value_or(0)};
}

Result duration_value(ValueKind kind, const std::optional<Duration>& duration) {
  if (!duration) return std::nullopt;
  return Value::duration(kind, *duration);
}

// The kind of a sum of two durations: their common one.
ValueKind common_duration(const Value& left, const Value& right) {
  return left.kind() == right.kind() ? left.kind() : ValueKind::duration;
}

// Durations times or by a number (XPath F&O 8.4): months are rounded to whole ones.
Result scale_duration(const Value& duration, const Value& factor, Operation operation) {
  if (duration.kind() == ValueKind::duration) return std::nullopt;
  std::optional<Decimal> by;
  if (factor.kind() == ValueKind::float_ || factor.kind() == ValueKind::double_) {
    const double number = factor.as_double();
    if (std::isnan(number)) return std::nullopt;
    if (std::isinf(number)) {
      if (operation == Operation::multiply) return std::nullopt;
      return Value::duration(duration.kind(), {});
    }
    by = Decimal::exactly(number);
  } else {
    by = factor.as_decimal();
  }
  const bool months = duration.kind() == ValueKind::year_month_duration;
  const Decimal amount = months ? Decimal(duration.as_duration().months) : seconds_of(duration.as_duration());
  const std::optional<Decimal> scaled = apply(operation, amount, *by);
  if (!scaled) return std::nullopt;
  if (!months) return duration_value(duration.kind(), duration_of_seconds(*scaled));
  const std::optional<std::int64_t> count = scaled->round().to_int64();
  if (!count || *count == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return Value::duration(duration.kind(), {*count, 0, 0});
}

Result divide_durations(const Value& left, const Value& right) {
  if (left.kind() != right.kind() || left.kind() == ValueKind::duration) return std::nullopt;
  const Duration& a = left.as_duration();
  const Duration& b = right.as_duration();
  const std::optional<Decimal> ratio = left.kind() == ValueKind::year_month_duration
                                           ? Decimal::divide(Decimal(a.months), Decimal(b.months))
                                           : Decimal::divide(seconds_of(a), seconds_of(b));
  if (!ratio) return std::nullopt;
  return Value::decimal(*ratio);
}

// A moment plus a duration (XPath F&O 9.7).
Result shift(const Value& moment, const Duration& duration) {
  std::optional<DateTime> result = add_duration(moment.as_date_time(), duration);
  if (!result) return std::nullopt;
  const std::int64_t of_day = ((result->seconds % kSecondsPerDay) + kSecondsPerDay) % kSecondsPerDay;
  switch (moment.kind()) {
    case ValueKind::date_time:
      break;
    case ValueKind::date:
      result->seconds -= of_day;
      result->attos = 0;
      break;
    case ValueKind::time: {
      if (duration.months != 0) return std::nullopt;
      const std::int64_t before = moment.as_date_time().seconds;
      const std::int64_t midnight = before - ((before % kSecondsPerDay) + kSecondsPerDay) % kSecondsPerDay;
      result->seconds = midnight + of_day;
      break;
    }
    default:
      return std::nullopt;
  }
  return Value::date_time(moment.kind(), *result);
}

}  // namespace

Result add(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return numbers(Operation::add, left, right);
  if (left.is_duration() && right.is_duration()) {
    return duration_value(common_duration(left, right), add_durations(left.as_duration(), right.as_duration()));
  }
  if (left.is_temporal() && right.is_duration()) return shift(left, right.as_duration());
  if (left.is_duration() && right.is_temporal()) return shift(right, left.as_duration());
  return std::nullopt;
}

Result subtract(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return numbers(Operation::subtract, left, right);
  if (left.is_duration() && right.is_duration()) {
    return duration_value(common_duration(left, right),
                          add_durations(left.as_duration(), negate_duration(right.as_duration())));
  }
  if (left.is_temporal() && right.is_duration()) return shift(left, negate_duration(right.as_duration()));
  const bool subtractable =
      left.kind() == ValueKind::date_time || left.kind() == ValueKind::date || left.kind() == ValueKind::time;
  if (subtractable && left.kind() == right.kind()) {
    return duration_value(ValueKind::day_time_duration, difference(left.as_date_time(), right.as_date_time()));
  }
  return std::nullopt;
}

Result multiply(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return numbers(Operation::multiply, left, right);
  if (left.is_duration() && right.is_numeric()) return scale_duration(left, right, Operation::multiply);
  if (left.is_numeric() && right.is_duration()) return scale_duration(right, left, Operation::multiply);
  return std::nullopt;
}

Result divide(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return numbers(Operation::divide, left, right);
  if (left.is_duration() && right.is_numeric()) return scale_duration(left, right, Operation::divide);
  if (left.is_duration() && right.is_duration()) return divide_durations(left, right);
  return std::nullopt;
}

Result negate(const Value& value) {
  switch (value.kind()) {
    case ValueKind::integer:
      return Value::integer(-value.as_decimal());
    case ValueKind::decimal:
      return Value::decimal(-value.as_decimal());
    case ValueKind::float_:
      return Value::float_(-value.as_float());
    case ValueKind::double_:
      return Value::double_(-value.as_double());
    default:
      break;
  }
  if (value.is_duration()) return Value::duration(value.kind(), negate_duration(value.as_duration()));
  return std::nullopt;
}

Result unary_plus(const Value& value) {
  if (!value.is_numeric()) return std::nullopt;
  return value;
}

}  // namespace akyn::expr
