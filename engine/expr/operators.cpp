// Truth, equality and order; arithmetic.cpp has the rest.
#include "engine/expr/operators.h"

#include <cmath>
#include <utility>

#include "engine/expr/text.h"
#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"

namespace akyn::expr {
namespace {

bool is_exact(const Value& value) {
  return value.kind() == ValueKind::integer || value.kind() == ValueKind::decimal;
}

bool is_not_a_number(const Value& value) {
  return (value.kind() == ValueKind::float_ || value.kind() == ValueKind::double_) && std::isnan(value.as_double());
}

float to_float(const Value& value) {
  return value.kind() == ValueKind::float_ ? value.as_float() : value.as_decimal().to_float();
}

// With the promotions of XPath F&O 4.3: to double if either is one, else to float, else exact.
std::partial_ordering compare_numbers(const Value& left, const Value& right) {
  if (left.kind() == ValueKind::double_ || right.kind() == ValueKind::double_) {
    return left.as_double() <=> right.as_double();
  }
  if (left.kind() == ValueKind::float_ || right.kind() == ValueKind::float_) return to_float(left) <=> to_float(right);
  if (left.as_int64() && right.as_int64()) return *left.as_int64() <=> *right.as_int64();
  return left.as_decimal() <=> right.as_decimal();
}

// Numbers by their exact values: unlike comparison after promotion, an order. NaN after all others.
std::weak_ordering order_numbers(const Value& left, const Value& right) {
  if (left.as_int64() && right.as_int64()) return *left.as_int64() <=> *right.as_int64();
  if (is_exact(left) && is_exact(right)) return left.as_decimal() <=> right.as_decimal();
  const bool left_nan = is_not_a_number(left);
  const bool right_nan = is_not_a_number(right);
  if (left_nan || right_nan) return left_nan <=> right_nan;
  const double a = left.as_double();
  const double b = right.as_double();
  if (a < b) return std::weak_ordering::less;
  if (a > b) return std::weak_ordering::greater;
  // Equal after rounding: exactly equal, unless one of them was rounded.
  if (!std::isfinite(a)) {
    if (is_exact(left)) return a > 0 ? std::weak_ordering::less : std::weak_ordering::greater;
    if (is_exact(right)) return a > 0 ? std::weak_ordering::greater : std::weak_ordering::less;
    return std::weak_ordering::equivalent;
  }
  const auto exactly = [](const Value& value, double rounded) {
    return is_exact(value) ? value.as_decimal() : *Decimal::exactly(rounded);
  };
  return exactly(left, a) <=> exactly(right, b);
}

// The operators' rows for literals, and sameValue (SPARQL 1.2 Query 17.3, 17.4.2.2).
std::optional<bool> equal_literals(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return compare_numbers(left, right) == 0;
  // A language-tagged string is the value of no other literal, whatever its datatype and form: so the W3C tests
  // open-eq-*.
  if (left.kind() == ValueKind::lang_string || right.kind() == ValueKind::lang_string) return same_term(left, right);
  if (left.kind() == ValueKind::other || right.kind() == ValueKind::other) {
    if (same_term(left, right)) return true;
    return std::nullopt;
  }
  if (left.is_duration() && right.is_duration()) return left.as_duration() == right.as_duration();
  if (left.kind() != right.kind()) return false;  // both understood, and of disjoint value spaces
  if (left.kind() == ValueKind::string) return left.text() == right.text();
  if (left.kind() == ValueKind::boolean) return left.as_boolean() == right.as_boolean();
  if (left.kind() == ValueKind::path) return left.text() == right.text();
  const std::partial_ordering order = compare_date_times(left.as_date_time(), right.as_date_time());
  if (order == std::partial_ordering::unordered) return std::nullopt;
  return order == 0;
}

std::optional<std::partial_ordering> compare_triples(const Value& left, const Value& right);

int class_rank(const Value* value) {
  if (value == nullptr) return 0;
  if (value->is_blank()) return 1;
  if (value->is_iri()) return 2;
  return value->is_triple() ? 4 : 3;
}

// The sequence of kinds of literals: that of IdType, numbers together.
int literal_rank(const Value& value) {
  switch (value.kind()) {
    case ValueKind::string:
      return 0;
    case ValueKind::lang_string:
      return 1;
    case ValueKind::other:
      return 2;
    case ValueKind::path:
      return 3;
    case ValueKind::boolean:
      return 4;
    case ValueKind::date:
      return 6;
    case ValueKind::date_time:
      return 7;
    default:
      break;
  }
  if (value.is_numeric()) return 5;
  return value.is_duration() ? 100 : 8 + static_cast<int>(value.kind());
}

// Short ones first.
std::strong_ordering order_paths(const Value& left, const Value& right) {
  if (const auto order = left.path_length() <=> right.path_length(); order != 0) return order;
  return left.text() <=> right.text();
}

std::weak_ordering order_literals(const Value& left, const Value& right) {
  const int rank = literal_rank(left);
  if (const auto order = rank <=> literal_rank(right); order != 0) return order;
  if (left.is_numeric()) return order_numbers(left, right);
  if (left.is_temporal()) return order_date_times(left.as_date_time(), right.as_date_time());
  if (left.is_duration()) return order_durations(left.as_duration(), right.as_duration());
  if (left.kind() == ValueKind::boolean) return left.as_boolean() <=> right.as_boolean();
  if (left.kind() == ValueKind::path) return order_paths(left, right);
  if (const auto order = left.text() <=> right.text(); order != 0) return order;
  if (left.kind() == ValueKind::lang_string) {
    if (const auto order = compare_ignoring_ascii_case(left.language(), right.language()); order != 0) return order;
    return left.direction() <=> right.direction();
  }
  return left.datatype_iri() <=> right.datatype_iri();
}

template <class Ordering, class Compare>
Ordering order_parts(const Value& left, const Value& right, Compare compare_part) {
  if (const Ordering order = compare_part(&left.subject(), &right.subject()); order != 0) return order;
  if (const Ordering order = compare_part(&left.predicate(), &right.predicate()); order != 0) return order;
  return compare_part(&left.object(), &right.object());
}

}  // namespace

std::optional<bool> effective_boolean(const Value& value) {
  switch (value.kind()) {
    case ValueKind::boolean:
      return value.as_boolean();
    case ValueKind::string:
      return !value.text().empty();
    case ValueKind::integer:
    case ValueKind::decimal:
      return value.as_int64() ? *value.as_int64() != 0 : !value.as_decimal().is_zero();
    case ValueKind::float_:
    case ValueKind::double_:
      return !(value.as_double() == 0 || std::isnan(value.as_double()));
    default:
      return std::nullopt;
  }
}

bool same_language(const Value& left, const Value& right) {
  return left.direction() == right.direction() && compare_ignoring_ascii_case(left.language(), right.language()) == 0;
}

bool same_term(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case ValueKind::iri:
    case ValueKind::blank:
    case ValueKind::string:
      return left.text() == right.text();
    case ValueKind::triple:
      return same_term(left.subject(), right.subject()) && same_term(left.predicate(), right.predicate()) &&
             same_term(left.object(), right.object());
    case ValueKind::lang_string:
      return left.text() == right.text() && same_language(left, right);
    default:
      return left.datatype_iri() == right.datatype_iri() && left.lexical_form() == right.lexical_form();
  }
}

std::optional<bool> equal(const Value& left, const Value& right) {
  if (left.is_literal() && right.is_literal()) return equal_literals(left, right);
  if (!left.is_triple() || !right.is_triple()) return same_term(left, right);
  // As a conjunction: one part that is known to differ decides, even beside an error.
  const std::optional<bool> parts[] = {equal(left.subject(), right.subject()),
                                       equal(left.predicate(), right.predicate()),
                                       equal(left.object(), right.object())};
  bool unknown = false;
  for (const std::optional<bool>& part : parts) {
    if (part && !*part) return false;
    unknown = unknown || !part;
  }
  if (unknown) return std::nullopt;
  return true;
}

std::optional<std::partial_ordering> compare(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return compare_numbers(left, right);
  if (left.is_duration() && right.is_duration()) {
    const std::partial_ordering order = compare_durations(left.as_duration(), right.as_duration());
    if (order == std::partial_ordering::unordered) return std::nullopt;
    return order;
  }
  if (left.kind() != right.kind()) return std::nullopt;
  if (left.kind() == ValueKind::string) return left.text() <=> right.text();
  if (left.kind() == ValueKind::lang_string) {
    if (!same_language(left, right)) return std::nullopt;
    return left.text() <=> right.text();
  }
  if (left.kind() == ValueKind::boolean) return left.as_boolean() <=> right.as_boolean();
  if (left.is_temporal()) {
    const std::partial_ordering order = compare_date_times(left.as_date_time(), right.as_date_time());
    if (order == std::partial_ordering::unordered) return std::nullopt;
    return order;
  }
  if (left.kind() == ValueKind::path) return order_paths(left, right);
  if (left.is_triple()) return compare_triples(left, right);
  return std::nullopt;
}

namespace {

// By the first part that differs.
std::optional<std::partial_ordering> compare_triples(const Value& left, const Value& right) {
  const std::pair<const Value&, const Value&> parts[] = {
      {left.subject(), right.subject()}, {left.predicate(), right.predicate()}, {left.object(), right.object()}};
  for (const auto& [a, b] : parts) {
    const std::optional<bool> same = equal(a, b);
    if (!same) return std::nullopt;
    if (!*same) return compare(a, b);
  }
  return std::partial_ordering::equivalent;
}

}  // namespace

std::optional<bool> less(const Value& left, const Value& right) {
  const std::optional<std::partial_ordering> order = compare(left, right);
  if (!order) return std::nullopt;
  return *order < 0;
}

Result logical_not(const Value& value) {
  const std::optional<bool> truth = effective_boolean(value);
  if (!truth) return std::nullopt;
  return Value::boolean(!*truth);
}

std::weak_ordering order_by_value(const Value* left, const Value* right) {
  const int rank = class_rank(left);
  if (const auto order = rank <=> class_rank(right); order != 0) return order;
  if (left == nullptr) return std::weak_ordering::equivalent;
  if (left->is_literal()) return order_literals(*left, *right);
  if (left->is_triple()) return order_parts<std::weak_ordering>(*left, *right, order_by_value);
  return left->text() <=> right->text();
}

std::strong_ordering order_compare(const Value* left, const Value* right) {
  if (left != nullptr && right != nullptr && left->is_triple() && right->is_triple()) {
    return order_parts<std::strong_ordering>(*left, *right, order_compare);
  }
  const std::weak_ordering order = order_by_value(left, right);
  if (order < 0) return std::strong_ordering::less;
  if (order > 0) return std::strong_ordering::greater;
  if (left == nullptr || !left->is_literal() || left->is_string_literal()) return std::strong_ordering::equal;
  if (const auto form = left->lexical_form() <=> right->lexical_form(); form != 0) return form;
  return left->datatype_iri() <=> right->datatype_iri();
}

}  // namespace akyn::expr
