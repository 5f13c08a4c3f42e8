// The algebra as SPARQL: for the endpoints that SERVICE asks.
#pragma once

#include <string>
#include <vector>

#include "engine/algebra/algebra.h"

namespace akyn::algebra {

// A SELECT whose solutions are those of `pattern`, cut to `columns`. IRIs are written out, blank nodes
// and the translation's own slots as variables that the text uses nowhere else, groups with as few brackets
// as their meaning allows. `values` restricts the solutions by a Join; no rows and no slots: not at all.
// Precondition: no constant holds a blank node.
[[nodiscard]] std::string to_sparql(const Node& pattern, const std::vector<Slot>& columns, const Values& values,
                                    const VariableTable& variables);

}  // namespace akyn::algebra
