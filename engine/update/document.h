// LOAD (SPARQL 1.1 Update 3.1.4).
#pragma once

#include <chrono>
#include <optional>

#include <akyn/error.h>
#include <akyn/term.h>
#include "engine/runtime/limits.h"
#include "engine/storage/database.h"
#include "engine/update/change_budget.h"

namespace akyn::update {

// What LOAD may read.
struct LoadAccess {
  bool files = false;                    // file: IRIs, with the rights of the process
  bool urls = false;                     // http: and https: IRIs, of whatever host
  std::chrono::milliseconds timeout{0};  // for an answer from there; zero: none but the run's deadline
};

// A document that cannot be had: nothing of the store's.
class UnreadableDocument final : public Error {
 public:
  using Error::Error;
};

// Adds the statements of the document at `source` to the pending changes: to `into`, where none may name a graph of its
// own; without it to the graphs that they name, or the default graph. The format is what the server says or, where that
// is no format of RDF, what the name's extension does. Blank nodes are new ones.
//
// Throws UnreadableDocument (io), Error: unsupported (not allowed, or another scheme), not_found, invalid_argument (an
// unknown format, no regular file, a named graph beside `into`), syntax (with the place in the document), limit (an
// answer longer than the memory of `limits`); and what the budget throws. The writer is then as it was.
void load_document(const Term& source, const std::optional<Term>& into, const LoadAccess& access,
                   storage::Writer& writer, const runtime::ExecutionLimits& limits, ChangeBudget& budget);

}  // namespace akyn::update
