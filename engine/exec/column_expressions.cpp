#include "engine/exec/column_expressions.h"

#include <utility>

namespace akyn::exec {

ColumnExpressions::ColumnExpressions(Run& run, std::vector<Slot> columns, ExistsEvaluator* exists)
    : run_(run), scalar_(run, columns, exists), row_(columns.size()) {}

void ColumnExpressions::load(const Batch& batch, std::size_t row) {
  run_.budget().step();
  run_.functions().solution = first_solution_ + row;
  for (std::size_t i = 0; i < row_.size(); ++i) row_[i] = Id::from_bits(batch.column(i)[row]);
}

void ColumnExpressions::evaluate(const algebra::ExpressionNode& expression, const Batch& batch,
                                 std::vector<std::uint64_t>& ids) {
  ids.clear();
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    load(batch, row);
    ids.push_back(scalar_.id(expression, row_).bits());
  }
}

void ColumnExpressions::matching(const std::vector<algebra::Expression>& conditions, const Batch& batch,
                                 std::vector<std::uint32_t>& rows) {
  rows.clear();
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    load(batch, row);
    if (scalar_.all_true(conditions, row_)) rows.push_back(static_cast<std::uint32_t>(row));
  }
}

}  // namespace akyn::exec
