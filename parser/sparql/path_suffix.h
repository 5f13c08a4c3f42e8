// How a repetition in a path is written.
#pragma once

#include <string>

#include "parser/sparql/ast.h"

namespace akyn::sparql {

// "?", "*", "+", or bounds: "{2}", "{2,}", "{2,5}".
[[nodiscard]] inline std::string suffix_of(const PathRepeat& repeat) {
  if (repeat.min == 0 && !repeat.max) return "*";
  if (repeat.min == 1 && !repeat.max) return "+";
  if (repeat.min == 0 && repeat.max == 1U) return "?";
  std::string suffix = "{" + std::to_string(repeat.min);
  if (repeat.max != repeat.min) suffix += ',';
  if (repeat.max && repeat.max != repeat.min) suffix += std::to_string(*repeat.max);
  return suffix + '}';
}

}  // namespace akyn::sparql
