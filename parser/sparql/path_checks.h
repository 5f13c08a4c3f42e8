// What can be said of the paths of PATH clauses from their text.
#pragma once

#include <vector>

#include "parser/sparql/ast.h"

namespace akyn::sparql {

// Whether walks that match the path may have any number of edges.
[[nodiscard]] bool is_unbounded(const PathNode& path);

// Its STEPs, in the order of the text; those with one label each time.
struct StepPlace {
  const PathStep* step = nullptr;
  Offset at = 0;
};
[[nodiscard]] std::vector<StepPlace> steps_of(const PathNode& path);

}  // namespace akyn::sparql
