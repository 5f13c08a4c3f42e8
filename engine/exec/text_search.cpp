#include "engine/exec/text_search.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace akyn::exec {
namespace {

#ifdef __SSE2__

constexpr std::size_t kBlock = 16;
// A text full of false starts costs so many comparisons a character; beyond that, memmem is linear.
constexpr std::size_t kLongestPart = 32;

__m128i load(const char* from) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// Looks for the part's first and last character at 16 places at once. Precondition: the part has 2 to kLongestPart
// characters, and the text kBlock - 1 more at least.
bool contains_in_blocks(std::string_view text, std::string_view part) noexcept {
  const __m128i first = _mm_set1_epi8(part.front());
  const __m128i last = _mm_set1_epi8(part.back());
  const std::size_t end = text.size() - part.size() - (kBlock - 1);  // where the last block begins
  for (std::size_t at = 0;; at += kBlock) {
    if (at > end) at = end;  // some places are looked at again
    const __m128i here = _mm_and_si128(_mm_cmpeq_epi8(first, load(text.data() + at)),
                                       _mm_cmpeq_epi8(last, load(text.data() + at + part.size() - 1)));
    for (auto places = static_cast<unsigned>(_mm_movemask_epi8(here)); places != 0; places &= places - 1) {
      const auto place = at + static_cast<std::size_t>(__builtin_ctz(places));
      if (std::memcmp(text.data() + place + 1, part.data() + 1, part.size() - 2) == 0) return true;
    }
    if (at == end) return false;
  }
}

#endif

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t bits = 0;
  std::size_t at = 0;
  for (; at + sizeof(bits) <= text.size(); at += sizeof(bits)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    bits |= word;
  }
  for (; at < text.size(); ++at) bits |= static_cast<unsigned char>(text[at]);
  return (bits & kHighBits) == 0;
}

bool contains_text(std::string_view text, std::string_view part) noexcept {
  if (part.empty()) return true;
  if (part.size() > text.size()) return false;
#ifdef __SSE2__
  if (part.size() > 1 && part.size() <= kLongestPart && text.size() - part.size() >= kBlock - 1) {
    return contains_in_blocks(text, part);
  }
#endif
  return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

}  // namespace akyn::exec
