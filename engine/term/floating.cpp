#include "engine/term/floating.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>

namespace akyn {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <class Number>
std::optional<Number> parse(std::string_view text) noexcept {
  if (text == "NaN") return std::numeric_limits<Number>::quiet_NaN();
  if (text == "INF" || text == "+INF") return std::numeric_limits<Number>::infinity();
  if (text == "-INF") return -std::numeric_limits<Number>::infinity();

  // from_chars takes no plus sign, but "infinity" and "nan(...)": the shape is checked here.
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const bool plus = at == 1 && text[0] == '+';
  const bool negative = at == 1 && text[0] == '-';
  std::size_t digits = 0;
  bool nonzero = false;
  std::int64_t magnitude = 0;  // exponent of the first digit that is not zero, counted without `E`
  bool point = false;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    ++digits;
    if (nonzero && !point) ++magnitude;
    if (!nonzero && point) --magnitude;
    nonzero = nonzero || text[at] != '0';
  }
  if (digits == 0) return std::nullopt;
  bool small_exponent = false;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) small_exponent = text[at++] == '-';
    const std::size_t start = at;
    std::int64_t exponent = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (exponent < 1'000'000'000'000) exponent = exponent * 10 + (text[at] - '0');
    }
    if (at == start || at != text.size()) return std::nullopt;
    magnitude += small_exponent ? -exponent : exponent;
  }
  if (plus) text.remove_prefix(1);
  Number number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec == std::errc::result_out_of_range) {
    const Number limit = nonzero && magnitude > 0 ? std::numeric_limits<Number>::infinity() : Number{0};
    return negative ? -limit : limit;
  }
  return number;
}

template <class Number>
std::string format(Number value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-INF" : "INF";
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string out(text.substr(0, e));
  if (out.find('.') == std::string::npos) out += ".0";
  out += 'E';
  std::string_view exponent = text.substr(e + 1);
  if (exponent.front() == '-') out += '-';
  exponent.remove_prefix(1);
  while (exponent.size() > 1 && exponent.front() == '0') exponent.remove_prefix(1);
  return out += exponent;
}

template <class Number>
std::string as_string(Number value) {
  const Number magnitude = std::fabs(value);
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  if (!(magnitude >= Number(0.000001) && magnitude < Number(1000000))) {
    return format(value);
  }
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return std::string(buffer.data(), result.ptr);
}

}  // namespace

std::optional<double> parse_double(std::string_view text) noexcept {
  return parse<double>(text);
}
std::optional<float> parse_float(std::string_view text) noexcept {
  return parse<float>(text);
}
std::string format_double(double value) {
  return format(value);
}
std::string format_float(float value) {
  return format(value);
}
std::string string_of_double(double value) {
  return as_string(value);
}
std::string string_of_float(float value) {
  return as_string(value);
}

}  // namespace akyn
