// SPARQL Update: requests of operations.
#include "parser/sparql/actions_query.h"
#include "parser/sparql/actions_terms.h"
#include "parser/sparql/actions_update.h"
#include "parser/sparql/grammar.h"

namespace akyn::sparql::grammar {

AKYN_SPARQL_RULE(quads)             // '{' Quads '}'; to state.quads
AKYN_SPARQL_RULE(graph_or_default)  // GraphOrDefault; to state.target

namespace {

// ------------------------------------------------------------------ quads

const auto quad_triples = triples >> act<build::add_quads>;
// QuadsNotTriples ::= 'GRAPH' VarOrIri '{' TriplesTemplate? '}'
const auto quad_graph = kw<"GRAPH"> > iri_or_variable > act<build::begin_quad_graph> >
                        named<Expected::quad_pattern>(in_braces(-quad_triples)) > act<build::end_quad_graph>;
// Quads ::= TriplesTemplate? ( QuadsNotTriples '.'? TriplesTemplate? )*
const auto quads_def =
    named<Expected::quad_pattern>(in_braces(act<build::begin_quads> >> -quad_triples >>
                                            *(quad_graph >> -named<Expected::nothing>(sym<".">) >> -quad_triples)) >>
                                  act<build::end_quads>);

// ------------------------------------------------------------------ graphs

const auto silent = -named<Expected::nothing>(kw<"SILENT"> >> act<build::set_silent>);
const auto named_graph = iri >> act<build::target_graph>;
const auto graph_ref = kw<"GRAPH"> > named_graph;
// GraphRefAll ::= GraphRef | 'DEFAULT' | 'NAMED' | 'ALL'
const auto graph_ref_all = graph_ref | kw<"DEFAULT"> >> act<build::target_default> |
                           kw<"NAMED"> >> act<build::target_named> | kw<"ALL"> >> act<build::target_all>;
// GraphOrDefault ::= 'DEFAULT' | 'GRAPH'? iri
const auto graph_or_default_def = kw<"DEFAULT"> >> act<build::target_default> | graph_ref | named_graph;

// ------------------------------------------------------------------ operations

const auto load = kw<"LOAD"> >> act<build::begin_operation> > silent > iri > act<build::add_load> >
                  -(kw<"INTO"> > graph_ref > act<build::load_into>);
const auto clear = kw<"CLEAR"> >> act<build::begin_operation> > silent > graph_ref_all > act<build::add_clear>;
const auto drop = kw<"DROP"> >> act<build::begin_operation> > silent > graph_ref_all > act<build::add_drop>;
const auto create = kw<"CREATE"> >> act<build::begin_operation> > silent > graph_ref > act<build::add_create>;

const auto transfer = silent > graph_or_default > act<build::begin_transfer> > kw<"TO"> > graph_or_default;
const auto add = kw<"ADD"> >> act<build::begin_operation> > transfer > act<build::end_add>;
const auto move = kw<"MOVE"> >> act<build::begin_operation> > transfer > act<build::end_move>;
const auto copy = kw<"COPY"> >> act<build::begin_operation> > transfer > act<build::end_copy>;

// UsingClause ::= 'USING' ( iri | 'NAMED' iri )
const auto using_clause = kw<"USING"> > (iri >> act<build::add_from> | kw<"NAMED"> > iri > act<build::add_from_named>);
const auto modify_where = *using_clause > kw<"WHERE"> > group > act<build::end_modify>;

const auto insert_clause = quads > act<build::set_inserted>;
const auto delete_clause = quads > act<build::set_removed> > -(kw<"INSERT"> > insert_clause);

// After INSERT: 'DATA' QuadData | QuadPattern UsingClause* 'WHERE' GroupGraphPattern
const auto insert = kw<"INSERT"> >> act<build::begin_modify> >
                    (kw<"DATA"> > quads > act<build::add_insert_data> | insert_clause > modify_where);
// After DELETE: 'DATA' QuadData | 'WHERE' QuadPattern | QuadPattern InsertClause? UsingClause* 'WHERE'
// GroupGraphPattern
const auto remove = kw<"DELETE"> >> act<build::begin_modify> >
                    (kw<"DATA"> > quads > act<build::add_delete_data> |
                     kw<"WHERE"> > quads > act<build::add_delete_where> | delete_clause > modify_where);
// Modify ::= 'WITH' iri ( DeleteClause InsertClause? | InsertClause ) UsingClause* 'WHERE' GroupGraphPattern
const auto with = kw<"WITH"> >> act<build::begin_modify> > iri > act<build::set_with> >
                  (kw<"DELETE"> > delete_clause | kw<"INSERT"> > insert_clause) > modify_where;

const auto operation =
    named<Expected::update_operation>(load | clear | drop | create | add | move | copy | insert | remove | with);

// Update ::= Prologue ( Update1 ( ';' Update )? )?
const auto update_unit_def = prologue > *(operation > (sym<";"> > act<build::begin_prologue> > prologue | &end)) > end;

}  // namespace

AKYN_SPARQL_DEFINE(quads)
AKYN_SPARQL_DEFINE(graph_or_default)
AKYN_SPARQL_DEFINE(update_unit)

}  // namespace akyn::sparql::grammar
