#include "engine/term/printable.h"

#include <fmt/format.h>
#include <utf8proc.h>

namespace akyn {
namespace {

std::size_t width_of(const Character& character) {
  if (character.code_point < 0) return 1;
  return static_cast<std::size_t>(utf8proc_charwidth(character.code_point));
}

bool steers_terminal(std::int32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
  Character result;
  utf8proc_int32_t code_point = -1;
  const utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                                  static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
  if (bytes > 0) {
    result.code_point = code_point;
    result.bytes = static_cast<std::size_t>(bytes);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    width += width_of(character);
    i += character.bytes;
  }
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const Character character = character_at(text, end);
    if (used + width_of(character) + 1 > width) break;
    used += width_of(character);
    end += character.bytes;
  }
  return std::string(text.substr(0, end)) + "…";
}

void append_printable(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    const std::int32_t c = character.code_point;
    if (c < 0) {
      out += "\xEF\xBF\xBD";
    } else if (!steers_terminal(c)) {
      out += text.substr(i, character.bytes);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += fmt::format("\\u{:04X}", c);
    }
    i += character.bytes;
  }
}

}  // namespace akyn
