// Actions of the grammar's update operations, to state.update.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

// --- quads, to state.quads
void begin_quads(ParseState& state);
void end_quads(ParseState& state);
void add_quads(ParseState& state);         // state.triples
void begin_quad_graph(ParseState& state);  // state.names
void end_quad_graph(ParseState& state);

// --- graphs, to state.target
void target_graph(ParseState& state);  // state.term
void target_default(ParseState& state);
void target_named(ParseState& state);
void target_all(ParseState& state);

// --- operations on graphs
void begin_operation(ParseState& state);
void set_silent(ParseState& state);
void add_load(ParseState& state);  // state.term
void load_into(ParseState& state);
void add_clear(ParseState& state);
void add_drop(ParseState& state);
void add_create(ParseState& state);
void begin_transfer(ParseState& state);
void end_add(ParseState& state);
void end_move(ParseState& state);
void end_copy(ParseState& state);

// --- operations on quads
void begin_modify(ParseState& state);
void set_with(ParseState& state);      // state.term
void set_removed(ParseState& state);   // state.quads
void set_inserted(ParseState& state);  // state.quads
void add_insert_data(ParseState& state);
void add_delete_data(ParseState& state);
void add_delete_where(ParseState& state);
void end_modify(ParseState& state);  // state.group

}  // namespace akyn::sparql::build
