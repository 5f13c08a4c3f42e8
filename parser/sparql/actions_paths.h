// Actions of the grammar's property paths, to state.paths.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

void path_link(ParseState& state);     // state.term
void path_inverse(ParseState& state);  // of the mark
void repeat_optional(ParseState& state);
void repeat_any(ParseState& state);
void repeat_some(ParseState& state);
// --- in PATH alone
void path_either(ParseState& state);       // of the mark
void repeat_exactly(ParseState& state);    // {n
void repeat_at_least(ParseState& state);   // ,
void repeat_from_none(ParseState& state);  // {,
void repeat_at_most(ParseState& state);    // m
void repeat_counted(ParseState& state);    // }: Error(syntax) when m is smaller than n

void begin_negated(ParseState& state);
void negate_forward(ParseState& state);
void negate_inverse(ParseState& state);
void end_negated(ParseState& state);

// A sequence or alternative: all paths from the first element on.
void begin_path_chain(ParseState& state);
void end_path_sequence(ParseState& state);
void end_path_alternative(ParseState& state);

}  // namespace akyn::sparql::build
