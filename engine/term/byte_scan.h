// Looking through text for the few bytes that need an escape.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace akyn {

// Where the first byte from `from` on is for which special(byte) holds; text.size() when there is none. Looks at
// sixteen bytes at a time, so `special` takes one byte or a vector of them, and combines comparisons without branches:
//
//     [](auto c) { return (c < 0x20) | (c == '"'); }
//
// Precondition: from <= text.size().
template <class Special>
[[nodiscard]] std::size_t find_special(std::string_view text, std::size_t from, const Special& special) {
  constexpr std::size_t kBlock = 16;
  using Block = unsigned char __attribute__((vector_size(kBlock)));
  const auto any_in_block = [&](std::size_t begin) {
    Block block;
    std::memcpy(&block, text.data() + begin, kBlock);
    const auto found = special(block);
    std::array<std::uint64_t, 2> words;
    static_assert(sizeof found == sizeof words);
    std::memcpy(words.data(), &found, kBlock);
    return (words[0] | words[1]) != 0;
  };
  std::size_t at = from;
  if (text.size() - from >= kBlock) {
    while (at + kBlock <= text.size() && !any_in_block(at)) at += kBlock;
    // The last block may begin in the one before.
    if (at + kBlock > text.size() && !any_in_block(text.size() - kBlock)) return text.size();
  }
  while (at < text.size() && !special(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

}  // namespace akyn
