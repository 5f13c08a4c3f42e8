// Actions of the grammar's triples: nodes go to state.nodes, finished triples to state.triples.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

// --- nodes
void node_variable(ParseState& state);
void node_constant(ParseState& state);  // state.term
void node_blank(ParseState& state);
void node_fresh_blank(ParseState& state);

// [ ... ] as a node: its triples have a fresh blank node as their subject.
void begin_blank_node(ParseState& state);
void end_blank_node(ParseState& state);
// ( ... ): the cells of an RDF list.
void begin_collection(ParseState& state);
void add_to_collection(ParseState& state);
void end_collection(ParseState& state);
// << s p o ~ r >>: its parts are nodes, its value is the reifier.
void begin_reified(ParseState& state);
void end_reified(ParseState& state);
// <<( s p o )>>
void begin_triple_term(ParseState& state);
void end_triple_term(ParseState& state);

// --- sentences
void begin_subject(ParseState& state);
void end_subject(ParseState& state);
void verb_variable(ParseState& state);
void verb_constant(ParseState& state);  // state.term
void verb_path(ParseState& state);      // state.paths
void emit_triple(ParseState& state);

// --- what follows a triple: ~ r and {| ... |}
void check_annotatable(ParseState& state);  // Error(syntax) when the verb is a property path
void set_reifier(ParseState& state);
void set_fresh_reifier(ParseState& state);
void begin_annotation(ParseState& state);
void end_annotation(ParseState& state);

}  // namespace akyn::sparql::build
