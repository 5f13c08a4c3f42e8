// Functions on numbers (SPARQL 1.1 Query 17.4.4). Each keeps the kind of its argument: rounding a
// decimal gives a decimal, and any type derived from xsd:integer an xsd:integer (XPath F&O 4.4).
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "engine/expr/builtins.h"
#include "engine/expr/operators.h"
#include "engine/term/decimal.h"

namespace akyn::expr {
namespace {

// fn:round: ties towards positive infinity; a result of zero keeps the sign.
template <class Number>
Number round_half_up(Number x) {
  const Number below = std::floor(x);
  const Number rounded = x - below >= Number(0.5) ? below + 1 : below;
  return rounded == 0 ? std::copysign(Number(0), x) : rounded;
}

Value integer_of(const Value& value) {
  const std::optional<std::int64_t> small = value.as_int64();
  return small ? Value::integer(*small) : Value::integer(value.as_decimal());
}

template <class OnDecimal, class OnFloat, class OnDouble>
Result apply(const Value& value, OnDecimal on_decimal, OnFloat on_float, OnDouble on_double) {
  switch (value.kind()) {
    case ValueKind::integer:
      return integer_of(value);
    case ValueKind::decimal:
      return Value::decimal(on_decimal(value.as_decimal()));
    case ValueKind::float_:
      return Value::float_(on_float(value.as_float()));
    case ValueKind::double_:
      return Value::double_(on_double(value.as_double()));
    default:
      return std::nullopt;
  }
}

Result abs(Arguments arguments, Context&) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::integer) return value.as_decimal().sign() < 0 ? negate(value) : integer_of(value);
  return apply(
      value, [](const Decimal& x) { return x.sign() < 0 ? -x : x; }, [](float x) { return std::fabs(x); },
      [](double x) { return std::fabs(x); });
}

Result ceil(Arguments arguments, Context&) {
  return apply(
      arguments[0], [](const Decimal& x) { return x.ceil(); }, [](float x) { return std::ceil(x); },
      [](double x) { return std::ceil(x); });
}

Result floor(Arguments arguments, Context&) {
  return apply(
      arguments[0], [](const Decimal& x) { return x.floor(); }, [](float x) { return std::floor(x); },
      [](double x) { return std::floor(x); });
}

Result round(Arguments arguments, Context&) {
  return apply(
      arguments[0], [](const Decimal& x) { return x.round(); }, [](float x) { return round_half_up(x); },
      [](double x) { return round_half_up(x); });
}

// 53 random bits: every multiple of 2^-53 in [0, 1) alike.
Result rand(Arguments, Context& context) {
  return Value::double_(static_cast<double>(context.random() >> 11) * 0x1p-53);
}

constexpr std::array kFunctions = {
    Function{"ABS", 1, 1, abs},     Function{"CEIL", 1, 1, ceil},        Function{"FLOOR", 1, 1, floor},
    Function{"ROUND", 1, 1, round}, Function{"RAND", 0, 0, rand, false},
};

}  // namespace

std::span<const Function> numeric_functions() noexcept {
  return kFunctions;
}

}  // namespace akyn::expr
