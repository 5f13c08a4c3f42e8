// Property paths (SPARQL 1.1, 9).
#include "parser/sparql/actions_paths.h"
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

namespace {

bool in_path_clause(const ParseState& state) {
  return state.in_path_clause && !state.in_step;
}

// PathOneInPropertySet ::= iri | 'a' | '^' ( iri | 'a' )
const auto one_in_set = named<Expected::iri>(iri_or_type >> act<build::negate_forward> |
                                             sym<"^"> > iri_or_type > act<build::negate_inverse>);
// PathNegatedPropertySet ::= PathOneInPropertySet | '(' ( PathOneInPropertySet ( '|' PathOneInPropertySet )* )? ')'
const auto negated_set = one_in_set | in_parentheses(-(one_in_set >> *(sym<"|"> > one_in_set)));

// PathPrimary ::= iri | 'a' | '!' PathNegatedPropertySet | '(' Path ')'
const auto plain_primary = iri_or_type >> act<build::path_link> |
                           sym<"!"> >> act<build::begin_negated> > negated_set > act<build::end_negated> |
                           in_parentheses(path);
// In PATH also '~' PathPrimary | Step
const auto either = sym<"~"> >> act<build::mark> >>
                    *named<Expected::nothing>(sym<"~">) > named<Expected::path>(plain_primary |
                                                                                path_step) > act<build::path_either>;
const auto primary = plain_primary | when<in_path_clause> >> (either | path_step);
// PathElt ::= PathPrimary ( '?' | '*' | '+' )?, in PATH also '{' ( INTEGER ( ',' INTEGER? )? | ',' INTEGER ) '}'
const auto counts = integer >> act<build::repeat_exactly> >>
                        -(sym<","> >> act<build::repeat_at_least> >> -(integer >> act<build::repeat_at_most>)) |
                    sym<","> > act<build::repeat_from_none> > integer > act<build::repeat_at_most>;
const auto counted = sym<"{"> > counts > sym<"}"> > act<build::repeat_counted>;
const auto repetition = sym<"?"> >> act<build::repeat_optional> | sym<"*"> >> act<build::repeat_any> |
                        sym<"+"> >> act<build::repeat_some> | when<in_path_clause> >> counted;
const auto element = primary >> -named<Expected::nothing>(repetition);
// PathEltOrInverse ::= PathElt | '^' PathElt
const auto element_or_inverse =
    named<Expected::path>(sym<"^"> >> act<build::mark> > element > act<build::path_inverse> | element);

const auto sequence = element_or_inverse >> act<build::begin_path_chain> >>
                      *(named<Expected::nothing>(sym<"/">) > element_or_inverse) >> act<build::end_path_sequence>;
const auto path_def = sequence >> act<build::begin_path_chain> >>
                      *(named<Expected::nothing>(sym<"|">) > sequence) >> act<build::end_path_alternative>;

}  // namespace

AKYN_SPARQL_DEFINE(path)

}  // namespace akyn::sparql::grammar
