// Prologue ::= ( BaseDecl | PrefixDecl | VersionDecl )*
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

namespace {

const auto base_declaration = kw<"BASE"> > iri_ref > act<build::declare_base>;
const auto prefix_declaration =
    kw<"PREFIX"> > prefix_name > act<build::begin_prefix> > iri_ref > act<build::declare_prefix>;
const auto version_declaration = kw<"VERSION"> > short_string;

const auto prologue_def = *named<Expected::nothing>(base_declaration | prefix_declaration | version_declaration);

}  // namespace

AKYN_SPARQL_DEFINE(prologue)

}  // namespace akyn::sparql::grammar
