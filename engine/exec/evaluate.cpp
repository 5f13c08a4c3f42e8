#include "engine/exec/evaluate.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/exec/parallel_operator.h"
#include "engine/plan/parallel.h"
#include "engine/runtime/graph_answer.h"

namespace akyn::exec {

using runtime::Environment;
using runtime::Solutions;
using runtime::TripleIds;

namespace {

std::vector<std::string> names_of(const std::vector<Slot>& slots, const algebra::VariableTable& variables) {
  std::vector<std::string> names;
  for (const Slot slot : slots) names.push_back(variables.name(slot));
  return names;
}

RowsUse use_of(AnswerIds ids) {
  return {.ordered = false, .kept = ids == AnswerIds::passing ? std::optional(plan::SlotSet()) : std::nullopt};
}

// Each once; parameters are nowhere in the pattern.
std::vector<Slot> asked_of_pattern(const std::vector<Slot>& columns) {
  std::vector<Slot> asked;
  for (const Slot slot : columns) {
    if (std::find(asked.begin(), asked.end(), slot) == asked.end()) asked.push_back(slot);
  }
  return asked;
}

plan::NodePtr planned(Run& run, const algebra::Query& query, const std::vector<Slot>& columns,
                      std::optional<std::uint64_t> limit, const plan::PlannerOptions& options) {
  const runtime::ActiveGraph& graph = run.dataset().default_graph();
  plan::NodePtr plan =
      plan::Planner(query.variables, run.terms(), run.dataset(), run.budget(), run.functions(), options)
          .plan(*query.root, graph, asked_of_pattern(columns), limit);
  const std::size_t threads = threads_of(run);
  if (threads < 2) return plan;
  return plan::parallelized(std::move(plan), *run.snapshot().version(), {threads, options.parallel_work}, limit);
}

}  // namespace

Evaluation::Evaluation(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                       std::vector<Slot> columns, std::optional<std::uint64_t> limit, plan::PlannerOptions options,
                       AnswerIds ids)
    : Answer(columns, names_of(columns, query.variables)),
      run_(query, terms, environment),
      builder_(run_, options),
      plan_(planned(run_, query, columns, limit, options)),
      answer_(query, std::move(columns), run_, builder_.build(plan_, run_.dataset().default_graph(), use_of(ids))) {}

namespace {

std::unique_ptr<Evaluation> open(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                                 plan::PlannerOptions options, AnswerIds ids) {
  const std::uint64_t most = environment.limits.max_rows;
  return std::make_unique<Evaluation>(query, terms, environment, query.columns,
                                      most == 0 ? std::nullopt : std::optional<std::uint64_t>(most + 1), options, ids);
}

// All solutions; more than `max_rows` are an Error(limit), zero: no limit.
Solutions gather(Evaluation& evaluation, std::uint64_t max_rows) {
  const std::size_t width = evaluation.slots().size();
  Charge charge(evaluation.run().budget());
  std::vector<Id> cells;
  std::size_t size = 0;
  for (Batch batch; evaluation.next(batch);) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      const std::uint64_t count = batch.count(row);
      if (max_rows != 0) runtime::check_answer_size(size + count, "rows", evaluation.run().environment().limits);
      charge.add(multiply_counts(count, width * sizeof(Id)));
      for (std::uint64_t i = 0; i < count; ++i) {
        for (std::size_t column = 0; column < width; ++column) {
          cells.push_back(Id::from_bits(batch.column(column)[row]));
        }
      }
      size += count;
    }
  }
  return {evaluation.slots(), evaluation.variables(), std::move(cells), size};
}

}  // namespace

std::unique_ptr<Evaluation> open_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                                        plan::PlannerOptions options) {
  return open(query, terms, environment, options, AnswerIds::passing);
}

Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                          plan::PlannerOptions options) {
  const std::unique_ptr<Evaluation> evaluation = open(query, terms, environment, options, AnswerIds::lasting);
  return gather(*evaluation, environment.limits.max_rows);
}

Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                           plan::PlannerOptions options) {
  Evaluation evaluation(query, terms, environment, algebra::scope_of(*query.root), std::nullopt, options);
  return gather(evaluation, 0);
}

bool evaluate_ask(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                  plan::PlannerOptions options) {
  Evaluation evaluation(query, terms, environment, {}, 1, options);
  Batch batch;
  return evaluation.next(batch);
}

std::vector<TripleIds> evaluate_construct(const algebra::Query& query, LocalTerms& terms,
                                          const Environment& environment, plan::PlannerOptions options) {
  const Solutions solutions = evaluate_pattern(query, terms, environment, options);
  runtime::Budget budget(environment.limits, terms);
  return runtime::construct(query, solutions, terms, budget);
}

std::vector<TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                                         plan::PlannerOptions options) {
  const Solutions solutions = evaluate_pattern(query, terms, environment, options);
  runtime::Budget budget(environment.limits, terms);
  const runtime::Dataset dataset(query.dataset, environment.union_default_graph, terms);
  return runtime::describe(query, solutions, dataset.everything(), terms, budget);
}

}  // namespace akyn::exec
