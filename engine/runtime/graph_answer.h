// CONSTRUCT and DESCRIBE: the triples that solutions make.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"
#include "engine/runtime/solutions.h"

namespace akyn::runtime {

// The query's template filled with each solution (16.2): distinct triples, in the order made.
[[nodiscard]] std::vector<TripleIds> construct(const algebra::Query& query, const Solutions& solutions,
                                               LocalTerms& terms, Budget& budget);
// The concise bounded description of each resource that the query names or that solutions bind, in `graph`: its triples
// as subject, those of blank nodes that they lead to, and what reifies any of these triples. Distinct.
[[nodiscard]] std::vector<TripleIds> describe(const algebra::Query& query, const Solutions& solutions,
                                              const ActiveGraph& graph, LocalTerms& terms, Budget& budget);

// Throws Error(limit) when the answer has more than ExecutionLimits::max_rows of something.
void check_answer_size(std::size_t size, std::string_view what, const ExecutionLimits& limits);

}  // namespace akyn::runtime
