// What the text of a cell stands for: a number, a date, a boolean; a name's IRI and label.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace akyn::facts {

struct TypedText {
  std::string text;           // lexical form
  std::string_view datatype;  // IRI
};

// Numbers, "6.5 million" too, booleans, and dates in the forms of include/akyn/facts.h; nothing for any other text. No
// white space around it.
[[nodiscard]] std::optional<TypedText> typed_value(std::string_view text);

// Without white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

// A name for people: runs of white space and '_' are one space.
[[nodiscard]] std::string label_of(std::string_view name);
// The end of its IRI, which Turtle can write behind a prefix. Of a label_of().
[[nodiscard]] std::string local_name_of(std::string_view label);

}  // namespace akyn::facts
