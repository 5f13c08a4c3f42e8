#include "engine/exec/run.h"

namespace akyn::exec {

Run::Run(const algebra::Query& query, LocalTerms& terms, const runtime::Environment& environment)
    : query_(query),
      terms_(terms),
      environment_(environment),
      budget_(environment.limits, terms),
      dataset_(query.dataset, environment.union_default_graph, terms) {
  functions_.base_iri = environment.base_iri;
  functions_.functions = environment.functions;
  functions_.check_room = [this](std::size_t bytes) {
    // Text that long takes its time.
    constexpr std::size_t kLong = std::size_t{1} << 20U;
    if (bytes >= kLong) budget_.check();
    budget_.check_room(bytes);
  };
  budget_.check();
}

}  // namespace akyn::exec
