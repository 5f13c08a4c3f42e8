// Triples with all their abbreviations. One grammar serves both TriplesSameSubjectPath and
// TriplesSameSubject: state.in_template says which, and only the verb differs.
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/actions_triples.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

AKYN_SPARQL_RULE(node)           // GraphNode; to state.nodes, as all here
AKYN_SPARQL_RULE(property_list)  // PropertyListNotEmpty
AKYN_SPARQL_RULE(reified_triple)
AKYN_SPARQL_RULE(triple_term)

namespace {

bool in_template(const ParseState& state) {
  return state.in_template;
}
bool in_where(const ParseState& state) {
  return !state.in_template;
}
bool stands_alone(const ParseState& state) {
  return state.subject_stands_alone;
}

const auto simple_node = variable >> act<build::node_variable> | iri >> act<build::node_constant> |
                         literal >> act<build::node_constant> | blank_label >> act<build::node_blank>;
const auto anonymous = bracketed<"[", "]">(x3::eps) >> act<build::node_fresh_blank>;

// BlankNodePropertyList ::= '[' PropertyListNotEmpty ']', or ANON
const auto blank_node_list =
    bracketed<"[", "]">(act<build::begin_blank_node> >> -property_list >> act<build::end_blank_node>);
// Collection ::= '(' GraphNode+ ')', or NIL
const auto collection = in_parentheses(act<build::begin_collection> >> *(node >> act<build::add_to_collection>) >>
                                       act<build::end_collection>);

const auto node_def =
    named<Expected::object>(simple_node | blank_node_list | collection | reified_triple | triple_term);

// Verb ::= VarOrIri | 'a'
const auto simple_verb =
    named<Expected::verb>(variable >> act<build::node_variable> | iri_or_type >> act<build::node_constant>);

// Reifier ::= '~' VarOrReifierId?
const auto reifier_id =
    named<Expected::reifier>(variable >> act<build::node_variable> | iri >> act<build::node_constant> |
                             blank_label >> act<build::node_blank> | anonymous);

// ReifiedTriple ::= '<<' ReifiedTripleSubject Verb ReifiedTripleObject Reifier? '>>'
const auto reified_part = named<Expected::term>(simple_node | anonymous | reified_triple | triple_term);
const auto reified_triple_def = bracketed<"<<", ">>">((act<build::begin_reified> >> reified_part) > simple_verb >
                                                      reified_part > -(sym<"~"> >> -reifier_id)) >>
                                act<build::end_reified>;

// TripleTerm ::= '<<(' TripleTermSubject Verb TripleTermObject ')>>'
const auto triple_term_part = named<Expected::term>(simple_node | anonymous | triple_term);
const auto triple_term_def =
    bracketed<"<<(", ")>>">((act<build::begin_triple_term> >> triple_term_part) > simple_verb > triple_term_part) >>
    act<build::end_triple_term>;

// VarOrTerm ::= Var | iri | RDFLiteral | NumericLiteral | BooleanLiteral | BlankNode | NIL | TripleTerm
const auto nil = in_parentheses(act<build::begin_collection> >> act<build::end_collection>);
const auto var_or_term_def = named<Expected::object>(simple_node | anonymous | nil | triple_term);

// Annotation ::= ( Reifier | AnnotationBlock )*
const auto reifier = sym<"~"> >> act<build::check_annotatable> >>
                     (reifier_id >> act<build::set_reifier> | act<build::set_fresh_reifier>);
const auto annotation_block =
    bracketed<"{|", "|}">(act<build::begin_annotation> >> property_list >> act<build::end_annotation>);
const auto annotation = *named<Expected::nothing>(reifier | annotation_block);

// ObjectList ::= Object ( ',' Object )*
const auto object = node > act<build::emit_triple> > annotation;
const auto object_list = object >> *(sym<","> > object);

// VerbPath | VerbSimple, or Verb
const auto verb = named<Expected::verb>(variable >> act<build::verb_variable> |
                                        when<in_template> >> iri_or_type >> act<build::verb_constant> |
                                        when<in_where> >> path >> act<build::verb_path>);
const auto property_list_def = (verb > object_list) >> *(sym<";"> >> -(verb > object_list));

// TriplesSameSubject ::= VarOrTerm PropertyListNotEmpty | TriplesNode PropertyList | ReifiedTripleBlock
const auto same_subject = named<Expected::subject>(node) > act<build::begin_subject> >
                          (property_list | when<stands_alone>) > act<build::end_subject>;

const auto triples_def = same_subject >> *(sym<"."> >> same_subject) >> -sym<".">;

}  // namespace

AKYN_SPARQL_DEFINE(node)
AKYN_SPARQL_DEFINE(property_list)
AKYN_SPARQL_DEFINE(reified_triple)
AKYN_SPARQL_DEFINE(triple_term)
AKYN_SPARQL_DEFINE(triples)
AKYN_SPARQL_DEFINE(var_or_term)

}  // namespace akyn::sparql::grammar
