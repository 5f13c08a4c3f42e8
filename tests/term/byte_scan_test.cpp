#include <doctest/doctest.h>

#include <string>

#include "engine/term/byte_scan.h"

namespace akyn {
namespace {

TEST_CASE("the first special byte is found wherever it is") {
  const auto special = [](auto c) { return (c < 0x20) | (c == '"') | (c == 0xEF); };
  for (std::size_t size = 0; size <= 70; ++size) {
    std::string text(size, 'x');
    for (std::size_t from = 0; from <= size; ++from) REQUIRE(find_special(text, from, special) == size);
    for (const char c : {'"', '\n', '\0', '\xEF'}) {
      for (std::size_t at = 0; at < size; ++at) {
        text[at] = c;
        for (std::size_t from = 0; from <= size; ++from) {
          // A special byte before `from` is not looked at.
          REQUIRE(find_special(text, from, special) == (from <= at ? at : size));
        }
        text[at] = 'x';
      }
    }
  }
}

}  // namespace
}  // namespace akyn
