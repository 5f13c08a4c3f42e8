// Names and sentences that look like those of news, in five languages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bench/newsgraph/random.h"

namespace akyn::newsgraph {

enum class Language : std::uint8_t { english, russian, kyrgyz, german, french };
inline constexpr std::size_t kLanguages = 5;

// "en", "ru", "ky", "de", "fr"
[[nodiscard]] std::string_view tag_of(Language language);
// English half of the time.
[[nodiscard]] Language some_language(Random& random);

// Each appends to `out`.

// "Aibek Toktorov", or the same in Cyrillic script.
struct PersonName {
  std::size_t given;
  std::size_t family;
};
[[nodiscard]] PersonName some_person(Random& random);
void append_person(std::string& out, PersonName name, bool cyrillic);
// A place that is on no map: "Kalmarand".
void append_place(std::string& out, Random& random);
// Words of a language, common ones more often; the first one begins with a capital letter where the language has
// them.
void append_words(std::string& out, Random& random, Language language, std::size_t count);
// Sentences of 6 to 18 words.
void append_sentences(std::string& out, Random& random, Language language, std::size_t count);

}  // namespace akyn::newsgraph
