// Looking through text for the few bytes that need an escape.
#pragma once

#include <cstddef>
#include <string_view>

namespace akyn {

// Where the first byte from `from` on is for which special(unsigned char) holds; text.size() when there is none. Looks
// at many bytes at a time, so `special` should be comparisons without branches: (c < 0x20) | (c == '"'). Precondition:
// from <= text.size().
template <class Special>
[[nodiscard]] std::size_t find_special(std::string_view text, std::size_t from, const Special& special) {
  constexpr std::size_t kBlock = 16;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto any_in_block = [&](std::size_t begin) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < kBlock; ++i) any |= static_cast<unsigned char>(special(byte(begin + i)));
    return any != 0;
  };
  std::size_t at = from;
  if (text.size() - from >= kBlock) {
    while (at + kBlock <= text.size() && !any_in_block(at)) at += kBlock;
    // The last block may begin in the one before.
    if (at + kBlock > text.size() && !any_in_block(text.size() - kBlock)) return text.size();
  }
  while (at < text.size() && !special(byte(at))) ++at;
  return at;
}

}  // namespace akyn
