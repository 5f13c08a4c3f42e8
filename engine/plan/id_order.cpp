#include "engine/plan/id_order.h"

#include <algorithm>
#include <iterator>

#include "engine/term/id.h"
#include "engine/term/inline_number.h"

namespace akyn::plan {
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
constexpr OrderedRange all_of(IdType type) {
  return {bits_of(type, 0), bits_of(type, Id::kPayloadMask)};
}

// -0.0 comes just below 0.0 (inline_number.h), with as many forms.
constexpr std::uint64_t kDoubleForms = 2 * 32;

}  // namespace

IdOrder::IdOrder(const storage::Dictionary& dictionary) {
  for (const auto& stored : dictionary.runs()) {
    if (!stored->range().empty()) runs_.push_back({stored->range().first, stored->range().last - 1});
  }
}

OrderedRange IdOrder::range_of(std::uint64_t bits) const noexcept {
  const IdType type = type_of(bits);
  switch (type) {
    case IdType::boolean:
    case IdType::integer:
    case IdType::decimal:    // forms of one value sort by their zeros at the end, which is how their text sorts
    case IdType::date:       // one form each
    case IdType::date_time:  // as decimals
      return all_of(type);
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

OrderedRange IdOrder::key_range_of(std::uint64_t bits) const noexcept {
  const IdType type = type_of(bits);
  switch (type) {
    case IdType::double_:
    case IdType::date_zoned:
      return all_of(type);
    case IdType::date_time:  // forms of one moment have different keys
      return {bits, bits};
    default:
      return range_of(bits);
  }
}

std::uint64_t IdOrder::order_key(std::uint64_t bits) noexcept {
  switch (type_of(bits)) {
    case IdType::decimal:
      return bits_of(IdType::decimal, decimal_payload_key(payload_of(bits)));
    case IdType::double_:
      return bits_of(IdType::double_, double_payload_key(payload_of(bits)));
    case IdType::date_zoned:
      return bits_of(IdType::date_zoned, payload_of(bits) / kDateZones);
    default:
      return bits;
  }
}

IdOrder::ValueRange IdOrder::value_range_of(std::uint64_t bits) const noexcept {
  const IdType type = type_of(bits);
  switch (type) {
    case IdType::double_:
      return {all_of(type), kDoubleForms};
    case IdType::date_zoned:
      return {all_of(type), kDateZones};
    case IdType::date_time_zoned:
      return {all_of(type), kMomentForms};
    default:
      return {range_of(bits), 1};
  }
}

std::optional<int> IdOrder::rank_of(std::uint64_t bits) noexcept {
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

}  // namespace akyn::plan
