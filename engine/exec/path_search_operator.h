// PATH (docs/paths.md).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "engine/exec/column_expressions.h"
#include "engine/exec/exists_evaluator.h"
#include "engine/exec/operator.h"
#include "engine/exec/step_edges.h"
#include "engine/path/graph.h"
#include "engine/path/walk_search.h"
#include "engine/plan/plan.h"
#include "engine/runtime/passing_terms.h"
#include "engine/runtime/path_values.h"

namespace akyn::exec {

// Joins the solutions of its input, if there is one, with those of the clause. Ends that the input binds are bound in
// all of its rows. Rows that have the same ends are answered by one search, as many of them as are gathered before the
// search begins.
//
// Rows come in no order. Counts stay what they are.
class PathSearchOperator final : public Operator {
 public:
  // `input` may be null, `exists` when no condition of INNER has an EXISTS. `graph` may be shared by operators of the
  // run. With `pass_paths`, nobody above keeps paths beyond the batch that they come in.
  PathSearchOperator(Run& run, std::shared_ptr<const algebra::PathSearch> search, plan::PathSearch::Wanted wanted,
                     std::shared_ptr<path::Graph> graph, std::unique_ptr<StepEdges> steps, ExistsEvaluator* exists,
                     OperatorPtr input, bool pass_paths, std::vector<Slot> columns);

  // How it searches, in words.
  [[nodiscard]] std::string_view method() const;

 private:
  struct End {
    Id term;                           // when it is one
    std::optional<std::size_t> input;  // else a column of the input, where it has that
  };
  struct Column {
    enum class Kind : std::uint8_t { input, start, end, path, length };
    Kind kind{};
    std::size_t input = 0;
  };

  bool produce(Batch& out) override;
  [[nodiscard]] End end_of(const algebra::PatternTerm& term) const;
  [[nodiscard]] Id value(const End& end, std::size_t row) const;
  [[nodiscard]] path::WalkRequest request(plan::PathSearch::Wanted wanted);
  void keep_inner(std::span<const Id> nodes, std::vector<bool>& kept);
  // Gathers the next rows and sorts them by their ends; false at the end.
  [[nodiscard]] bool gather();
  [[nodiscard]] bool begin_search();
  [[nodiscard]] bool next_walk();
  void emit(Batch& out);
  [[nodiscard]] Id path_of(const path::Walk& walk);

  std::shared_ptr<const algebra::PathSearch> op_;
  OperatorPtr input_;
  std::shared_ptr<path::Graph> graph_;
  std::unique_ptr<StepEdges> steps_;
  std::vector<std::unique_ptr<ColumnExpressions>> inner_;
  End subject_;
  End object_;
  bool one_variable_;
  std::vector<Column> columns_;
  path::WalkSearch search_;
  runtime::PathWriter writer_;
  std::optional<runtime::PassingTerms> paths_;  // those of the last batch, when they pass

  bool input_ended_ = false;
  std::size_t window_rows_;
  std::size_t batch_rows_;
  Batch window_;                       // rows of the input
  runtime::PassingTerms held_;         // of the window
  runtime::PassingTerms held_before_;  // of windows that rows of the last batch are from
  Batch batch_;
  std::vector<std::uint32_t> order_;  // of the window's rows, equal ends side by side
  std::size_t next_ = 0;              // in order_: behind the rows that are being answered
  std::size_t first_ = 0;
  bool searching_ = false;
  path::Walk walk_;
  Charge charge_;
  Charge costs_charge_;  // of what path:cost will ask for
};

}  // namespace akyn::exec
