#include "engine/term/inline_number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/term/floating.h"

namespace akyn {
namespace {

constexpr std::int64_t kIntegerBias = std::int64_t{1} << 59;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number as its digits: d.ddd * 10^exponent, `digits` of them in the significand. Zero has
// significand and exponent 0.
struct Digits {
  bool negative = false;
  int exponent = 0;
  std::uint64_t significand = 0;
};

// How a payload is divided, from the top: sign, exponent, significand, form.
struct Layout {
  int digits;
  int significand_bits;
  int form_bits;
  int exponent_bias;

  [[nodiscard]] constexpr int magnitude_bits() const { return 59 - form_bits; }
  [[nodiscard]] constexpr std::uint64_t magnitude_mask() const { return (std::uint64_t{1} << magnitude_bits()) - 1; }
};
constexpr Layout kDecimal{15, 50, 3, 32};
constexpr Layout kDouble{13, 44, 5, 308};
constexpr int kMaxDoubleExponent = 307;  // every such number is a normal double
constexpr std::uint64_t kSpecialExponent = 1023;
constexpr std::uint64_t kPlainForms = 8;

constexpr std::uint64_t kTrailingZeros = 7;  // at most, in plain forms

std::uint64_t pack(const Layout& layout, bool negative, std::uint64_t exponent_code, std::uint64_t significand,
                   std::uint64_t form) {
  std::uint64_t magnitude = (exponent_code << layout.significand_bits) | significand;
  if (negative) magnitude = ~magnitude & layout.magnitude_mask();
  const std::uint64_t sign = negative ? 0 : std::uint64_t{1} << 59;
  return sign | (magnitude << layout.form_bits) | form;
}

struct Unpacked {
  bool negative;
  std::uint64_t exponent_code;
  std::uint64_t significand;
  std::uint64_t form;
};

Unpacked unpack(const Layout& layout, std::uint64_t payload) {
  Unpacked parts{};
  parts.negative = (payload >> 59) == 0;
  parts.form = payload & ((std::uint64_t{1} << layout.form_bits) - 1);
  std::uint64_t magnitude = (payload >> layout.form_bits) & layout.magnitude_mask();
  if (parts.negative) magnitude = ~magnitude & layout.magnitude_mask();
  parts.exponent_code = magnitude >> layout.significand_bits;
  parts.significand = magnitude & ((std::uint64_t{1} << layout.significand_bits) - 1);
  return parts;
}

Digits digits_of(const Layout& layout, const Unpacked& parts) {
  Digits number;
  number.negative = parts.negative;
  number.significand = parts.significand;
  if (parts.significand != 0) number.exponent = static_cast<int>(parts.exponent_code) - layout.exponent_bias;
  return number;
}

// The digits of -?D*(.D*)? in a significand of `count` digits; nothing when they are more, or none.
// `zeros` becomes the number of zeros after the last digit that matters behind the point.
std::optional<Digits> read_digits(std::string_view text, int count, std::uint64_t& zeros) {
  Digits number;
  std::size_t at = 0;
  if (!text.empty() && text[0] == '-') {
    number.negative = true;
    at = 1;
  }
  bool point = false;
  bool any = false;
  int used = 0;               // digits in the significand
  std::int64_t position = 0;  // digits before the point so far; negative ones counted behind it
  std::int64_t pending = 0;   // zeros that matter only if a digit follows
  zeros = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.') {
      if (point) return std::nullopt;
      point = true;
      zeros = 0;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    any = true;
    zeros = c == '0' ? zeros + 1 : 0;
    if (used == 0) {
      if (c == '0') {
        if (point) --position;
        continue;
      }
      number.exponent = static_cast<int>(point ? position - 1 : 0);
    } else if (!point) {
      ++number.exponent;
    }
    if (c == '0') {
      ++pending;
      continue;
    }
    if (used + pending + 1 > count) return std::nullopt;
    for (; pending > 0; --pending, ++used) number.significand *= 10;
    number.significand = number.significand * 10 + static_cast<std::uint64_t>(c - '0');
    ++used;
  }
  if (!any || text.size() > 400) return std::nullopt;
  if (!point) zeros = 0;
  for (; used > 0 && used < count; ++used) number.significand *= 10;
  return number;
}

// The significand's digits without the zeros at its end; "0" for zero.
std::string significant(const Digits& number) {
  std::string text = std::to_string(number.significand);
  const std::size_t last = text.find_last_not_of('0');
  if (last != std::string::npos) text.erase(last + 1);
  return text;
}

std::string plain_form(const Digits& number, std::uint64_t zeros) {
  const std::string digits = significant(number);
  std::string out = number.negative ? "-" : "";
  std::string fraction;
  if (number.exponent < 0) {
    out += '0';
    fraction.assign(static_cast<std::size_t>(-number.exponent - 1), '0');
    fraction += digits;
  } else {
    const auto whole = static_cast<std::size_t>(number.exponent) + 1;
    if (digits.size() <= whole) {
      out += digits;
      out.append(whole - digits.size(), '0');
    } else {
      out.append(digits, 0, whole);
      fraction = digits.substr(whole);
    }
  }
  fraction.append(zeros, '0');
  if (!fraction.empty()) out += '.' + fraction;
  return out;
}

std::string scientific_form(const Digits& number, std::uint64_t form) {
  const std::string digits = significant(number);
  std::string out = number.negative ? "-" : "";
  out += digits[0];
  if (digits.size() > 1) {
    out += '.';
    out.append(digits, 1);
  } else if ((form & 2) == 0) {
    out += ".0";
  }
  out += (form & 1) != 0 ? 'e' : 'E';
  const int magnitude = number.exponent < 0 ? -number.exponent : number.exponent;
  if (number.exponent < 0) out += '-';
  if ((form & 4) != 0) {
    if (number.exponent >= 0) out += '+';
    if (magnitude < 10) out += '0';
  }
  return out += std::to_string(magnitude);
}

// The double nearest to significand * 10^power, where both are small enough that one operation on exact operands rounds
// once; nothing otherwise.
std::optional<double> nearest_double(const Unpacked& parts, int power) noexcept {
  constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr int kLargest = static_cast<int>(kPowers.size()) - 1;
  if (power > kLargest || power < -kLargest) return std::nullopt;
  const auto digits = static_cast<double>(parts.significand);  // below 2^53
  const double magnitude = power < 0 ? digits / kPowers[static_cast<std::size_t>(-power)]
                                     : digits * kPowers[static_cast<std::size_t>(power)];
  return parts.negative ? -magnitude : magnitude;
}

int power_of(const Layout& layout, const Unpacked& parts) noexcept {
  if (parts.significand == 0) return 0;
  return static_cast<int>(parts.exponent_code) - layout.exponent_bias - (layout.digits - 1);
}

std::uint64_t payload_key(const Layout& layout, std::uint64_t payload) noexcept {
  const std::uint64_t key = payload >> layout.form_bits;
  const std::uint64_t positive_zero = std::uint64_t{1} << layout.magnitude_bits();
  return key == positive_zero - 1 ? positive_zero : key;
}

constexpr std::uint64_t power_of_ten(int exponent) {
  std::uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// Numbers of magnitudes: zero, then for each exponent the significands of `digits` digits.
constexpr std::uint64_t significands(const Layout& layout) {
  return power_of_ten(layout.digits) - power_of_ten(layout.digits - 1);
}

std::uint64_t first_payload(const Layout& layout, std::uint64_t least_code, std::uint64_t magnitudes,
                            std::uint64_t number) {
  const bool negative = number < magnitudes;
  const std::uint64_t magnitude = negative ? magnitudes - 1 - number : number - magnitudes;
  if (magnitude == 0) return pack(layout, negative, 0, 0, 0);
  const std::uint64_t code = least_code + (magnitude - 1) / significands(layout);
  return pack(layout, negative, code, power_of_ten(layout.digits - 1) + (magnitude - 1) % significands(layout), 0);
}

constexpr std::uint64_t kDecimalMagnitudes = 1 + (2 * 32 - 1) * significands(kDecimal);
// Of the finite ones.
constexpr std::uint64_t kDoubleMagnitudes = 1 + (2 * kMaxDoubleExponent + 1) * significands(kDouble);

}  // namespace

std::optional<std::uint64_t> encode_integer(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  const std::string_view magnitude = text.substr(text[0] == '-' ? 1 : 0);
  if (magnitude[0] == '0' && text.size() > 1) return std::nullopt;  // "-0", "007"
  if (value < -kIntegerBias || value >= kIntegerBias) return std::nullopt;
  return static_cast<std::uint64_t>(value + kIntegerBias);
}

std::string decode_integer(std::uint64_t payload) {
  return std::to_string(integer_payload_value(payload));
}

std::optional<std::uint64_t> encode_decimal(std::string_view text) {
  std::uint64_t zeros = 0;
  const std::optional<Digits> number = read_digits(text, kDecimal.digits, zeros);
  if (!number || zeros > kTrailingZeros) return std::nullopt;
  if (number->exponent <= -kDecimal.exponent_bias || number->exponent >= kDecimal.exponent_bias) return std::nullopt;
  if (plain_form(*number, zeros) != text) return std::nullopt;
  const auto code =
      number->significand == 0 ? 0 : static_cast<std::uint64_t>(number->exponent + kDecimal.exponent_bias);
  return pack(kDecimal, number->negative, code, number->significand, zeros);
}

std::string decode_decimal(std::uint64_t payload) {
  const Unpacked parts = unpack(kDecimal, payload);
  return plain_form(digits_of(kDecimal, parts), parts.form);
}

ScaledInteger decimal_payload_value(std::uint64_t payload) noexcept {
  const Unpacked parts = unpack(kDecimal, payload);
  const auto significand = static_cast<std::int64_t>(parts.significand);
  return {parts.negative ? -significand : significand, -power_of(kDecimal, parts)};
}

double decimal_payload_nearest(std::uint64_t payload) {
  const Unpacked parts = unpack(kDecimal, payload);
  if (parts.significand == 0) return 0;  // a decimal has no negative zero
  if (const auto nearest = nearest_double(parts, power_of(kDecimal, parts))) return *nearest;
  return parse_double(decode_decimal(payload)).value_or(0);
}

std::uint64_t decimal_payload_key(std::uint64_t payload) noexcept {
  return payload_key(kDecimal, payload);
}

double double_payload_value(std::uint64_t payload) {
  const Unpacked parts = unpack(kDouble, payload);
  if (parts.exponent_code == kSpecialExponent) {
    if (parts.significand != 0) return std::numeric_limits<double>::quiet_NaN();
    return parts.negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (const auto nearest = nearest_double(parts, power_of(kDouble, parts))) return *nearest;
  return parse_double(decode_double(payload)).value_or(0);
}

std::uint64_t double_payload_key(std::uint64_t payload) noexcept {
  return payload_key(kDouble, payload);
}

std::optional<std::uint64_t> encode_double(std::string_view text) {
  if (text == "INF" || text == "-INF") return pack(kDouble, text[0] == '-', kSpecialExponent, 0, 0);
  if (text == "NaN") return pack(kDouble, false, kSpecialExponent, 1, 0);

  const std::size_t e = text.find_first_of("eE");
  const bool plain = e == std::string_view::npos;
  std::uint64_t zeros = 0;
  std::optional<Digits> number = read_digits(text.substr(0, e), kDouble.digits, zeros);
  if (!number) return std::nullopt;
  std::uint64_t form = kPlainForms + zeros;
  if (plain) {
    if (zeros > kTrailingZeros) return std::nullopt;
  } else {
    std::string_view exponent = text.substr(e + 1);
    const bool c_style =
        exponent.starts_with('+') || (exponent.size() > 1 && exponent.starts_with('0')) || exponent.starts_with("-0");
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    int written = 0;
    const auto result = std::from_chars(exponent.data(), exponent.data() + exponent.size(), written);
    if (result.ec != std::errc() || result.ptr != exponent.data() + exponent.size()) return std::nullopt;
    if (written > 2 * kMaxDoubleExponent || written < -2 * kMaxDoubleExponent) return std::nullopt;
    const bool whole_mantissa = text.substr(0, e).find('.') == std::string_view::npos;
    form = (text[e] == 'e' ? 1U : 0U) | (whole_mantissa ? 2U : 0U) | (c_style ? 4U : 0U);
    number->exponent += written;
  }
  if (number->exponent < -kMaxDoubleExponent || number->exponent > kMaxDoubleExponent) return std::nullopt;
  if ((plain ? plain_form(*number, zeros) : scientific_form(*number, form)) != text) return std::nullopt;
  if (number->significand == 0 && number->exponent != 0) return std::nullopt;  // "0E5": the exponent would be lost
  const auto code = number->significand == 0 ? 0 : static_cast<std::uint64_t>(number->exponent + kDouble.exponent_bias);
  return pack(kDouble, number->negative, code, number->significand, form);
}

std::string decode_double(std::uint64_t payload) {
  const Unpacked parts = unpack(kDouble, payload);
  if (parts.exponent_code == kSpecialExponent) {
    if (parts.significand != 0) return "NaN";
    return parts.negative ? "-INF" : "INF";
  }
  const Digits number = digits_of(kDouble, parts);
  return parts.form >= kPlainForms ? plain_form(number, parts.form - kPlainForms) : scientific_form(number, parts.form);
}

std::uint64_t count_decimals() noexcept {
  return 2 * kDecimalMagnitudes;
}
std::uint64_t first_decimal_payload(std::uint64_t number) noexcept {
  return first_payload(kDecimal, 1, kDecimalMagnitudes, number);
}

std::uint64_t count_doubles() noexcept {
  return 2 * kDoubleMagnitudes + 2;
}
std::uint64_t first_double_payload(std::uint64_t number) noexcept {
  if (number == 0) return pack(kDouble, true, kSpecialExponent, 0, 0);
  if (number == count_doubles() - 1) return pack(kDouble, false, kSpecialExponent, 0, 0);
  return first_payload(kDouble, 1, kDoubleMagnitudes, number - 1);
}

}  // namespace akyn
