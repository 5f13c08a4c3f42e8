// Stepping over the text of strings and IRIs, which is most of what RDF text is made of: 16 bytes at a time where the
// processor can, one by one elsewhere.
#pragma once

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "parser/rdf/chars.h"

namespace akyn::rdf {

#if defined(__SSE2__)
namespace detail {

// Goes on while `stops_at`, a mask of 16 bytes, is empty.
template <class StopsAt>
inline const char* skip_blocks(const char* at, const char* end, const StopsAt& stops_at, bool& stopped) noexcept {
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(stops_at(bytes)));
    if (mask != 0) {
      stopped = true;
      return at + std::countr_zero(mask);
    }
  }
  return at;
}

inline __m128i is_byte(__m128i bytes, char c) noexcept {
  return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

}  // namespace detail
#endif

// The first character from `at` that does not stand for itself between two of `quote`, or is beyond ASCII.
[[nodiscard]] inline const char* skip_string_text(const char* at, const char* end, char quote) noexcept {
#if defined(__SSE2__)
  using detail::is_byte;
  bool stopped = false;
  at = detail::skip_blocks(
      at, end,
      [quote](__m128i bytes) {
        const __m128i breaks = _mm_or_si128(is_byte(bytes, '\n'), is_byte(bytes, '\r'));
        const __m128i marks = _mm_or_si128(is_byte(bytes, quote), is_byte(bytes, '\\'));
        return _mm_or_si128(bytes, _mm_or_si128(breaks, marks));  // the top bit says whether it is ASCII
      },
      stopped);
  if (stopped) return at;
#endif
  return skip(at, end, quote == '"' ? kDoubleQuoted : kSingleQuoted);
}

// The first character from `at` that does not stand for itself in an IRI, or is beyond ASCII.
[[nodiscard]] inline const char* skip_iri_text(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
  using detail::is_byte;
  bool stopped = false;
  at = detail::skip_blocks(
      at, end,
      [](__m128i bytes) {
        // As signed bytes, those beyond ASCII are below the space. 0x7B to 0x7D are braces and the bar.
        const __m128i outside = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21));
        const __m128i braces =
            _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x7A)), _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x7E)));
        const __m128i angles = _mm_or_si128(is_byte(bytes, '<'), is_byte(bytes, '>'));
        const __m128i marks = _mm_or_si128(is_byte(bytes, '"'), is_byte(bytes, '`'));
        const __m128i others = _mm_or_si128(is_byte(bytes, '\\'), is_byte(bytes, '^'));
        return _mm_or_si128(_mm_or_si128(outside, braces), _mm_or_si128(_mm_or_si128(angles, marks), others));
      },
      stopped);
  if (stopped) return at;
#endif
  return skip(at, end, kIriChar);
}

}  // namespace akyn::rdf
