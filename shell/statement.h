// When is what was typed a whole statement?
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace akyn::shell {

using Prefixes = std::map<std::string, std::string>;

// What a text looks like from outside, strings, comments and IRIs told apart from the rest.
struct Shape {
  bool blank = true;               // nothing but space and comments
  bool open = false;               // a bracket or a long string waits for its end
  bool in_string = false;          // it is a long string
  bool ends_in_semicolon = false;  // outside of all brackets
  std::size_t semicolon = 0;       // where
};
[[nodiscard]] Shape shape_of(std::string_view text);

enum class Completeness { complete, incomplete, wrong };
// `incomplete`: well formed as far as it goes; `wrong`: nothing that could follow would mend it.
// `known` are prefixes that need no declaration.
[[nodiscard]] Completeness completeness_of(std::string_view text, const Prefixes& known);

// The prefixes of a text that is made of PREFIX declarations alone; nothing for any other text.
[[nodiscard]] std::optional<Prefixes> prefixes_alone(std::string_view text);

// True when the line begins with a word that only begins statements.
[[nodiscard]] bool begins_statement(std::string_view line);

}  // namespace akyn::shell
