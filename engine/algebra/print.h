// The algebra as text: one operator a line, indented by depth. For EXPLAIN and tests.
#pragma once

#include <string>

#include "engine/algebra/algebra.h"

namespace akyn::algebra {

// Ends with a line break.
[[nodiscard]] std::string to_string(const Node& node, const VariableTable& variables);
[[nodiscard]] std::string to_string(const Query& query);

// On one line.
[[nodiscard]] std::string to_string(const ExpressionNode& expression, const VariableTable& variables);
[[nodiscard]] std::string to_string(const Triple& triple, const VariableTable& variables);
// "ALL SHORTEST TRAIL", "SHORTEST 3 WALK".
[[nodiscard]] std::string selection_text(const PathSearch& search);
[[nodiscard]] std::string to_string(const PathSearch& search, const VariableTable& variables);
[[nodiscard]] std::string to_string(const sparql::PathNode& path);

}  // namespace akyn::algebra
