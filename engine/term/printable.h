// UTF-8 text as a terminal shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace akyn {

struct Character {
  std::int32_t code_point = -1;  // -1: a stray byte
  std::size_t bytes = 1;
};
// Precondition: at < text.size().
[[nodiscard]] Character character_at(std::string_view text, std::size_t at);

// Columns that the text takes in a terminal: 2 for East Asian wide characters and emoji, 0 for
// combining marks. A stray byte counts as one.
[[nodiscard]] std::size_t display_width(std::string_view text);

// The text itself when it fits into `width` columns (at least 1), else its beginning and "…". No character is split.
[[nodiscard]] std::string cut_to_width(std::string_view text, std::size_t width);

// What a terminal would obey instead of show is written as an escape: \n \r \t, and \uXXXX for other
// controls, line separators and direction overrides. A stray byte becomes U+FFFD.
void append_printable(std::string& out, std::string_view text);

}  // namespace akyn
