// The character classes of SPARQL's terminals (SPARQL 1.2, 19.8, productions from PN_CHARS_BASE on).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace akyn::sparql {

// A code point and the bytes it takes. The text must be valid UTF-8 and not empty.
struct Decoded {
  char32_t code_point;
  std::uint32_t size;
};
[[nodiscard]] inline Decoded decode_utf8(const char* at) {
  const auto byte = [at](int index) { return static_cast<char32_t>(static_cast<unsigned char>(at[index])); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xe0) return {(lead & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if (lead < 0xf0) return {(lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f), 4};
}

void append_utf8(std::string& out, char32_t code_point);

// The offset of the first byte that is not UTF-8; npos when all of it is.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text);

[[nodiscard]] constexpr bool is_letter(char32_t c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
[[nodiscard]] constexpr bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_alphanumeric(char32_t c) {
  return is_letter(c) || is_digit(c);
}
[[nodiscard]] constexpr bool is_hex(char32_t c) {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}
[[nodiscard]] constexpr bool is_space(char32_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Beyond ASCII, the part of PN_CHARS_BASE.
[[nodiscard]] constexpr bool is_name_letter_beyond_ascii(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  constexpr std::array<Range, 12> kRanges = {{{0xc0, 0xd6},
                                              {0xd8, 0xf6},
                                              {0xf8, 0x2ff},
                                              {0x370, 0x37d},
                                              {0x37f, 0x1fff},
                                              {0x200c, 0x200d},
                                              {0x2070, 0x218f},
                                              {0x2c00, 0x2fef},
                                              {0x3001, 0xd7ff},
                                              {0xf900, 0xfdcf},
                                              {0xfdf0, 0xfffd},
                                              {0x10000, 0xeffff}}};
  for (const Range& range : kRanges) {
    if (c <= range.last) return c >= range.first;
  }
  return false;
}

// PN_CHARS_BASE
[[nodiscard]] constexpr bool is_name_base(char32_t c) {
  return c < 0x80 ? is_letter(c) : is_name_letter_beyond_ascii(c);
}
// PN_CHARS_U
[[nodiscard]] constexpr bool is_name_start(char32_t c) {
  return c == '_' || is_name_base(c);
}
// What VARNAME and PN_CHARS allow after the start, beyond PN_CHARS_U.
[[nodiscard]] constexpr bool is_name_extender(char32_t c) {
  return is_digit(c) || c == 0xb7 || (c >= 0x300 && c <= 0x36f) || (c >= 0x203f && c <= 0x2040);
}
// PN_CHARS_U | [0-9]
[[nodiscard]] constexpr bool is_name_start_or_digit(char32_t c) {
  return is_name_start(c) || is_digit(c);
}
// The second half of VARNAME.
[[nodiscard]] constexpr bool is_variable_char(char32_t c) {
  return is_name_start(c) || is_name_extender(c);
}
// PN_CHARS
[[nodiscard]] constexpr bool is_name_char(char32_t c) {
  return c == '-' || is_variable_char(c);
}
// What an IRIREF holds literally.
[[nodiscard]] constexpr bool is_iri_char(char32_t c) {
  return c > 0x20 && c != '<' && c != '>' && c != '"' && c != '{' && c != '}' && c != '|' && c != '^' && c != '`' &&
         c != '\\';
}

}  // namespace akyn::sparql
