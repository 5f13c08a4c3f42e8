// Actions of the grammar's expressions: operands and results are on state.operands.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

// --- operands
void operand_variable(ParseState& state);
void operand_constant(ParseState& state);  // state.term
void end_triple_term_expression(ParseState& state);

// --- calls: what is pushed between begin and end are the arguments
void begin_call(ParseState& state);
void begin_function_call(ParseState& state);  // state.term
void no_function_call(ParseState& state);     // the IRI stood alone: a constant
void call_distinct(ParseState& state);
void call_star(ParseState& state);
void call_separator(ParseState& state);
void end_call(ParseState& state);  // Error(syntax) for a wrong number of arguments
void end_function_call(ParseState& state);
void end_aggregate(ParseState& state);
void begin_exists(ParseState& state);
void end_exists(ParseState& state);  // state.group
void end_not_exists(ParseState& state);

// --- operators
void push_operator(ParseState& state, BinaryOperator op);
template <BinaryOperator Op>
void push_operator(ParseState& state) {
  push_operator(state, Op);
}
void push_signed_operand(ParseState& state);  // the sign becomes the operator
void end_comparison(ParseState& state);
void negate(ParseState& state);     // -x, of the mark
void keep_sign(ParseState& state);  // +x, of the mark
void begin_not(ParseState& state);
void again_not(ParseState& state);
void end_not(ParseState& state);
void begin_list(ParseState& state);
void end_in(ParseState& state);
void end_not_in(ParseState& state);

// A chain of operators of one precedence, from the operand pushed last on; it may end with that operand alone.
void begin_chain(ParseState& state);
void end_arithmetic(ParseState& state);
void end_and(ParseState& state);
void end_or(ParseState& state);

// Leaves the stack; for whoever uses the expression.
[[nodiscard]] Expression take_expression(ParseState& state);

}  // namespace akyn::sparql::build
