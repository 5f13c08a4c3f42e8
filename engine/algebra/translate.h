// Syntax tree to algebra, as SPARQL 1.1 Query 18.2 prescribes it; no optimization.
#pragma once

#include <vector>

#include "engine/algebra/algebra.h"
#include "parser/sparql/ast.h"

namespace akyn::algebra {

// Throws Error(syntax) where the tree breaks a rule that only shows here: an aggregate outside of
// SELECT, HAVING and ORDER BY, a call with the wrong number of arguments.
[[nodiscard]] Query translate(const sparql::Query& query);

// The WHERE of a DELETE/INSERT (SPARQL 1.1 Update 4.1.2, 4.3.1): a query of form select without columns, over
// the dataset that USING and WITH give.
[[nodiscard]] Query translate_where(const sparql::ModifyOperation& operation);

// A template's triple. Blank nodes become TemplateBlanks, numbered by label through `labels`: the
// place of a label in it is its index.
[[nodiscard]] Triple translate_template(const sparql::TriplePattern& pattern, VariableTable& variables,
                                        std::vector<std::string>& labels);

}  // namespace akyn::algebra
