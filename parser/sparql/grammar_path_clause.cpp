// PATH, UNNEST and STEP: extensions of SPARQL (docs/paths.md).
//
// None of their keywords can begin anything in SPARQL, where a bare word is a prefixed name or an error; so each
// commits the parse to its clause, and every query of SPARQL has the tree it has without them.
#include "parser/sparql/actions_path_clause.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

namespace {

template <PathSelector Selector>
constexpr auto select = act<build::select_paths<Selector>>;
template <PathMode Mode>
constexpr auto mode_is = act<build::set_path_mode<Mode>>;

// Selector ::= ( 'ALL' | 'ANY' ) ( 'SHORTEST' | 'CHEAPEST' ) | 'SHORTEST' INTEGER ( 'GROUPS' | 'GROUP' )?
//            | 'CHEAPEST' INTEGER | 'ANY' INTEGER? | 'ALL'
const auto all = kw<"ALL"> >> select<PathSelector::all> >> -(kw<"SHORTEST"> >> select<PathSelector::all_shortest> |
                                                             kw<"CHEAPEST"> >> select<PathSelector::all_cheapest>);
const auto any = kw<"ANY"> >> select<PathSelector::any> >>
                 -(kw<"SHORTEST"> >> select<PathSelector::any_shortest> |
                   kw<"CHEAPEST"> >> select<PathSelector::any_cheapest> | integer >> act<build::set_path_count>);
const auto shortest = kw<"SHORTEST"> >> select<PathSelector::shortest> > integer > act<build::set_path_count> >
                      -((kw<"GROUPS"> | kw<"GROUP">) >> select<PathSelector::shortest_groups>);
const auto cheapest = kw<"CHEAPEST"> >> select<PathSelector::cheapest> > integer > act<build::set_path_count>;
const auto selector = all | any | shortest | cheapest;

const auto mode = kw<"WALK"> >> mode_is<PathMode::walk> | kw<"TRAIL"> >> mode_is<PathMode::trail> |
                  kw<"ACYCLIC"> >> mode_is<PathMode::acyclic> | kw<"SIMPLE"> >> mode_is<PathMode::simple>;

// '(' VarOrTerm Path VarOrTerm ')'
const auto ends = in_parentheses((act<build::begin_path> >> var_or_term) > path > var_or_term > act<build::end_path>);

// PathOption ::= ( 'MIN' | 'MAX' ) 'LENGTH' INTEGER | 'INNER' Var 'FILTER' Constraint
const auto least = kw<"MIN"> > kw<"LENGTH"> > integer > act<build::set_min_length>;
const auto most = kw<"MAX"> > kw<"LENGTH"> > integer > act<build::set_max_length>;
const auto inner = kw<"INNER"> > variable > act<build::begin_inner> > kw<"FILTER"> > constraint > act<build::end_inner>;
const auto options = *named<Expected::nothing>(least | most | inner);

// PathClause ::= 'PATH' Var '=' Selector? Mode? '(' VarOrTerm Path VarOrTerm ')' PathOption*
const auto path_clause_def = kw<"PATH"> >> act<build::begin_path_clause> > variable > act<build::name_path> > sym<"="> >
                             -selector > -mode > ends > options > act<build::add_path_clause>;

// Step ::= 'STEP' iri '(' Var Var ')' ( 'COST' '(' Expression ')' )? GroupGraphPattern
const auto step_ends = in_parentheses(variable >> act<build::step_from> > variable > act<build::step_to>);
const auto cost = kw<"COST"> > in_parentheses(expression) > act<build::step_cost>;
const auto path_step_def = kw<"STEP"> >> act<build::begin_step> > iri > act<build::name_step> > step_ends > -cost >
                           group > act<build::end_step>;

// UnnestClause ::= 'UNNEST' '(' Expression 'AS' Var Var Var Var ')'
const auto unnested = variable > act<build::unnest_variable>;
const auto unnest_clause_def = kw<"UNNEST"> >> act<build::begin_unnest> >
                               in_parentheses(expression > kw<"AS"> > unnested > unnested > unnested >
                                              unnested) > act<build::add_unnest>;

}  // namespace

AKYN_SPARQL_DEFINE(path_clause)
AKYN_SPARQL_DEFINE(path_step)
AKYN_SPARQL_DEFINE(unnest_clause)

}  // namespace akyn::sparql::grammar
