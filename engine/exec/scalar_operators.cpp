#include "engine/exec/scalar_operators.h"

#include <cmath>
#include <compare>

#include "engine/algebra/apply.h"
#include "engine/expr/text.h"
#include "engine/plan/inlined_order.h"
#include "engine/term/date_time.h"

namespace akyn::exec {
namespace {

using sparql::BinaryOperator;

bool is_equality(BinaryOperator op) {
  return op == BinaryOperator::equal || op == BinaryOperator::not_equal;
}

bool holds(BinaryOperator op, std::partial_ordering order) {
  switch (op) {
    case BinaryOperator::equal:
      return order == 0;
    case BinaryOperator::not_equal:
      return order != 0;
    case BinaryOperator::less:
      return order < 0;
    case BinaryOperator::greater:
      return order > 0;
    case BinaryOperator::less_equal:
      return order <= 0;
    default:
      return order >= 0;
  }
}

bool is_double(const Datum& datum) {
  return datum.kind == Datum::Kind::double_ ||
         (datum.kind == Datum::Kind::inlined && Id::from_bits(datum.id).type() == IdType::double_);
}

// 1 for an inlined date, 2 for a dateTime, 0 for all else.
int moment_kind(const Datum& datum) {
  if (datum.kind != Datum::Kind::inlined) return 0;
  switch (Id::from_bits(datum.id).type()) {
    case IdType::date:
    case IdType::date_zoned:
      return 1;
    case IdType::date_time:
    case IdType::date_time_zoned:
      return 2;
    default:
      return 0;
  }
}

// An order that needs no full values; nothing when it does.
std::optional<std::partial_ordering> light_order(const Datum& left, const Datum& right) {
  if (left.kind == Datum::Kind::string && right.kind == Datum::Kind::string) {
    return left.text.compare(right.text) <=> 0;
  }
  const std::optional<std::int64_t> a = left.as_int64();
  const std::optional<std::int64_t> b = right.as_int64();
  if (a && b) return *a <=> *b;
  const std::optional<double> x = left.as_double();
  const std::optional<double> y = x ? right.as_double() : std::nullopt;
  if (!x || !y) return std::nullopt;
  if (is_double(left) || is_double(right)) return *x <=> *y;
  // Exact numbers far apart as doubles are apart.
  constexpr double kFar = 1e-12;
  if (std::fabs(*x - *y) > kFar * std::max(std::fabs(*x), std::fabs(*y))) return *x <=> *y;
  return std::nullopt;
}

bool same_strings(const Datum& left, const Datum& right) {
  return left.text == right.text && left.direction == right.direction &&
         expr::compare_ignoring_ascii_case(left.language, right.language) == 0;
}

}  // namespace

std::optional<bool> compare(BinaryOperator op, const Datum& left, const Datum& right) {
  if (const std::optional<std::partial_ordering> order = light_order(left, right)) return holds(op, *order);
  if (const int kind = moment_kind(left); kind != 0 && kind == moment_kind(right)) {
    const std::partial_ordering order =
        compare_date_times(plan::inlined_moment(Id::from_bits(left.id)), plan::inlined_moment(Id::from_bits(right.id)));
    if (order == std::partial_ordering::unordered) return std::nullopt;
    return holds(op, order);
  }
  if (is_equality(op) && left.kind == right.kind) {
    const bool equal = op == BinaryOperator::equal;
    if (left.kind == Datum::Kind::iri) return (left.text == right.text) == equal;
    if (left.kind == Datum::Kind::lang_string) return same_strings(left, right) == equal;
  }
  return algebra::apply_comparison(op, to_value(left), to_value(right));
}

void apply_arithmetic(BinaryOperator op, const Datum& left, const Datum& right, Datum& result) {
  const std::optional<std::int64_t> a = left.as_int64();
  const std::optional<std::int64_t> b = right.as_int64();
  if (a && b) {
    std::int64_t number = 0;
    bool overflow = true;  // and divisions, which give decimals
    if (op == BinaryOperator::add) overflow = __builtin_add_overflow(*a, *b, &number);
    if (op == BinaryOperator::subtract) overflow = __builtin_sub_overflow(*a, *b, &number);
    if (op == BinaryOperator::multiply) overflow = __builtin_mul_overflow(*a, *b, &number);
    if (!overflow) return result.set_integer(number);
  } else if (is_double(left) || is_double(right)) {
    const std::optional<double> x = left.as_double();
    const std::optional<double> y = right.as_double();
    if (x && y) {
      switch (op) {
        case BinaryOperator::add:
          return result.set_double(*x + *y);
        case BinaryOperator::subtract:
          return result.set_double(*x - *y);
        case BinaryOperator::multiply:
          return result.set_double(*x * *y);
        default:
          return result.set_double(*x / *y);
      }
    }
  }
  result.set_result(algebra::apply_arithmetic(op, to_value(left), to_value(right)));
}

}  // namespace akyn::exec
