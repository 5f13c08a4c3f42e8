#include "engine/expr/text.h"

#include <algorithm>
#include <cmath>

namespace akyn::expr {

char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  constexpr char32_t kReplacement = 0xFFFD;
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    ++at;
    return first;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) {
    ++at;
    return kReplacement;
  }
  char32_t c = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80) {
      ++at;
      return kReplacement;
    }
    c = (c << 6) | (next & 0x3FU);
  }
  at += length;
  return c;
}

void append_code_point(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) static_cast<void>(next_code_point(text, at));
  return count;
}

std::string_view substring(std::string_view text, double start, double length) noexcept {
  const double begin = std::floor(start + 0.5);
  const double end = begin + std::floor(length + 0.5);
  std::size_t from = text.size();
  std::size_t to = text.size();
  bool inside = false;
  std::size_t at = 0;
  for (double position = 1; at < text.size(); ++position) {
    const std::size_t first = at;
    static_cast<void>(next_code_point(text, at));
    if (!inside && position >= begin && position < end) {  // false for NaN
      inside = true;
      from = first;
    } else if (inside && !(position < end)) {
      to = first;
      break;
    }
  }
  return text.substr(from, to - from);
}

std::strong_ordering compare_ignoring_ascii_case(std::string_view left, std::string_view right) noexcept {
  return std::lexicographical_compare_three_way(
      left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return static_cast<unsigned char>(ascii_lower(a)) <=> static_cast<unsigned char>(ascii_lower(b));
      });
}

bool language_matches(std::string_view tag, std::string_view range) noexcept {
  if (range == "*") return !tag.empty();
  if (tag.size() < range.size() || range.empty()) return false;
  if (compare_ignoring_ascii_case(tag.substr(0, range.size()), range) != 0) return false;
  return tag.size() == range.size() || tag[range.size()] == '-';
}

}  // namespace akyn::expr
