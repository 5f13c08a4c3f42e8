// Actions of the grammar's property paths, to state.paths.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

void path_link(ParseState& state);     // state.term
void path_inverse(ParseState& state);  // of the mark
void repeat_optional(ParseState& state);
void repeat_any(ParseState& state);
void repeat_some(ParseState& state);

void begin_negated(ParseState& state);
void negate_forward(ParseState& state);
void negate_inverse(ParseState& state);
void end_negated(ParseState& state);

// A sequence or alternative: all paths from the first element on.
void begin_path_chain(ParseState& state);
void end_path_sequence(ParseState& state);
void end_path_alternative(ParseState& state);

}  // namespace akyn::sparql::build
