// The four query forms, sub-SELECT and solution modifiers.
#include "parser/sparql/actions_patterns.h"
#include "parser/sparql/actions_query.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

namespace {

// ------------------------------------------------------------------ solution modifiers

const auto as_variable = kw<"AS"> > variable;

// GroupCondition ::= BuiltInCall | FunctionCall | '(' Expression ( 'AS' Var )? ')' | Var
const auto group_condition = named<Expected::group_condition>(
    variable >> act<build::group_by_variable> |
    in_parentheses(expression > act<build::group_by_expression> > -(as_variable >> act<build::name_group>)) |
    call >> act<build::group_by_expression>);
const auto group_clause = kw<"GROUP"> > kw<"BY"> > +group_condition;

const auto having_clause = kw<"HAVING"> > +(constraint >> act<build::add_having>);

// OrderCondition ::= ( 'ASC' | 'DESC' ) BrackettedExpression | Constraint | Var
const auto order_condition = named<Expected::order_condition>(
    kw<"ASC"> > in_parentheses(expression) > act<build::order_ascending> |
    kw<"DESC"> > in_parentheses(expression) > act<build::order_descending> | constraint >> act<build::order_ascending> |
    variable >> act<build::order_by_variable>);
const auto order_clause = kw<"ORDER"> > kw<"BY"> > +order_condition;

const auto limit = kw<"LIMIT"> > integer > act<build::set_limit>;
const auto offset = kw<"OFFSET"> > integer > act<build::set_offset>;

const auto solution_modifier = -group_clause >> -having_clause >> -order_clause >>
                               -(limit >> -offset | offset >> -limit);

const auto values_clause = -(kw<"VALUES"> >> act<build::begin_data> > inline_data > act<build::set_values>);

// ------------------------------------------------------------------ clauses

// DatasetClause ::= 'FROM' ( iri | 'NAMED' iri )
const auto dataset_clause = kw<"FROM"> > (iri >> act<build::add_from> | kw<"NAMED"> > iri > act<build::add_from_named>);

// WhereClause ::= 'WHERE'? GroupGraphPattern
const auto where_clause = (kw<"WHERE"> > group | group) >> act<build::set_where>;

// SelectClause ::= 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( ( Var | '(' Expression 'AS' Var ')' )+ | '*' )
const auto projection =
    named<Expected::projection>(variable >> act<build::project_variable> |
                                in_parentheses(expression > as_variable > act<build::project_expression>));
const auto duplicates = kw<"DISTINCT"> >> act<build::select_distinct> | kw<"REDUCED"> >> act<build::select_reduced>;
const auto select_clause = kw<"SELECT"> >> act<build::begin_select> > -named<Expected::nothing>(duplicates) >
                           (sym<"*"> >> act<build::select_all> | +projection);

const auto sub_select_def = select_clause > where_clause > solution_modifier > values_clause;

// ------------------------------------------------------------------ query forms

const auto select_query =
    select_clause > *dataset_clause > where_clause > solution_modifier > values_clause > act<build::end_select_query>;

const auto ask_query = kw<"ASK"> >> act<build::begin_select> > *dataset_clause > where_clause > solution_modifier >
                       values_clause > act<build::end_ask_query>;

const auto construct_template =
    named<Expected::template_>(in_braces(act<build::begin_template> >> -triples) >> act<build::end_template>);
// CONSTRUCT WHERE { triples }: the pattern is the template.
const auto short_construct = kw<"WHERE"> > construct_template > act<build::set_where_from_template>;
const auto construct_query = kw<"CONSTRUCT"> >> act<build::begin_select> >
                             (construct_template > *dataset_clause > where_clause | +dataset_clause > short_construct |
                              short_construct) > solution_modifier
                             > values_clause > act<build::end_construct_query>;

const auto described = +(iri_or_variable >> act<build::describe_resource>);
const auto describe_query = kw<"DESCRIBE"> >> act<build::begin_describe> >
                            (sym<"*"> >> act<build::describe_all> | described) > *dataset_clause > -where_clause
                            > solution_modifier > values_clause > act<build::end_describe_query>;

const auto query_unit_def = prologue > named<Expected::query_form>(select_query | construct_query | describe_query |
                                                                   ask_query) > end;

}  // namespace

AKYN_SPARQL_DEFINE(sub_select)
AKYN_SPARQL_DEFINE(query_unit)

}  // namespace akyn::sparql::grammar
