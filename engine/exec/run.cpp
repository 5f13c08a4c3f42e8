#include "engine/exec/run.h"

namespace akyn::exec {

Run::Run(const algebra::Query& query, LocalTerms& terms, const runtime::Environment& environment)
    : query_(query),
      terms_(terms),
      environment_(environment),
      budget_(environment.limits, terms),
      dataset_(query.dataset, environment.union_default_graph, terms) {
  prepare_functions();
  budget_.check();
}

Run::Run(Run& whole, const std::atomic<bool>& stopped, LocalTerms& terms)
    : query_(whole.query_),
      terms_(terms),
      environment_(whole.environment_),
      budget_(whole.budget_, stopped, terms),
      dataset_(query_.dataset, environment_.union_default_graph, terms),
      profiling_(whole.profiling_) {
  prepare_functions();
  functions_.now = whole.functions_.now;
  functions_.blank_seed = whole.functions_.blank_seed;
}

void Run::prepare_functions() {
  functions_.base_iri = environment_.base_iri;
  functions_.functions = environment_.functions;
  functions_.check_room = [this](std::size_t bytes) {
    // Text that long takes its time.
    constexpr std::size_t kLong = std::size_t{1} << 20U;
    if (bytes >= kLong) budget_.check();
    budget_.check_room(bytes);
  };
}

}  // namespace akyn::exec
