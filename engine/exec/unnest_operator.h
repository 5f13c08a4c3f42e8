// UNNEST (docs/paths.md).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/exec/column_expressions.h"
#include "engine/exec/exists_evaluator.h"
#include "engine/exec/operator.h"
#include "engine/runtime/passing_terms.h"
#include "engine/runtime/path_values.h"

namespace akyn::exec {

// The input's solutions, each as often as its path has edges, in their order. `exists` may be null when the expression
// has no EXISTS.
class UnnestOperator final : public Operator {
 public:
  // With `pass_edges`, nobody above keeps edges beyond the batch that they come in.
  UnnestOperator(Run& run, OperatorPtr input, algebra::Unnest unnest, ExistsEvaluator* exists, bool pass_edges,
                 std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;
  void emit(Batch& out, std::size_t row, const std::array<Id, 4>& parts);
  // The edge as a triple term; unbound where it is none, or nobody asks for it.
  [[nodiscard]] Id edge_of(const PathText& path, std::size_t position);

  struct Source {
    std::optional<std::size_t> input;  // a column of it
    std::optional<std::size_t> part;   // of the edge
  };
  OperatorPtr input_;
  algebra::Unnest unnest_;
  ColumnExpressions expressions_;
  bool numbered_;  // the expression is not deterministic
  runtime::PathReader reader_;
  std::optional<runtime::PassingTerms> edges_;  // made for the last batch, when they pass
  bool with_edges_;
  std::map<runtime::TripleIds, Id> known_edges_;      // bounded; no longer than they are held
  std::vector<Source> sources_;                       // of the columns
  std::array<std::optional<std::size_t>, 4> agrees_;  // columns of the input that the parts must agree with
  Batch batch_;
  std::vector<std::uint64_t> paths_;  // by row of it
  std::size_t row_ = 0;
};

}  // namespace akyn::exec
