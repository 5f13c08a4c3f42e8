// Variables replaced by constants.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <akyn/term.h>
#include "engine/algebra/algebra.h"

namespace akyn::algebra {

// Gives variables of the text constants, by name and everywhere: nested groups, sub-SELECTs, EXISTS,
// MINUS, SERVICE, templates. The answers are those of the query with the constants written in place of the
// variables, except that the variables still are columns. Where a constant cannot stand:
//   - BIND and (... AS ?x): the solutions whose value is that very term remain,
//   - the variables that PATH and UNNEST set, STEP's and INNER's own: likewise,
//   - VALUES: the rows that agree remain, without the column,
//   - BOUND: true.
// Throws Error(not_found) when the text has no such variable, Error(invalid_argument) when a value is
// no term or a blank node.
void bind_parameters(Query& query, const std::vector<std::pair<std::string, Term>>& parameters);

}  // namespace akyn::algebra
