// The syntax tree as text, for tests and for people who wonder how a query was read.
//
//     SELECT ?s { ?s a :City FILTER(?x > 1) }
//     (select (?s) (group (triples (?s <...type> <...City>)) (filter (> ?x 1))))
//
// Terms are as in N-Triples, but for numbers and booleans in their short form; fresh blank nodes
// are numbered _:1, _:2, ... as they occur.
#pragma once

#include <string>

#include "parser/sparql/ast.h"

namespace akyn::sparql {

[[nodiscard]] std::string dump(const Query& query);
[[nodiscard]] std::string dump(const Update& update);
[[nodiscard]] std::string dump(const Expression& expression);
[[nodiscard]] std::string dump(const PathStep& step);

}  // namespace akyn::sparql
