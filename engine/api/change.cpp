// Single changes within a transaction.

#include <fmt/format.h>

#include "engine/api/state.h"

namespace akyn::api {
// RDF 1.2 Concepts 3.1 and 4: which kinds of term may stand where.
void check_places(const Quad& quad) {
  const auto refuse = [](const Term& term, std::string_view place, std::string_view allowed) {
    throw Error(ErrorCode::invalid_argument,
                term ? fmt::format("{} cannot be {} of a statement; that must be {}", term.to_string(), place, allowed)
                     : fmt::format("{} of the statement is missing", place));
  };
  if (!quad.subject.is_iri() && !quad.subject.is_blank()) refuse(quad.subject, "the subject", "an IRI or a blank node");
  if (!quad.predicate.is_iri()) refuse(quad.predicate, "the predicate", "an IRI");
  if (!quad.object) refuse(quad.object, "the object", "a term");
  if (quad.graph && !quad.graph.is_iri() && !quad.graph.is_blank()) {
    refuse(quad.graph, "the graph name", "an IRI or a blank node");
  }
}

bool insert(OpenTransaction& transaction, const Quad& quad) {
  storage::Writer& writer = transaction.writer();
  check_places(quad);
  storage::QuadIds ids;
  ids.subject = writer.intern(quad.subject.view());
  ids.predicate = writer.intern(quad.predicate.view());
  ids.object = writer.intern(quad.object.view());
  ids.graph = quad.graph ? writer.intern(quad.graph.view()) : storage::kDefaultGraph;
  return writer.insert(ids);
}

bool remove(OpenTransaction& transaction, const Quad& quad) {
  storage::Writer& writer = transaction.writer();
  check_places(quad);
  const std::shared_ptr<const storage::Snapshot> snapshot = writer.snapshot();
  bool known = true;
  const auto id_of = [&](const Term& term) {
    const Id id = snapshot->find(term.view());
    known = known && id.is_bound();
    return id;
  };
  storage::QuadIds ids;
  ids.subject = id_of(quad.subject);
  ids.predicate = id_of(quad.predicate);
  ids.object = id_of(quad.object);
  ids.graph = quad.graph ? id_of(quad.graph) : storage::kDefaultGraph;
  return known && writer.remove(ids);
}

}  // namespace akyn::api
