// SPARQL 1.1 / 1.2 text to syntax tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parser/sparql/ast.h"

namespace akyn::sparql {

struct ParseOptions {
  std::string source_name = "query";        // what errors call the text
  std::string base_iri;                     // for relative IRIs before any BASE; none when empty
  std::vector<PrefixDeclaration> prefixes;  // known without being declared
};

// Both throw Error(syntax) with the place, what was expected, and a suggestion where there is one;
// Error(limit) when brackets nest deeper than 2,000 levels. The static rules of the grammar's notes (19.8: blank-node
// labels, BIND scope, GROUP BY projection, no variables in DATA, ...) are checked here too. Thread-safe; reentrant.
[[nodiscard]] Query parse_query(std::string_view text, const ParseOptions& options = {});
[[nodiscard]] Update parse_update(std::string_view text, const ParseOptions& options = {});

// True when the text starts (after comments and prologue) with an Update keyword: how a prompt that
// takes both tells them apart.
[[nodiscard]] bool looks_like_update(std::string_view text);

}  // namespace akyn::sparql
