// What expressions need of whoever evaluates patterns.
#pragma once

#include <span>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/term/id.h"

namespace akyn::exec {

// One thread at a time.
class ExistsEvaluator {
 public:
  ExistsEvaluator() = default;
  ExistsEvaluator(const ExistsEvaluator&) = delete;
  ExistsEvaluator& operator=(const ExistsEvaluator&) = delete;
  virtual ~ExistsEvaluator() = default;

  // Whether the pattern of `op`, in correlation with the solution `row`, has a solution (SPARQL 1.2, 17.4.1.4);
  // op.negated is the caller's business. `columns` are the variables of the row, unbound ones included.
  [[nodiscard]] virtual bool exists(const algebra::ExistsOperator& op, std::span<const Id> row,
                                    const std::vector<algebra::Slot>& columns) = 0;
};

}  // namespace akyn::exec
