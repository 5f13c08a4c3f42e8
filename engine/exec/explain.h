// Plans for people and for programs: EXPLAIN and EXPLAIN ANALYZE.
#pragma once

#include <string>

#include "engine/exec/evaluate.h"

namespace akyn::exec {

// The plan as text, an operator a line, inputs below it and further to the right:
//
//     merge join on ?s                                    1,200 expected
//       scan POS  ?s rdf:type ?class                      1,200 expected
//
// With `analyzed`, what the operators have given so far and the time they took, those of their inputs included: the
// evaluation is over, and its run was profiling. Ends with a line break.
[[nodiscard]] std::string explain_text(Evaluation& evaluation, bool analyzed);

// The same as a JSON object: "operator", "details", "columns", "sorted", "expected_solutions", "expected_rows", "cost",
// then, when analyzed, "solutions", "rows", "milliseconds", of scans "blocks_read" and "blocks_skipped"; "inputs".
[[nodiscard]] std::string explain_json(Evaluation& evaluation, bool analyzed);

}  // namespace akyn::exec
