// When is what was typed a whole statement?
#pragma once

#include <cstddef>
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

// A statement as its lines come. Each line is looked at once, however many there are.
class Draft {
 public:
  void add_line(std::string_view line);
  void clear() { *this = Draft(); }
  [[nodiscard]] std::string take();

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const Shape& shape() const { return shape_; }

 private:
  friend Shape shape_of(std::string_view text);
  void look(std::string_view text);

  std::string text_;
  Shape shape_;
  std::ptrdiff_t depth_ = 0;  // brackets open
  char quote_ = 0;            // of the long string that is open
  std::size_t seen_ = 0;      // how far the shape goes
};

enum class Completeness { complete, incomplete, wrong };
// `incomplete`: well formed as far as it goes; `wrong`: nothing that could follow would mend it.
// `known` are prefixes that need no declaration.
[[nodiscard]] Completeness completeness_of(std::string_view text, const Prefixes& known);

// The prefixes of a text that is made of PREFIX declarations alone; nothing for any other text.
[[nodiscard]] std::optional<Prefixes> prefixes_alone(std::string_view text);

// True when the line begins with a word that only begins statements.
[[nodiscard]] bool begins_statement(std::string_view line);

}  // namespace akyn::shell
