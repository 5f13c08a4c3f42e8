// Group graph patterns and what stands in them.
#include "parser/sparql/actions_patterns.h"
#include "parser/sparql/actions_query.h"
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

AKYN_SPARQL_RULE(triple_term_data)

namespace {

// ------------------------------------------------------------------ VALUES

// TripleTermData ::= '<<(' iri ( iri | 'a' ) TripleTermDataObject ')>>'
const auto data_subject = named<Expected::iri>(iri >> act<build::push_data_term>);
const auto data_verb = named<Expected::iri>(iri_or_type >> act<build::push_data_term>);
const auto data_object = named<Expected::data_value>(iri | literal | triple_term_data) >> act<build::push_data_term>;
const auto triple_term_data_def =
    bracketed<"<<(", ")>>">(data_subject > data_verb > data_object) >> act<build::end_triple_term_data>;

// DataBlockValue ::= iri | RDFLiteral | NumericLiteral | BooleanLiteral | 'UNDEF' | TripleTermData
const auto data_value = named<Expected::data_value>((iri | literal | triple_term_data) >> act<build::add_data_value> |
                                                    kw<"UNDEF"> >> act<build::add_undef>);
const auto data_variable = variable >> act<build::add_data_variable>;
// InlineDataOneVar ::= Var '{' DataBlockValue* '}'
const auto one_variable = data_variable > in_braces(*(act<build::begin_row> >> data_value >> act<build::end_row>));
// InlineDataFull ::= ( NIL | '(' Var* ')' ) '{' ( '(' DataBlockValue* ')' | NIL )* '}'
const auto row = named<Expected::data_row>(in_parentheses(act<build::begin_row> >> *data_value) >> act<build::end_row>);
const auto many_variables = in_parentheses(*data_variable) > in_braces(*row);
const auto inline_data_def = named<Expected::data_variables>(one_variable | many_variables);

// ------------------------------------------------------------------ GraphPatternNotTriples

const auto group_or_union =
    group >> act<build::begin_union> >>
    *(named<Expected::nothing>(kw<"UNION">) > group > act<build::add_choice>) >> act<build::end_union>;
const auto optional = kw<"OPTIONAL"> >> act<build::mark> > group > act<build::add_optional>;
const auto minus = kw<"MINUS"> >> act<build::mark> > group > act<build::add_minus>;
const auto graph = kw<"GRAPH"> >> act<build::mark> > iri_or_variable > group > act<build::add_graph>;
const auto service = kw<"SERVICE"> >> act<build::begin_service> >
                     -named<Expected::nothing>(kw<"SILENT"> >> act<build::silence_service>) > iri_or_variable > group
                     > act<build::add_service>;
const auto filter = kw<"FILTER"> >> act<build::mark> > constraint > act<build::add_filter>;
const auto bind = kw<"BIND"> >> act<build::mark> >
                  in_parentheses(expression > kw<"AS"> > variable > act<build::add_bind>);
const auto values = kw<"VALUES"> >> act<build::begin_data> > inline_data > act<build::add_values>;

const auto not_triples = named<Expected::pattern>(group_or_union | optional | minus | graph | service | filter | bind |
                                                  values | path_clause | unnest_clause);

// ------------------------------------------------------------------ GroupGraphPattern

// GroupGraphPatternSub ::= TriplesBlock? ( GraphPatternNotTriples '.'? TriplesBlock? )*
const auto triples_block = triples >> act<build::add_triples>;
const auto group_contents = -triples_block >> *(not_triples >> -named<Expected::nothing>(sym<".">) >> -triples_block);

const auto group_def = named<Expected::group>(
    in_braces(act<build::open_group> >> (sub_select >> act<build::add_sub_select> | group_contents)) >>
    act<build::close_group>);

}  // namespace

AKYN_SPARQL_DEFINE(triple_term_data)
AKYN_SPARQL_DEFINE(inline_data)
AKYN_SPARQL_DEFINE(group)

}  // namespace akyn::sparql::grammar
