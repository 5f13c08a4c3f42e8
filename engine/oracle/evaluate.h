// The oracle: a query's algebra evaluated over a snapshot exactly as the specification defines it, slowly. Tests
// compare the engine that users get (engine/exec) with it.
//
//     LocalTerms terms(database.snapshot());
//     const Solutions answer = evaluate_select(algebra::translate(parse_query(text)), terms, {});
//     for (std::size_t i = 0; i < answer.size(); ++i) terms.term(answer.row(i)[0]) ...
//
// Ids in answers belong to the LocalTerms they were made with; LocalTerms::term decodes them.
// Everything here throws Error: cancelled, timeout, limit; unsupported (SERVICE); what a ServiceClient throws; io,
// corruption.
#pragma once

#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/runtime/environment.h"
#include "engine/runtime/instantiator.h"
#include "engine/runtime/local_terms.h"
#include "engine/runtime/solutions.h"

namespace akyn::oracle {

using runtime::Environment;
using runtime::ExecutionLimits;
using runtime::Instantiator;
using runtime::LocalTerms;
using runtime::Solutions;
using runtime::TripleIds;

// Each with a form of its own as a precondition.
[[nodiscard]] Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment);
[[nodiscard]] bool evaluate_ask(const algebra::Query& query, LocalTerms& terms, const Environment& environment);
// Distinct triples, in the order made.
[[nodiscard]] std::vector<TripleIds> evaluate_construct(const algebra::Query& query, LocalTerms& terms,
                                                        const Environment& environment);
// The concise bounded description of each resource, from all graphs of the dataset: its triples as
// subject, those of blank nodes that they lead to, and what reifies any of these triples. Distinct.
[[nodiscard]] std::vector<TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms,
                                                       const Environment& environment);

// All solutions of a query's pattern, of whatever form; columns as the pattern has them.
[[nodiscard]] Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms,
                                         const Environment& environment);

}  // namespace akyn::oracle
