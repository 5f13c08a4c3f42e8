// IRIs, literals, and what may stand beside them.
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

namespace {

// iri ::= IRIREF | PrefixedName
const auto iri_def = iri_ref >> act<build::set_iri> | prefixed_name >> act<build::set_prefixed_name>;

// RDFLiteral ::= String ( LANG_DIR | '^^' iri )?
const auto rdf_literal = any_string >> act<build::set_string> >>
                         -(language >> act<build::set_language> | sym<"^^"> > iri > act<build::set_datatype>);
const auto numeric_literal = (unsigned_number | signed_number) >> act<build::set_number>;
const auto boolean_literal = (kw<"TRUE"> | kw<"FALSE">) >> act<build::set_boolean>;
const auto literal_def = rdf_literal | numeric_literal | named<Expected::nothing>(boolean_literal);

const auto iri_or_type_def = iri | type_keyword >> act<build::set_type_iri>;

// VarOrIri ::= Var | iri
const auto iri_or_variable_def =
    named<Expected::iri_or_variable>(variable >> act<build::name_variable> | iri >> act<build::name_iri>);

}  // namespace

AKYN_SPARQL_DEFINE(iri)
AKYN_SPARQL_DEFINE(literal)
AKYN_SPARQL_DEFINE(iri_or_type)
AKYN_SPARQL_DEFINE(iri_or_variable)

}  // namespace akyn::sparql::grammar
