// Actions of the grammar's query forms. Whatever the form, its WHERE, modifiers and VALUES collect
// in the topmost SelectQuery of state.selects.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

// --- SELECT, and the beginning of ASK and CONSTRUCT
void begin_select(ParseState& state);
void select_distinct(ParseState& state);
void select_reduced(ParseState& state);
void select_all(ParseState& state);
void project_variable(ParseState& state);
void project_expression(ParseState& state);  // the expression read last, as the variable matched last

// --- clauses
void add_from(ParseState& state);        // state.term; USING too
void add_from_named(ParseState& state);  // state.term
void set_where(ParseState& state);       // state.group
void set_values(ParseState& state);      // state.data

// --- modifiers: the expression read last
void group_by_variable(ParseState& state);
void group_by_expression(ParseState& state);
void name_group(ParseState& state);  // AS the variable matched last
void add_having(ParseState& state);
void order_by_variable(ParseState& state);
void order_ascending(ParseState& state);
void order_descending(ParseState& state);
void set_limit(ParseState& state);
void set_offset(ParseState& state);

// --- CONSTRUCT and DESCRIBE
void begin_template(ParseState& state);
void end_template(ParseState& state);  // state.triples
void set_where_from_template(ParseState& state);
void begin_describe(ParseState& state);
void describe_resource(ParseState& state);  // state.names
void describe_all(ParseState& state);

// --- to state.query
void end_select_query(ParseState& state);
void end_ask_query(ParseState& state);
void end_construct_query(ParseState& state);
void end_describe_query(ParseState& state);

}  // namespace akyn::sparql::build
