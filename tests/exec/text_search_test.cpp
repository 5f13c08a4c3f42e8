#include "engine/exec/text_search.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <string>

namespace akyn::exec {
namespace {

TEST_CASE("a text contains what string_view finds in it") {
  std::mt19937 random(4);
  std::size_t found = 0;
  for (int i = 0; i < 60'000; ++i) {
    const unsigned letters = 2 + random() % 3;
    const auto make = [&](std::size_t size) {
      std::string text;
      while (text.size() < size) text += static_cast<char>('a' + random() % letters);
      return text;
    };
    // In memory of its own, so that a tool that watches memory sees what lies beyond.
    const std::string text = make(random() % 90);
    const auto copy = std::make_unique<char[]>(text.size());
    text.copy(copy.get(), text.size());
    const std::string part = make(random() % (random() % 8 == 0 ? 60 : 8));
    const bool expected = text.find(part) != std::string::npos;
    CAPTURE(text);
    CAPTURE(part);
    REQUIRE(contains_text({copy.get(), text.size()}, part) == expected);
    found += expected ? 1 : 0;
  }
  CHECK(found > 10'000);
}

TEST_CASE("a text is ASCII when all of its characters are") {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, 'a');
    CHECK(is_ascii(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\xC3';
      CHECK_FALSE(is_ascii(text));
      text[at] = '\x7F';
    }
  }
}

}  // namespace
}  // namespace akyn::exec
