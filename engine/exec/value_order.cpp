#include "engine/exec/value_order.h"

#include <algorithm>
#include <cmath>

#include "engine/expr/operators.h"
#include "engine/storage/version.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {
namespace {

constexpr std::uint64_t bits_of(IdType type, std::uint64_t payload) {
  return Id(type, payload).bits();
}
constexpr IdType type_of(std::uint64_t bits) {
  return Id::from_bits(bits).type();
}
constexpr std::uint64_t payload_of(std::uint64_t bits) {
  return Id::from_bits(bits).payload();
}

// Zones of dates are the payload's last bits (inline_time.h).
constexpr unsigned kDateZoneBits = 11;

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

ValueOrder::ValueOrder(Run& run) : values_(run) {
  for (const auto& stored : run.snapshot().version()->dictionary->runs()) {
    if (!stored->range().empty()) runs_.push_back({stored->range().first, stored->range().last - 1});
  }
}

std::optional<int> ValueOrder::rank_of(std::uint64_t bits) noexcept {
  switch (type_of(bits)) {
    case IdType::typed:   // derived datatypes among them
    case IdType::valued:  // numbers, moments, booleans in other forms
      return std::nullopt;
    case IdType::decimal:
    case IdType::double_:
      return static_cast<int>(IdType::integer);
    case IdType::date_zoned:
      return static_cast<int>(IdType::date);
    case IdType::date_time_zoned:
      return static_cast<int>(IdType::date_time);
    default:
      return static_cast<int>(type_of(bits));
  }
}

OrderedRange ValueOrder::range_of(std::uint64_t bits) const noexcept {
  const IdType type = type_of(bits);
  switch (type) {
    case IdType::boolean:
    case IdType::integer:
    case IdType::decimal:    // forms of one value sort by their zeros at the end, which is how their text sorts
    case IdType::date:       // one form each
    case IdType::date_time:  // as decimals
      return {bits_of(type, 0), bits_of(type, Id::kPayloadMask)};
    case IdType::iri:
    case IdType::string: {
      const std::uint64_t payload = payload_of(bits);
      const auto after = std::upper_bound(runs_.begin(), runs_.end(), payload,
                                          [](std::uint64_t p, const OrderedRange& run) { return p < run.first; });
      if (after != runs_.begin() && std::prev(after)->contains(payload)) {
        return {bits_of(type, std::prev(after)->first), bits_of(type, std::prev(after)->last)};
      }
      break;
    }
    default:
      break;
  }
  return {bits, bits};
}

OrderedRange ValueOrder::key_range_of(std::uint64_t bits) const noexcept {
  const IdType type = type_of(bits);
  switch (type) {
    case IdType::double_:
    case IdType::date_zoned:
      return {bits_of(type, 0), bits_of(type, Id::kPayloadMask)};
    case IdType::date_time:  // forms of one moment have different keys
      return {bits, bits};
    default:
      return range_of(bits);
  }
}

std::uint64_t ValueOrder::order_key(std::uint64_t bits) noexcept {
  switch (type_of(bits)) {
    case IdType::decimal:
      return bits_of(IdType::decimal, decimal_payload_key(payload_of(bits)));
    case IdType::double_:
      return bits_of(IdType::double_, double_payload_key(payload_of(bits)));
    case IdType::date_zoned:
      return bits_of(IdType::date_zoned, payload_of(bits) >> kDateZoneBits);
    default:
      return bits;
  }
}

std::optional<std::weak_ordering> ValueOrder::by_ids(std::uint64_t left, std::uint64_t right, bool strong) const {
  if (left == right) return std::weak_ordering::equivalent;
  const std::optional<int> left_rank = rank_of(left);
  const std::optional<int> right_rank = rank_of(right);
  if (!left_rank || !right_rank) return std::nullopt;
  if (*left_rank != *right_rank) return *left_rank <=> *right_rank;
  if (strong && range_of(left).contains(right)) return left <=> right;
  if (key_range_of(left).contains(right)) {
    const std::weak_ordering order = order_key(left) <=> order_key(right);
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
    const OrderedRange range = key_range_of(bits);
    return range.first == range.last && type_of(bits) != IdType::date_time;
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
