// Expressions, from the loosest operator to the tightest.
#include "parser/sparql/actions_expressions.h"
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

AKYN_SPARQL_RULE(built_in_call)
AKYN_SPARQL_RULE(unary)
AKYN_SPARQL_RULE(primary)
AKYN_SPARQL_RULE(triple_term_expression)

namespace {

// ------------------------------------------------------------------ calls

const auto arguments = expression >> *(sym<","> > expression);
// ExpressionList ::= NIL | '(' Expression ( ',' Expression )* ')'
const auto expression_list = in_parentheses(-arguments);
// ArgList ::= NIL | '(' 'DISTINCT'? Expression ( ',' Expression )* ')'
const auto distinct = named<Expected::nothing>(kw<"DISTINCT"> >> act<build::call_distinct>);
const auto argument_list = in_parentheses(distinct > arguments | -arguments);

// The arity is checked when the call is complete, so that the message can name the function.
const auto function = function_name >> act<build::begin_call> > expression_list > act<build::end_call>;

const auto count = kw<"COUNT"> >> act<build::begin_call> >
                   in_parentheses(-distinct >>
                                  (sym<"*"> >> act<build::call_star> | expression)) > act<build::end_aggregate>;
const auto set_function = (kw<"SUM"> | kw<"MIN"> | kw<"MAX"> | kw<"AVG"> | kw<"SAMPLE">) >> act<build::begin_call> >
                          in_parentheses(-distinct >> expression) > act<build::end_aggregate>;
const auto separator = sym<";"> > kw<"SEPARATOR"> > sym<"="> > any_string > act<build::call_separator>;
const auto group_concat = kw<"GROUP_CONCAT"> >> act<build::begin_call> >
                          in_parentheses(-distinct >> expression >> -separator) > act<build::end_aggregate>;

const auto exists = kw<"EXISTS"> >> act<build::begin_exists> > group > act<build::end_exists>;
const auto not_exists = kw<"NOT"> >> act<build::begin_exists> > kw<"EXISTS"> > group > act<build::end_not_exists>;

const auto built_in_call_def =
    named<Expected::nothing>(function | count | set_function | group_concat | exists | not_exists);

// FunctionCall ::= iri ArgList
const auto function_call = iri >> act<build::begin_function_call> > argument_list > act<build::end_function_call>;
const auto call_def = built_in_call | function_call;

// ------------------------------------------------------------------ operands

// ExprTripleTerm ::= '<<(' ExprTripleTermSubject Verb ExprTripleTermObject ')>>'
const auto term_or_variable = variable >> act<build::operand_variable> | iri >> act<build::operand_constant>;
const auto term_subject = named<Expected::iri_or_variable>(term_or_variable);
const auto term_verb =
    named<Expected::verb>(variable >> act<build::operand_variable> | iri_or_type >> act<build::operand_constant>);
const auto term_object =
    named<Expected::term>(term_or_variable | literal >> act<build::operand_constant> | triple_term_expression);
const auto triple_term_expression_def =
    bracketed<"<<(", ")>>">((act<build::mark> >> term_subject) > term_verb > term_object) >>
    act<build::end_triple_term_expression>;

const auto iri_or_function = iri >> act<build::begin_function_call> >>
                             (named<Expected::nothing>(argument_list) >> act<build::end_function_call> |
                              act<build::no_function_call>);

const auto primary_def = named<Expected::expression>(in_parentheses(expression) | built_in_call | iri_or_function |
                                                     literal >> act<build::operand_constant> |
                                                     variable >> act<build::operand_variable> | triple_term_expression);

// ------------------------------------------------------------------ operators

const auto signed_primary = sym<"-"> >> act<build::mark> > primary > act<build::negate> |
                            sym<"+"> >> act<build::mark> > primary > act<build::keep_sign> | primary;
// UnaryExpression ::= '!' UnaryExpression | '+' PrimaryExpression | '-' PrimaryExpression | PrimaryExpression
const auto unary_def = named<Expected::expression>(
    sym<"!"> >> act<build::begin_not> >> *named<Expected::expression>(sym<"!"> >> act<build::again_not>) >
        named<Expected::expression>(signed_primary) > act<build::end_not> |
    signed_primary);

template <BinaryOperator Op>
constexpr auto op = act<build::push_operator<Op>>;

const auto times =
    named<Expected::operator_>(sym<"*"> >> op<BinaryOperator::multiply> | sym<"/"> >> op<BinaryOperator::divide>);
const auto more_factors = act<build::begin_chain> >> *(times > unary) >> act<build::end_arithmetic>;
const auto multiplicative = unary >> more_factors;

const auto plus =
    named<Expected::operator_>(sym<"+"> >> op<BinaryOperator::add> | sym<"-"> >> op<BinaryOperator::subtract>);
// `?x -5 * 3` is ?x - (5 * 3): the sign of the number is the operator.
const auto signed_operand = signed_number >> act<build::push_signed_operand> >> more_factors;
const auto additive = multiplicative >> act<build::begin_chain> >>
                      *(plus > multiplicative | signed_operand) >> act<build::end_arithmetic>;

const auto comparison = named<Expected::operator_>(
    sym<"="> >> op<BinaryOperator::equal> | sym<"!="> >> op<BinaryOperator::not_equal> |
    sym<"<"> >> op<BinaryOperator::less> | sym<">"> >> op<BinaryOperator::greater> |
    sym<"<="> >> op<BinaryOperator::less_equal> | sym<">="> >> op<BinaryOperator::greater_equal>);
const auto in_list = kw<"IN"> >> act<build::begin_list> > expression_list > act<build::end_in>;
const auto not_in_list = kw<"NOT"> > kw<"IN"> > act<build::begin_list> > expression_list > act<build::end_not_in>;
const auto relational = additive >> -(comparison > additive > act<build::end_comparison> |
                                      named<Expected::nothing>(in_list | not_in_list));

const auto conjunction = relational >> act<build::begin_chain> >>
                         *(named<Expected::operator_>(sym<"&&">) > relational) >> act<build::end_and>;
const auto expression_def = conjunction >> act<build::begin_chain> >>
                            *(named<Expected::operator_>(sym<"||">) > conjunction) >> act<build::end_or>;

// Constraint ::= BrackettedExpression | BuiltInCall | FunctionCall
const auto constraint_def = named<Expected::constraint>(in_parentheses(expression) | call);

}  // namespace

AKYN_SPARQL_DEFINE(built_in_call)
AKYN_SPARQL_DEFINE(call)
AKYN_SPARQL_DEFINE(triple_term_expression)
AKYN_SPARQL_DEFINE(primary)
AKYN_SPARQL_DEFINE(unary)
AKYN_SPARQL_DEFINE(expression)
AKYN_SPARQL_DEFINE(constraint)

}  // namespace akyn::sparql::grammar
