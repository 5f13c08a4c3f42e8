// SPARQL 1.1 / 1.2 text to syntax tree.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/sparql/ast.h"

namespace akyn::sparql {

struct ParseOptions {
  std::string source_name = "query";        // what errors call the text
  std::string base_iri;                     // for relative IRIs before any BASE; none when empty
  std::vector<PrefixDeclaration> prefixes;  // known without being declared
  bool strict = false;                      // SPARQL alone: PATH and UNNEST are errors
  // Whether a function is a custom aggregate: nothing in the text of a call tells (18.5.1). None: no function is.
  std::function<bool(std::string_view iri)> is_aggregate;
};

// Both throw Error(syntax) with the place, what was expected, and a suggestion where there is one.
// The static rules of the grammar's notes (19.8: blank-node labels, BIND scope, GROUP BY projection,
// no variables in DATA, ...) are checked here too.
//
// Error(limit) when brackets nest more than 600 levels deep, or operators and patterns together more
// than 1,250: then neither the parser nor whoever walks the tree runs out of an 8 MiB stack, in a
// build with sanitizers either. Chains of && and || become balanced trees and do not count; a chain
// of n additions is n levels.
//
// Numeric escapes (\uXXXX) are read in strings and IRIs, as SPARQL 1.2 has it, not elsewhere.
// Thread-safe; reentrant.
[[nodiscard]] Query parse_query(std::string_view text, const ParseOptions& options = {});
[[nodiscard]] Update parse_update(std::string_view text, const ParseOptions& options = {});

// True when the text starts (after comments and prologue) with an Update keyword: how a prompt that
// takes both tells them apart.
[[nodiscard]] bool looks_like_update(std::string_view text);

}  // namespace akyn::sparql
