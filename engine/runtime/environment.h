// What a run of a query or update has around it.
#pragma once

#include <string>

#include "engine/expr/functions.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/service.h"

namespace akyn::runtime {

struct Environment {
  ExecutionLimits limits;
  unsigned threads = 0;                               // that may work on the run at once; 0: all cores
  bool union_default_graph = false;                   // without FROM, the default graph is the merge of all graphs
  std::string base_iri;                               // for IRI()
  const expr::FunctionRegistry* functions = nullptr;  // may be null; must outlive the run
  const ServiceClient* services = nullptr;            // may be null: SERVICE is switched off; must outlive the run
};

}  // namespace akyn::runtime
