// LOAD (SPARQL 1.1 Update 3.1.4).
#pragma once

#include <optional>

#include <akyn/term.h>
#include "engine/runtime/environment.h"
#include "engine/storage/database.h"

namespace akyn::update {

// What LOAD may read.
struct LoadAccess {
  bool files = false;  // file: IRIs, with the rights of the process
  bool urls = false;   // http: and https: IRIs, of whatever host
};

// Adds the statements of the document at `source` to the pending changes; those that name no graph of their own to
// `into`, or the default graph. The format is what the server says or, where that is no format of RDF, what the name's
// extension does. Blank nodes are new ones.
//
// Throws Error: unsupported (not allowed, or another scheme), not_found, io, invalid_argument (an unknown format),
// syntax (with the place in the document), limit (longer than the memory of the environment's limits), timeout,
// cancelled. The writer is then as it was.
void load_document(const Term& source, const std::optional<Term>& into, const LoadAccess& access,
                   storage::Writer& writer, const runtime::Environment& environment);

}  // namespace akyn::update
