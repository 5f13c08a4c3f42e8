// The 60-bit payloads of inlined integers, decimals and doubles. Each encoder refuses a lexical form
// that its decoder would not give back letter for letter; payloads compare as the values do.
//
// integer: the value plus 2^59; canonical forms only.
//
// decimal:  59  58    53 52                      3 2   0
//          +---+--------+------------------------+-----+
//          | + |  exp   |      significand       | form|    6, 50 and 3 bits
//          +---+--------+------------------------+-----+
//   The value is d.ddd x 10^(exp - 32): exp is 0 for zero; the significand is its digits d.ddd, filled
//   up with zeros to 15. The form counts the zeros written after the last digit that the value needs:
//   "2" 0, "2.0" 1, "1.50" 1, "1.5" 0.
//
// double:   59  58       49 48                   5 4   0
//          +---+-----------+---------------------+-----+
//          | + |    exp    |     significand     | form|    10, 44 and 5 bits
//          +---+-----------+---------------------+-----+
//   As above with 13 digits and a bias of 308; INF has exp 1023, NaN that and significand 1. The form:
//     0 - 7   scientific: bit 0 "e" instead of "E", bit 1 no ".0" after a whole mantissa, bit 2 a
//             sign and at least two digits in the exponent (C's %e): "1.5E3" 0, "1e6" 3, "1e+06" 7
//     8 - 15  plain, as for decimals: "0.99" 8, "2.0" 9
//   13 digits fall on distinct doubles, so that no two payloads of different digits have one value.
//
// In both, the top bit is set for what is written without a minus sign; exponent and significand of a
// negative number are complemented. "-0.0" comes just below "0.0".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace akyn {

[[nodiscard]] std::optional<std::uint64_t> encode_integer(std::string_view text) noexcept;
[[nodiscard]] std::string decode_integer(std::uint64_t payload);
[[nodiscard]] constexpr std::int64_t integer_payload_value(std::uint64_t payload) noexcept {
  return static_cast<std::int64_t>(payload) - (std::int64_t{1} << 59);
}

[[nodiscard]] std::optional<std::uint64_t> encode_decimal(std::string_view text);
[[nodiscard]] std::string decode_decimal(std::uint64_t payload);

// The value of a decimal: significand * 10^-scale.
struct ScaledInteger {
  std::int64_t significand = 0;
  int scale = 0;  // may be negative
};
[[nodiscard]] ScaledInteger decimal_payload_value(std::uint64_t payload) noexcept;
// The double that is nearest to it.
[[nodiscard]] double decimal_payload_nearest(std::uint64_t payload);

[[nodiscard]] std::optional<std::uint64_t> encode_double(std::string_view text);
[[nodiscard]] std::string decode_double(std::uint64_t payload);
[[nodiscard]] double double_payload_value(std::uint64_t payload);

// The payload without its form: the same for all forms of one value, in the order of values. Zero has none of its
// signs.
[[nodiscard]] std::uint64_t decimal_payload_key(std::uint64_t payload) noexcept;
[[nodiscard]] std::uint64_t double_payload_key(std::uint64_t payload) noexcept;

// --- The values in order: payloads ascend with the number of their value, and the payloads of one value are those from
// the first to before that of the next value. -0.0 and 0.0 have different numbers; NaN has none, its payload comes
// after all others.
[[nodiscard]] std::uint64_t count_decimals() noexcept;
[[nodiscard]] std::uint64_t first_decimal_payload(std::uint64_t number) noexcept;
[[nodiscard]] std::uint64_t count_doubles() noexcept;
[[nodiscard]] std::uint64_t first_double_payload(std::uint64_t number) noexcept;

}  // namespace akyn
