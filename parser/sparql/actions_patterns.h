// Actions of the grammar's graph patterns and VALUES. A group that closes goes to state.group;
// whoever asked for it takes it from there.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

// --- groups
void open_group(ParseState& state);
void close_group(ParseState& state);
void add_triples(ParseState& state);     // state.triples
void add_sub_select(ParseState& state);  // state.selects

// Ends the basic graph pattern before it, as all but a FILTER do (SPARQL 1.1, 5.1).
void add_element(ParseState& state, PatternElement element);

// --- patterns in a group: each takes the group, name, expression or data read last
void begin_union(ParseState& state);
void add_choice(ParseState& state);
void end_union(ParseState& state);
void add_optional(ParseState& state);
void add_minus(ParseState& state);
void add_graph(ParseState& state);
void begin_service(ParseState& state);
void silence_service(ParseState& state);
void add_service(ParseState& state);
void add_filter(ParseState& state);
void add_bind(ParseState& state);
void add_values(ParseState& state);

// --- VALUES, to state.data
void begin_data(ParseState& state);
void add_data_variable(ParseState& state);
void begin_row(ParseState& state);
void add_data_value(ParseState& state);  // state.term
void add_undef(ParseState& state);
void end_row(ParseState& state);  // Error(syntax) when it is not as long as the list of variables
void push_data_term(ParseState& state);
void end_triple_term_data(ParseState& state);  // to state.term

}  // namespace akyn::sparql::build
