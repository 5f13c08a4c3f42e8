#include "engine/plan/inlined_order.h"

#include <algorithm>
#include <cmath>

#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/inline_number.h"
#include "engine/term/inline_time.h"

namespace akyn::plan {
namespace {

using expr::Value;

Decimal decimal_of(const ScaledInteger& number) {
  BigInteger digits = number.significand;
  for (int i = 0; i < -number.scale; ++i) digits *= 10;
  return {digits, static_cast<std::uint32_t>(std::max(0, number.scale))};
}

Value value_of(Id id) {
  switch (id.type()) {
    case IdType::integer:
      return Value::integer(integer_payload_value(id.payload()));
    case IdType::decimal:
      return Value::decimal(decimal_of(decimal_payload_value(id.payload())));
    default:
      return Value::double_(double_payload_value(id.payload()));
  }
}

// The payloads that are the first of their value, by number.
struct Payloads {
  std::uint64_t count = 0;
  std::uint64_t (*first)(std::uint64_t number) = nullptr;
  std::uint64_t end = 0;  // beyond all of them
};

constexpr std::uint64_t kAllPayloads = std::uint64_t{1} << Id::kPayloadBits;
// The dates that have a year of nine digits, with a margin; others are not inlined.
constexpr std::uint64_t kMostDays = std::uint64_t{400'000'000'000};
constexpr std::uint64_t kMiddleDay = std::uint64_t{1} << 59;

Payloads payloads_of(IdType type) {
  switch (type) {
    case IdType::decimal:
      return {count_decimals(), first_decimal_payload, kAllPayloads};
    case IdType::double_:
      return {count_doubles(), first_double_payload, first_double_payload(count_doubles() - 1) + 32};
    case IdType::date:
      return {2 * kMostDays, [](std::uint64_t number) { return kMiddleDay - kMostDays + number; }, kAllPayloads};
    case IdType::date_zoned:
      return {kAllPayloads / kDateZones, [](std::uint64_t number) { return number * kDateZones; }, kAllPayloads};
    case IdType::date_time_zoned:
      return {kAllPayloads / kDateTimeZones, [](std::uint64_t number) { return number * kDateTimeZones; },
              kAllPayloads};
    default:
      return {kAllPayloads, [](std::uint64_t number) { return number; }, kAllPayloads};
  }
}

// Compares inlined Ids of one type with a value.
class Comparison {
 public:
  Comparison(IdType type, const Value& value) : type_(type), value_(value) {
    if (value.is_numeric()) nearest_ = value.as_double();
  }

  [[nodiscard]] std::partial_ordering of(std::uint64_t payload) const {
    const Id id(type_, payload);
    if (!value_.is_numeric()) return compare_date_times(inlined_moment(id), value_.as_date_time());
    // Far apart as doubles means apart, whatever was rounded.
    constexpr double kFar = 1e-6;
    const double nearest = inlined_double(id);
    if (std::fabs(nearest - nearest_) > kFar * std::max(std::fabs(nearest), std::fabs(nearest_))) {
      return nearest <=> nearest_;
    }
    return *expr::compare(value_of(id), value_);
  }

 private:
  IdType type_;
  const Value& value_;
  double nearest_ = 0;
};

// The number of the first payload from `low` on for which `before` is false.
template <class Before>
std::uint64_t search(std::uint64_t low, std::uint64_t high, const Before& before) {
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (before(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

double inlined_double(Id id) noexcept {
  switch (id.type()) {
    case IdType::integer:
      return static_cast<double>(integer_payload_value(id.payload()));
    case IdType::decimal:
      return decimal_payload_nearest(id.payload());
    default:
      return double_payload_value(id.payload());
  }
}

DateTime inlined_moment(Id id) noexcept {
  switch (id.type()) {
    case IdType::date:
      return date_payload_value(id.payload());
    case IdType::date_zoned:
      return date_zoned_payload_value(id.payload());
    case IdType::date_time:
      return date_time_payload_value(id.payload());
    default:
      return date_time_zoned_payload_value(id.payload());
  }
}

InlinedOrder order_around(IdType type, const Value& value) {
  const Payloads payloads = payloads_of(type);
  const Comparison comparison(type, value);
  const auto bits = [&](std::uint64_t number) {
    return Id(type, 0).bits() + (number < payloads.count ? payloads.first(number) : payloads.end);
  };
  const std::uint64_t middle = search(0, payloads.count, [&](std::uint64_t number) {
    return comparison.of(payloads.first(number)) == std::partial_ordering::less;
  });
  // Whoever is equal has few neighbours that are: the end is near, except for what has no answer.
  const auto is_greater = [&](std::uint64_t number) {
    return comparison.of(payloads.first(number)) == std::partial_ordering::greater;
  };
  std::uint64_t high = middle;
  for (std::uint64_t step = 1; high < payloads.count && !is_greater(high); step *= 2) {
    high = std::min(payloads.count, high + step);
  }
  const std::uint64_t greater = search(middle, high, [&](std::uint64_t number) { return !is_greater(number); });
  return {bits(middle), bits(greater), Id(type, payloads.end - 1).bits()};
}

}  // namespace akyn::plan
