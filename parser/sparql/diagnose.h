// From the place where the grammar gave up to a sentence that a person can act on.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "parser/sparql/state.h"

namespace akyn::sparql {

// Throws the Error(syntax) for a parse that got as far as state.expectations.at().
[[noreturn]] void diagnose(const ParseState& state, const std::vector<Token>& tokens);

// What looks like an IRI without its angle brackets, at this byte of the text; empty when nothing does.
[[nodiscard]] std::string_view bare_iri(std::string_view text, std::size_t at);

}  // namespace akyn::sparql
