// Expressions over batches (SPARQL 1.1 Query 17).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/exec/batch.h"
#include "engine/exec/exists_evaluator.h"
#include "engine/exec/row_expressions.h"
#include "engine/exec/run.h"

namespace akyn::exec {

// For batches under fixed columns. The run, the evaluator of EXISTS and the expressions must outlive it. One thread at
// a time. Counts of batches play no role: what is not deterministic must be given batches that are not counted
// (ExpandOperator).
class ColumnExpressions {
 public:
  // `exists` may be null when no expression has an EXISTS.
  ColumnExpressions(Run& run, std::vector<Slot> columns, ExistsEvaluator* exists);

  // The rows of the batches from now on are the solutions first_solution, first_solution + 1 ... in
  // Run::number_solutions(): for BNODE("label").
  void number_from(std::uint64_t first_solution) noexcept { first_solution_ = first_solution; }

  // Replaces `ids` by a value for each row; 0 for an error, or an unbound variable.
  void evaluate(const algebra::ExpressionNode& expression, const Batch& batch, std::vector<std::uint64_t>& ids);
  // Replaces `rows` by the numbers of the rows for which all conditions are true, ascending: what FILTER asks.
  void matching(const std::vector<algebra::Expression>& conditions, const Batch& batch,
                std::vector<std::uint32_t>& rows);

 private:
  void load(const Batch& batch, std::size_t row);

  Run& run_;
  RowExpressions scalar_;
  std::vector<Id> row_;
  std::uint64_t first_solution_ = 0;
};

}  // namespace akyn::exec
