// UTF-8 text as sequences of code points: what the string functions share.
//
// Text in a store is valid UTF-8; these functions do not read out of bounds on anything else, and take
// each stray byte for U+FFFD.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

namespace akyn::expr {

// Reads the code point at byte `at` and moves past it. Precondition: at < text.size().
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;
void append_code_point(std::string& out, char32_t code_point);
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;
// fn:substring: the characters at positions p, from 1, with round(start) <= p < round(start) + round(length). HUGE_VAL
// is a length beyond all texts.
[[nodiscard]] std::string_view substring(std::string_view text, double start, double length) noexcept;

[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::strong_ordering compare_ignoring_ascii_case(std::string_view left, std::string_view right) noexcept;

// Whether a language tag is within a range of LANGMATCHES: RFC 4647 3.3.1, basic filtering.
[[nodiscard]] bool language_matches(std::string_view tag, std::string_view range) noexcept;

}  // namespace akyn::expr
