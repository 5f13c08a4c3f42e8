// XPath's regular expressions written in RE2's syntax.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace akyn::expr {

struct RegexFlags {
  bool dot_all = false;           // s
  bool multi_line = false;        // m
  bool case_insensitive = false;  // i
  bool skip_space = false;        // x
  bool literal = false;           // q
};

// The same expression for RE2 (whose option case_sensitive must follow flag i), or nothing when the pattern is not
// valid XPath (F&O 3.1 section 5.6.1, XML Schema 1.1 Part 2 appendix G). Precondition: flag q is not set.
[[nodiscard]] std::optional<std::string> translate_regex(std::string_view pattern, const RegexFlags& flags);

}  // namespace akyn::expr
