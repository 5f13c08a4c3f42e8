// Actions of the grammar's PATH, STEP and UNNEST. The clause being read is the last of state.path_clauses.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

// --- PATH
void begin_path_clause(ParseState& state);  // Error(syntax) in strict mode and in a STEP
void name_path(ParseState& state);          // the variable matched last
void select_paths(ParseState& state, PathSelector selector);
template <PathSelector Selector>
void select_paths(ParseState& state) {
  select_paths(state, Selector);
}
void set_path_count(ParseState& state);                // Error(syntax) for none
void set_path_mode(ParseState& state, PathMode mode);  // alone it selects ALL
template <PathMode Mode>
void set_path_mode(ParseState& state) {
  set_path_mode(state, Mode);
}
void begin_path(ParseState& state);
void end_path(ParseState& state);  // the last two of state.nodes and the last of state.paths
void set_min_length(ParseState& state);
void set_max_length(ParseState& state);
void begin_inner(ParseState& state);  // the variable matched last
void end_inner(ParseState& state);    // the expression read last
void add_path_clause(ParseState& state);

// --- STEP, to state.paths
void begin_step(ParseState& state);
void name_step(ParseState& state);  // state.term
void step_from(ParseState& state);
void step_to(ParseState& state);
void step_cost(ParseState& state);
void end_step(ParseState& state);  // state.group

// --- UNNEST
void begin_unnest(ParseState& state);
void unnest_variable(ParseState& state);
void add_unnest(ParseState& state);  // the expression read last

}  // namespace akyn::sparql::build
