#include "engine/exec/value_order.h"

#include <algorithm>
#include <cmath>

#include "engine/expr/operators.h"
#include "engine/storage/version.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {
namespace {

constexpr IdType type_of(std::uint64_t bits) {
  return Id::from_bits(bits).type();
}
constexpr std::uint64_t payload_of(std::uint64_t bits) {
  return Id::from_bits(bits).payload();
}

std::optional<double> nearest_number(std::uint64_t bits) {
  switch (type_of(bits)) {
    case IdType::integer:
      return static_cast<double>(integer_payload_value(payload_of(bits)));
    case IdType::decimal:
      return decimal_payload_nearest(payload_of(bits));
    case IdType::double_: {
      const double value = double_payload_value(payload_of(bits));
      if (std::isnan(value)) return std::nullopt;
      return value;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

ValueOrder::ValueOrder(Run& run) : values_(run), ids_(*run.snapshot().version()->dictionary) {}

std::optional<std::weak_ordering> ValueOrder::by_ids(std::uint64_t left, std::uint64_t right, bool strong) const {
  if (left == right) return std::weak_ordering::equivalent;
  const std::optional<int> left_rank = IdOrder::rank_of(left);
  const std::optional<int> right_rank = IdOrder::rank_of(right);
  if (!left_rank || !right_rank) return std::nullopt;
  if (*left_rank != *right_rank) return *left_rank <=> *right_rank;
  if (strong && ids_.range_of(left).contains(right)) return left <=> right;
  if (ids_.key_range_of(left).contains(right)) {
    const std::weak_ordering order = IdOrder::order_key(left) <=> IdOrder::order_key(right);
    if (order != 0 || !strong) return order;
    return std::nullopt;
  }
  if (*left_rank == static_cast<int>(IdType::integer)) {
    // Rounding keeps the order, so that only numbers that round to one take a closer look.
    const std::optional<double> a = nearest_number(left);
    const std::optional<double> b = nearest_number(right);
    if (a && b && *a != *b) return *a < *b ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return std::nullopt;
}

void ValueOrder::expect(std::span<const std::uint64_t> ids) {
  values_.load(ids, [&](std::uint64_t bits) {
    return ids_.key_range_of(bits).is_single() && type_of(bits) != IdType::date_time;
  });
}

std::strong_ordering ValueOrder::compare(std::uint64_t left, std::uint64_t right) {
  if (const auto order = by_ids(left, right, true)) {
    if (*order == 0) return std::strong_ordering::equal;
    return *order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  values_.trim();
  return expr::order_compare(left == 0 ? nullptr : &values_.value(left), right == 0 ? nullptr : &values_.value(right));
}

std::weak_ordering ValueOrder::compare_values(std::uint64_t left, std::uint64_t right) {
  if (const auto order = by_ids(left, right, false)) return *order;
  values_.trim();
  return expr::order_by_value(left == 0 ? nullptr : &values_.value(left), right == 0 ? nullptr : &values_.value(right));
}

}  // namespace akyn::exec
