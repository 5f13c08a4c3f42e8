// Which characters the terminals of Turtle and N-Triples are made of, and their UTF-8 encoding.
//
// ASCII goes through one table of bits, so that a run of ordinary characters costs one load and one
// test each; everything else is decoded and asked for by range.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace akyn::rdf {

// Bits of ASCII characters. No byte of 0x80 and above has any.
enum CharClass : std::uint8_t {
  kWhite = 1,           // WS: space, tab, CR, LF
  kIriChar = 2,         // stands for itself in IRIREF
  kNameStart = 4,       // PN_CHARS_BASE: letters
  kNameChar = 8,        // PN_CHARS: letters, digits, '_', '-'
  kLocalChar = 16,      // PN_CHARS and ':'
  kDigit = 32,          // 0-9
  kDoubleQuoted = 64,   // stands for itself between "
  kSingleQuoted = 128,  // stands for itself between '
};

namespace detail {

consteval std::array<std::uint8_t, 256> make_char_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto within = [](unsigned c, const char* set) {
    for (; *set != '\0'; ++set) {
      if (static_cast<unsigned char>(*set) == c) return true;
    }
    return false;
  };
  for (unsigned c = 0; c < 128; ++c) {
    unsigned bits = 0;
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool digit = c >= '0' && c <= '9';
    const bool name = letter || digit || c == '_' || c == '-';
    if (c != 0 && within(c, " \t\r\n")) bits |= kWhite;
    if (c > 0x20 && !within(c, "<>\"{}|^`\\")) bits |= kIriChar;
    if (letter) bits |= kNameStart;
    if (name) bits |= kNameChar;
    if (name || c == ':') bits |= kLocalChar;
    if (digit) bits |= kDigit;
    if (c == 0 || !within(c, "\"\\\n\r")) bits |= kDoubleQuoted;
    if (c == 0 || !within(c, "'\\\n\r")) bits |= kSingleQuoted;
    table[c] = static_cast<std::uint8_t>(bits);
  }
  return table;
}

inline constexpr std::array<std::uint8_t, 256> kCharClasses = make_char_classes();

}  // namespace detail

[[nodiscard]] constexpr bool is(char c, std::uint8_t classes) noexcept {
  return (detail::kCharClasses[static_cast<unsigned char>(c)] & classes) != 0;
}

[[nodiscard]] constexpr bool is_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x80;
}

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The first character from `at` that is of none of the classes; `end` when all are.
[[nodiscard]] inline const char* skip(const char* at, const char* end, std::uint8_t classes) noexcept {
  while (end - at >= 4) {
    if (!is(at[0], classes)) return at;
    if (!is(at[1], classes)) return at + 1;
    if (!is(at[2], classes)) return at + 2;
    if (!is(at[3], classes)) return at + 3;
    at += 4;
  }
  while (at != end && is(*at, classes)) ++at;
  return at;
}

// Value of a hexadecimal digit; -1 for any other character.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// PN_CHARS_BASE and PN_CHARS, ASCII included (RDF 1.2 Turtle, section 6.5).
[[nodiscard]] constexpr bool is_name_start(char32_t c) noexcept {
  if (c < 0x80) return is(static_cast<char>(c), kNameStart);
  return (c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c <= 0x1FFF && c != 0x37E) ||
         c == 0x200C || c == 0x200D || (c >= 0x2070 && c <= 0x218F) || (c >= 0x2C00 && c <= 0x2FEF) ||
         (c >= 0x3001 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0xEFFFF);
}

[[nodiscard]] constexpr bool is_name_char(char32_t c) noexcept {
  if (c < 0x80) return is(static_cast<char>(c), kNameChar);
  return is_name_start(c) || c == 0xB7 || (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

struct Decoded {
  char32_t code_point = 0;
  std::uint32_t length = 0;  // bytes; 0 when they are not UTF-8 or the text ends within the character
};

// The character at `at` < `end`. Refuses overlong forms, surrogates and what lies above U+10FFFF (RFC 3629).
[[nodiscard]] inline Decoded decode_utf8(const char* at, const char* end) noexcept {
  const auto byte = [at](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])); };
  const auto continues = [&byte](int i) { return (byte(i) & 0xC0U) == 0x80U; };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) {
    if (first < 0xC2 || end - at < 2 || !continues(1)) return {};
    return {((first & 0x1FU) << 6) | (byte(1) & 0x3FU), 2};
  }
  if (first < 0xF0) {
    if (end - at < 3 || !continues(1) || !continues(2)) return {};
    const char32_t c = ((first & 0x0FU) << 12) | ((byte(1) & 0x3FU) << 6) | (byte(2) & 0x3FU);
    if (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF)) return {};
    return {c, 3};
  }
  if (first > 0xF4 || end - at < 4 || !continues(1) || !continues(2) || !continues(3)) return {};
  const char32_t c = ((first & 0x07U) << 18) | ((byte(1) & 0x3FU) << 12) | ((byte(2) & 0x3FU) << 6) | (byte(3) & 0x3FU);
  if (c < 0x10000 || c > 0x10FFFF) return {};
  return {c, 4};
}

// Precondition: a Unicode scalar value.
inline void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace akyn::rdf
