// Expressions over batches (SPARQL 1.1 Query 17).
//
// How: column_node.h for what Ids say, scalar_node.h for the rest, plan/condition_map.h for conditions on one variable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/exec/batch.h"
#include "engine/exec/column_node.h"
#include "engine/exec/datum.h"
#include "engine/exec/exists_evaluator.h"
#include "engine/exec/run.h"
#include "engine/exec/scalar_node.h"

namespace akyn::exec {

// For batches under fixed columns. The run, the evaluator of EXISTS and the expressions must outlive it. One thread at
// a time; not to be used after an error. Counts of batches play no role: what is not deterministic must be given
// batches that are not counted (ExpandOperator).
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
  // Replaces `truths` by the effective boolean value for each row: kTrue, kFalse or kError.
  void truths(const algebra::ExpressionNode& condition, const Batch& batch, TruthColumn& truths);

  // Calls use(row, value) for each row, in no particular order. For values that are only looked at, by aggregates say:
  // computed ones, strings above all, get no Id. The value is valid during the call.
  using Use = std::function<void(std::size_t row, const Datum& value)>;
  void visit(const algebra::ExpressionNode& expression, const Batch& batch, const Use& use);

 private:
  [[nodiscard]] Frame frame_of(const Batch& batch);
  [[nodiscard]] ColumnNode& node_of(const algebra::ExpressionNode& expression);

  std::vector<Slot> columns_;
  ScalarContext scalar_;
  ColumnContext context_;
  std::uint64_t first_solution_ = 0;
  std::unordered_map<const algebra::ExpressionNode*, ColumnNodePtr> nodes_;
  std::unordered_map<const algebra::ExpressionNode*, std::unique_ptr<ScalarNode>> visited_;
  std::vector<std::span<const std::uint64_t>> spans_;
  TruthColumn truths_;
  SubFrame sub_frame_;
};

}  // namespace akyn::exec
