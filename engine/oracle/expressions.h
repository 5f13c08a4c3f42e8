// Expressions over the rows of a table (SPARQL 1.1 Query 17).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/expr/functions.h"
#include "engine/oracle/table.h"
#include "engine/runtime/active_graph.h"

namespace akyn::oracle {

using runtime::ActiveGraph;

class Evaluator;

// Bytes that only this value holds: the text of a string that the expression computed.
[[nodiscard]] std::size_t computed_bytes(const algebra::ExpressionNode& expression, const expr::Result& value);

// For rows under fixed columns and one active graph. The evaluator, the columns and the expressions must
// outlive it. One thread at a time.
class Expressions {
 public:
  Expressions(Evaluator& evaluator, const ActiveGraph& graph, const std::vector<algebra::Slot>& columns);

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

  [[nodiscard]] Id variable(algebra::Slot slot, Row row) const;
  [[nodiscard]] expr::Result logical_or(const std::vector<algebra::Expression>& operands, Row row);
  [[nodiscard]] expr::Result logical_and(const std::vector<algebra::Expression>& operands, Row row);
  [[nodiscard]] expr::Result compare(sparql::BinaryOperator op, const algebra::ExpressionNode& node, Row row);
  [[nodiscard]] expr::Result arithmetic(const algebra::ArithmeticOperator& op, const algebra::ExpressionNode& node,
                                        Row row);
  [[nodiscard]] expr::Result in(bool negated, const algebra::ExpressionNode& node, Row row);
  [[nodiscard]] expr::Result call(const algebra::CallOperator& op, const algebra::ExpressionNode& node, Row row);
  [[nodiscard]] bool exists(const algebra::ExistsOperator& op, Row row);

  // Answers of one EXISTS, by the values of the variables it shares with the row.
  struct ExistsAnswers {
    std::vector<std::size_t> columns;
    std::unordered_map<RowKey, bool, RowKeyHash> answers;
  };

  Evaluator& evaluator_;
  const ActiveGraph& graph_;
  const std::vector<algebra::Slot>& columns_;
  std::vector<std::uint32_t> column_of_;  // by slot; kNoColumn: none
  std::unordered_map<const algebra::ExistsOperator*, ExistsAnswers> exists_;
};

}  // namespace akyn::oracle
