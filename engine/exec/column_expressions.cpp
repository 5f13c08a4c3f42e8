#include "engine/exec/column_expressions.h"

#include <numeric>
#include <utility>

namespace akyn::exec {

ColumnExpressions::ColumnExpressions(Run& run, std::vector<Slot> columns, ExistsEvaluator* exists)
    : columns_(std::move(columns)), scalar_{run, exists, {}}, context_{scalar_, columns_} {}

Frame ColumnExpressions::frame_of(const Batch& batch) {
  spans_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) spans_.push_back(batch.column(i));
  return {batch.rows(), spans_, {}, first_solution_};
}

ColumnNode& ColumnExpressions::node_of(const algebra::ExpressionNode& expression) {
  ColumnNodePtr& node = nodes_[&expression];
  if (!node) node = compile_columns(expression, context_);
  return *node;
}

void ColumnExpressions::evaluate(const algebra::ExpressionNode& expression, const Batch& batch,
                                 std::vector<std::uint64_t>& ids) {
  node_of(expression).ids(frame_of(batch), ids);
}

void ColumnExpressions::truths(const algebra::ExpressionNode& condition, const Batch& batch, TruthColumn& truths) {
  node_of(condition).truths(frame_of(batch), truths);
}

void ColumnExpressions::matching(const std::vector<algebra::Expression>& conditions, const Batch& batch,
                                 std::vector<std::uint32_t>& rows) {
  const Frame frame = frame_of(batch);
  rows.resize(frame.rows);
  if (conditions.empty()) std::iota(rows.begin(), rows.end(), 0U);
  for (std::size_t i = 0; i < conditions.size() && !rows.empty(); ++i) {
    ColumnNode& node = node_of(*conditions[i]);
    const bool first = i == 0;
    node.truths(first ? frame : sub_frame_.gather(frame, rows, node.needed()), truths_);
    std::uint32_t kept = 0;
    std::uint32_t* const numbers = rows.data();
    const auto count = static_cast<std::uint32_t>(truths_.size());
    for (std::uint32_t row = 0; row < count; ++row) {
      numbers[kept] = first ? row : numbers[row];
      kept += truths_[row] == kTrue ? 1 : 0;
    }
    rows.resize(kept);
  }
}

void ColumnExpressions::visit(const algebra::ExpressionNode& expression, const Batch& batch, const Use& use) {
  std::unique_ptr<ScalarNode>& node = visited_[&expression];
  if (!node) node = std::make_unique<ScalarNode>(expression, context_);
  node->visit(frame_of(batch), use);
}

}  // namespace akyn::exec
