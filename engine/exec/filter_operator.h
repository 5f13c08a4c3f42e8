// FILTER.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/exec/column_expressions.h"
#include "engine/exec/operator.h"

namespace akyn::exec {

// The input's solutions for which all conditions are true, in the input's order.
class FilterOperator final : public Operator {
 public:
  // `exists` may be null when no condition has an EXISTS; it must outlive the operator.
  FilterOperator(Run& run, OperatorPtr input, std::vector<algebra::Expression> conditions, ExistsEvaluator* exists);

  void skip_to(std::uint64_t value) override { input_->skip_to(value); }

 protected:
  bool produce(Batch& out) override;

 private:
  OperatorPtr input_;
  std::vector<algebra::Expression> conditions_;
  ColumnExpressions expressions_;
  bool numbered_;  // conditions call for each solution
  std::vector<std::uint32_t> rows_;
};

}  // namespace akyn::exec
