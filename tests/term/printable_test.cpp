#include <doctest/doctest.h>

#include "engine/term/printable.h"

namespace akyn {
namespace {

TEST_CASE("width is what the terminal shows, not bytes or code points") {
  CHECK(display_width("Жээнбеков") == 9);
  CHECK(display_width("東京") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("\xFF") == 1);
}

TEST_CASE("cutting never splits a character") {
  CHECK(cut_to_width("Bishkek", 7) == "Bishkek");
  CHECK(cut_to_width("Bishkek", 6) == "Bishk…");
  CHECK(cut_to_width("東京都", 4) == "東…");
  CHECK(cut_to_width("東京都", 1) == "…");
}

}  // namespace
}  // namespace akyn
