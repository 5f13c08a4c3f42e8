// Drawings, by Graphviz where it is installed.
#pragma once

#include <string>

namespace akyn::shell {

// What the program dot makes of a text in the DOT language. Throws Error(unsupported) when there is no such program,
// Error(io) when it fails.
[[nodiscard]] std::string svg_of(const std::string& dot);

}  // namespace akyn::shell
