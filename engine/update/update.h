// SPARQL 1.1 / 1.2 Update over one open transaction.
#pragma once

#include "engine/runtime/environment.h"
#include "engine/storage/database.h"
#include "engine/update/document.h"
#include "parser/sparql/ast.h"

namespace akyn::update {

// Carries out the operations in order, each seeing what those before it did. All or nothing: on an
// Error the writer's pending changes are what they were before the call. Does not commit.
//
// Blank nodes of INSERT DATA are new ones, one for each label and request; those of templates one for
// each label and solution (SPARQL 1.1 Update 3.1.1, 4.1.4). A graph exists while it holds a quad: an
// operation that needs a graph to exist, or not to, fails with Error(not_found) or
// Error(invalid_argument) unless it says SILENT.
// `environment.limits` hold for each operation on its own, its deadline for all of them.
void run(const sparql::Update& request, storage::Writer& writer, const runtime::Environment& environment,
         const LoadAccess& load_access = {});

}  // namespace akyn::update
