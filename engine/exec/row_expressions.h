// Expressions over single rows (SPARQL 1.1 Query 17), value by value: for whoever has few rows, or rows that are no
// batch. column_expressions.h is for the others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/exec/exists_evaluator.h"
#include "engine/exec/run.h"
#include "engine/expr/functions.h"

namespace akyn::exec {

// For rows under fixed columns. The run, the evaluator of EXISTS and the expressions must outlive it. One thread at a
// time. The caller sets run.functions().solution where expressions may call BNODE("label").
class RowExpressions {
 public:
  using Row = std::span<const Id>;

  // `exists` may be null when no expression has an EXISTS.
  RowExpressions(Run& run, std::vector<Slot> columns, ExistsEvaluator* exists);

  // Nothing: an error, or the value of an unbound variable.
  [[nodiscard]] expr::Result value(const algebra::ExpressionNode& expression, Row row);
  // The same as an Id; unbound for nothing.
  [[nodiscard]] Id id(const algebra::ExpressionNode& expression, Row row);
  // The effective boolean value; nothing for an error.
  [[nodiscard]] std::optional<bool> condition(const algebra::ExpressionNode& expression, Row row);
  // True when all conditions are true: what FILTER asks.
  [[nodiscard]] bool all_true(const std::vector<algebra::Expression>& conditions, Row row);

 private:
  struct Visitor;

  [[nodiscard]] Id variable(Slot slot, Row row) const;
  [[nodiscard]] expr::Result logical_or(const std::vector<algebra::Expression>& operands, Row row);
  [[nodiscard]] expr::Result logical_and(const std::vector<algebra::Expression>& operands, Row row);
  [[nodiscard]] expr::Result compare(sparql::BinaryOperator op, const algebra::ExpressionNode& node, Row row);
  [[nodiscard]] expr::Result arithmetic(const algebra::ArithmeticOperator& op, const algebra::ExpressionNode& node,
                                        Row row);
  [[nodiscard]] expr::Result in(bool negated, const algebra::ExpressionNode& node, Row row);
  [[nodiscard]] expr::Result call(const algebra::CallOperator& op, const algebra::ExpressionNode& node, Row row);

  Run& run_;
  std::vector<Slot> columns_;
  ExistsEvaluator* exists_;
  std::vector<std::uint32_t> column_of_;  // by slot; kNoColumn: none
};

// False when two evaluations over the same solution may differ (RAND, UUID, BNODE ...), so that each of the solutions
// that a row of a counted batch stands for needs one of its own.
[[nodiscard]] bool is_deterministic(const algebra::ExpressionNode& expression);

}  // namespace akyn::exec
