// The pattern of an EXISTS, in correlation with a solution (SPARQL 1.2 Query 18.6).
#pragma once

#include <unordered_map>

#include "engine/algebra/algebra.h"

namespace akyn::algebra {

using Context = std::unordered_map<Slot, Constant>;

// A pattern whose plain evaluation is eval(D(G), pattern, context): every group in it starts from the one
// solution `context`, those of sub-SELECTs too, whether or not they project its variables. Where the
// specification leaves a BIND or (... AS ?x) of a variable of the context undefined, solutions remain whose value is
// that very term.
[[nodiscard]] NodePtr in_context(const NodePtr& pattern, const Context& context);

// True when the pattern has a MINUS anywhere. Whether MINUS removes a solution depends on its having a
// variable in common with another, and in an EXISTS every variable of the context is one.
[[nodiscard]] bool has_minus(const Node& pattern);

}  // namespace akyn::algebra
