// From the place where the grammar gave up to a sentence that a person can act on.
#pragma once

#include <vector>

#include "parser/sparql/state.h"

namespace akyn::sparql {

// Throws the Error(syntax) for a parse that got as far as state.expectations.at().
[[noreturn]] void diagnose(const ParseState& state, const std::vector<Token>& tokens);

}  // namespace akyn::sparql
