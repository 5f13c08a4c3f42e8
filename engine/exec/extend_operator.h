// BIND, and expressions of SELECT.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/exec/column_expressions.h"
#include "engine/exec/operator.h"

namespace akyn::exec {

// The input's solutions, in its order, each with the values of expressions under new variables: unbound where an
// expression is an error. The expressions are about the same solutions (BNODE("a") is one node in all of them); later
// ones see the variables of earlier ones.
class ExtendOperator final : public Operator {
 public:
  using Extensions = std::vector<std::pair<Slot, algebra::Expression>>;

  // The columns: the input's, then those of the extensions. Precondition: no slot comes twice. `exists` may be null
  // when no expression has an EXISTS; it must outlive the operator.
  ExtendOperator(Run& run, OperatorPtr input, Extensions extensions, ExistsEvaluator* exists);

  void skip_to(std::uint64_t value) override { input_->skip_to(value); }

 protected:
  bool produce(Batch& out) override;

 private:
  OperatorPtr input_;
  Extensions extensions_;
  std::vector<std::unique_ptr<ColumnExpressions>> expressions_;  // for each extension: over the columns before it
  bool numbered_;                                                // expressions call for each solution
  Batch batch_;
};

}  // namespace akyn::exec
