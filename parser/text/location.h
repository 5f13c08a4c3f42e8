// From a byte offset to what a person needs to see: line, column, the line itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <akyn/error.h>

namespace akyn {

// The place of `offset` (clamped to the text) in a text that is wholly in memory. `length` is in
// bytes and is cut at the end of the line. UTF-8; stray bytes count as one column each.
[[nodiscard]] SourceLocation locate(std::string_view text, std::size_t offset, std::size_t length, std::string source);

// " goes on for more than 128 MB; is its end missing?": behind what is longer than `bytes`.
[[nodiscard]] std::string too_long(std::size_t bytes);

// The nearest of `candidates` to a misspelt `word` by edit distance, when near enough to suggest; else empty.
template <class Range>
[[nodiscard]] std::string nearest_name(std::string_view word, const Range& candidates);

[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

template <class Range>
std::string nearest_name(std::string_view word, const Range& candidates) {
  std::string best;
  std::size_t best_distance = word.size() / 3 + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= best_distance && (best.empty() || distance < best_distance) &&
        distance < word.size() + (word.empty() ? 1U : 0U)) {
      best = std::string(candidate);
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace akyn
