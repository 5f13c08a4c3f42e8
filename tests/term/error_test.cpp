#include <doctest/doctest.h>

#include <string>

#include <akyn/error.h>

namespace akyn {
namespace {

// what() of an error with one line of a text, `length` code points of it underlined after `caret`.
std::string shown(std::string line, std::uint64_t caret, std::uint64_t length = 1) {
  SourceLocation place;
  place.source = "query";
  place.line = 1;
  place.column = caret + 1;
  place.line_text = std::move(line);
  place.caret = caret;
  place.length = length;
  return Error(ErrorCode::syntax, "wrong", place).what();
}

TEST_CASE("the caret stands below what it is about") {
  CHECK(shown("ASK { oops }", 6, 4) ==
        "query:1:7: error: wrong\n"
        "1 | ASK { oops }\n"
        "  |       ^~~~");
  CHECK(shown("ASK", 3) ==
        "query:1:4: error: wrong\n"
        "1 | ASK\n"
        "  |    ^");
  CHECK(shown("\tЖ oops", 3, 4) ==
        "query:1:4: error: wrong\n"
        "1 | \tЖ oops\n"
        "  | \t  ^~~~");
  CHECK(shown("東e\u0301 oops", 4, 4) ==
        "query:1:5: error: wrong\n"
        "1 | 東e\u0301 oops\n"
        "  |     ^~~~");
}

TEST_CASE("control characters are shown, not sent to the terminal") {
  CHECK(shown(std::string("a\0b oops", 8), 4, 4) ==
        "query:1:5: error: wrong\n"
        "1 | a\\u0000b oops\n"
        "  |          ^~~~");
  CHECK(shown("\x1B[2J", 0, 1) ==
        "query:1:1: error: wrong\n"
        "1 | \\u001B[2J\n"
        "  | ^~~~~~");
  CHECK(shown("\u202E\u009B oops", 3) ==
        "query:1:4: error: wrong\n"
        "1 | \\u202E\\u009B oops\n"
        "  |              ^");
  CHECK(shown("\x80\xFF oops", 2) ==
        "query:1:3: error: wrong\n"
        "1 | \uFFFD\uFFFD oops\n"
        "  |    ^");
  const Error error(ErrorCode::not_found, std::string("\0\x1B.ttl: no such file", 20));
  CHECK(error.what() == std::string("\\u0000\\u001B.ttl: no such file"));
  CHECK(error.message().size() == 20);
}

}  // namespace
}  // namespace akyn
