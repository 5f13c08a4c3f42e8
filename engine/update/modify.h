// DELETE ... INSERT ... WHERE (SPARQL 1.1 Update 3.1.3).
#pragma once

#include "engine/runtime/environment.h"
#include "engine/storage/database.h"
#include "engine/update/change_budget.h"
#include "parser/sparql/ast.h"

namespace akyn::update {

// Solutions go into the templates as they are found, all of them in the state before the operation: what is deleted is
// deleted at once, and what is inserted is inserted at once where nothing is deleted, or else held, as Ids, until the
// last solution is there. Charges that to the environment's limits; throws what a query and the budget throw, and then
// leaves it to the caller to roll back.
void modify(const sparql::ModifyOperation& operation, storage::Writer& writer, const runtime::Environment& environment,
            ChangeBudget& budget);

}  // namespace akyn::update
