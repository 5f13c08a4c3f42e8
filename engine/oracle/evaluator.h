// The evaluator of the algebra, operator by operator (SPARQL 1.1 Query 18.5, 18.6).
//
// Small and plain on purpose: every operator turns whole tables into a whole table, as the
// specification defines it. It is what faster engines are tested against.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/oracle/evaluate.h"
#include "engine/oracle/expressions.h"
#include "engine/oracle/pattern_matcher.h"
#include "engine/oracle/table.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/limits.h"

namespace akyn::oracle {

using runtime::Dataset;
using runtime::ServiceClient;

// One run of one query. One thread at a time; everything given must outlive it.
class Evaluator {
 public:
  Evaluator(const algebra::Query& query, LocalTerms& terms, const Environment& environment);

  // The solutions of a pattern over an active graph. At most `goal` rows are needed, where there is no
  // order that says which.
  [[nodiscard]] Table evaluate(const algebra::Node& node, const ActiveGraph& graph, std::size_t goal = kAllRows);
  [[nodiscard]] Table evaluate_root(std::size_t goal = kAllRows);

  [[nodiscard]] LocalTerms& terms() noexcept { return terms_; }
  [[nodiscard]] Budget& budget() noexcept { return budget_; }
  [[nodiscard]] expr::Context& context() noexcept { return context_; }
  [[nodiscard]] const Dataset& dataset() const noexcept { return dataset_; }
  [[nodiscard]] const algebra::VariableTable& variables() const noexcept { return query_.variables; }

 private:
  // Operators without inputs, or whose inputs are evaluated over another graph or side by side.
  [[nodiscard]] Table leaf(const algebra::Node& node, const ActiveGraph& graph, std::size_t goal);
  // The operator over the value of its first input.
  [[nodiscard]] Table apply(const algebra::Node& node, Table input, const ActiveGraph& graph);

  // The solutions of `node` that may be compatible with some row of `left`: all of them, or fewer when
  // looking up left's values is possible.
  [[nodiscard]] Table restricted(const algebra::Node& node, const Table& left, const ActiveGraph& graph);
  // Join(table, node), by look-ups where possible.
  [[nodiscard]] Table join_with(Table table, const algebra::Node& node, const ActiveGraph& graph, std::size_t goal);
  [[nodiscard]] Table join_all(Table first, const std::vector<const algebra::Node*>& nodes, const ActiveGraph& graph,
                               std::size_t goal);

  [[nodiscard]] Table values(const algebra::Values& values);
  [[nodiscard]] Table graph(const algebra::Graph& op, const algebra::Node& pattern, std::size_t goal);
  // The endpoint's solutions that may be compatible with a row of `known`.
  [[nodiscard]] Table service(const algebra::Service& op, const algebra::Node& pattern, const Table& known);
  [[nodiscard]] Table left_join(const Table& left, const Table& right, const algebra::LeftJoin& op,
                                const ActiveGraph& graph);
  [[nodiscard]] Table filter(const Table& input, const algebra::Filter& op, const ActiveGraph& graph);
  [[nodiscard]] Table unnest(const Table& input, const algebra::Unnest& op, const ActiveGraph& graph);
  // `first_solution`: the number of the input's first solution, for BNODE("label").
  [[nodiscard]] Table extend(const Table& input, const algebra::Extend& op, const ActiveGraph& graph,
                             std::uint64_t first_solution);
  [[nodiscard]] Table group(const Table& input, const algebra::Group& op, const ActiveGraph& graph);
  // `first_solution`: the number of the input's first solution.
  [[nodiscard]] Id custom_aggregate(const algebra::Aggregate& aggregate, const Table& input,
                                    const std::vector<std::size_t>& members, std::uint64_t first_solution,
                                    Expressions& expressions);
  [[nodiscard]] Table order_by(const Table& input, const algebra::OrderBy& op, const ActiveGraph& graph);

  const algebra::Query& query_;
  LocalTerms& terms_;
  Budget budget_;
  expr::Context context_;
  Dataset dataset_;
  const ServiceClient* services_;    // null: SERVICE is switched off
  std::uint64_t next_solution_ = 0;  // numbers solutions, for BNODE("label")
};

}  // namespace akyn::oracle
