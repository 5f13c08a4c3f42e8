// The rules of SPARQL that its grammar leaves to notes (SPARQL 1.2, 19.6 and the notes of 19.8;
// variable scope: 18.2.1; projection from groups: 11.4). Both throw Error(syntax) at the first
// breach. Rules that need no more than the tokens at hand are checked while parsing: arity of
// functions, length of VALUES rows, predicates of annotated triples.
#pragma once

#include <string>
#include <string_view>

#include "parser/sparql/ast.h"

namespace akyn::sparql {

void check_query(const Query& query, std::string_view text, const std::string& source_name);
void check_update(const Update& update, std::string_view text, const std::string& source_name);

// What INSERT DATA or DELETE DATA says to a variable.
[[nodiscard]] std::string variable_in_data(std::string_view keyword, const Variable& variable);

}  // namespace akyn::sparql
