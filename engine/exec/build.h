// Plans to operators.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/exec/exists_evaluator.h"
#include "engine/exec/keep.h"
#include "engine/exec/operator.h"
#include "engine/path/graph.h"
#include "engine/plan/plan.h"
#include "engine/plan/planner.h"
#include "engine/plan/slot_set.h"
#include "engine/runtime/active_graph.h"

namespace akyn::exec {

// What becomes of an operator's rows above it.
struct RowsUse {
  bool ordered = false;  // that they come in the order which the node says, or that of its input, matters
  // Columns whose terms are looked at when the operator has been asked for more rows; nothing: all of them. Terms of
  // other columns may pass (see LocalTerms).
  std::optional<plan::SlotSet> kept = std::nullopt;
};

// Makes the operators of one run, and what they need to plan patterns while it runs: those of EXISTS and GRAPH. The run
// must outlive it, and it the operators. One thread at a time.
class Builder {
 public:
  Builder(Run& run, plan::PlannerOptions options);
  ~Builder();
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  [[nodiscard]] OperatorPtr build(const plan::NodePtr& node, const runtime::ActiveGraph& graph, const RowsUse& use);

  // Plans and builds a pattern.
  [[nodiscard]] OperatorPtr open(const algebra::Node& pattern, const runtime::ActiveGraph& graph,
                                 const std::vector<Slot>& needed, std::optional<std::uint64_t> limit = std::nullopt,
                                 const RowsUse& use = {});

  // Of the part that is being built, where one is.
  [[nodiscard]] Run& run() noexcept { return part_ == nullptr ? run_ : *part_->run; }
  // For EXPLAIN ANALYZE: the operators of each node, one for each part where threads share the work.
  using Operators = std::unordered_map<const plan::Node*, std::vector<Operator*>>;
  [[nodiscard]] const Operators& operators() const noexcept { return operators_; }
  // Operator::finish() of all of them.
  void finish() noexcept;

 private:
  struct Visitor;
  class Exists;
  // Of what threads share, the part of one of them.
  struct Part {
    Run* run;
    const plan::Parallel* whole;
    plan::IdRange range;
  };

  [[nodiscard]] plan::NodePtr plan_pattern(const algebra::Node& pattern, const runtime::ActiveGraph& graph,
                                           const std::vector<Slot>& needed,
                                           std::optional<std::uint64_t> limit = std::nullopt);
  // Of a plan that is made while another one runs.
  [[nodiscard]] OperatorPtr build_nested(const plan::NodePtr& plan, const runtime::ActiveGraph& graph,
                                         const RowsUse& use = {});
  [[nodiscard]] ExistsEvaluator* exists_for(const runtime::ActiveGraph& graph);
  [[nodiscard]] std::shared_ptr<path::Graph> path_graph(const runtime::ActiveGraph& graph);

  Run& run_;
  plan::PlannerOptions options_;
  std::vector<std::unique_ptr<Exists>> exists_;
  std::vector<std::pair<runtime::ActiveGraph, std::shared_ptr<path::Graph>>> path_graphs_;
  std::map<std::uint32_t, std::shared_ptr<KeptTable>> kept_;  // by number, of the plan that is being built
  std::size_t depth_ = 0;                                     // of plans that are made while another one runs
  Operators operators_;
  const Part* part_ = nullptr;  // that is being built
};

}  // namespace akyn::exec
