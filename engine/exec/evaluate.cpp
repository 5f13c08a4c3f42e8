#include "engine/exec/evaluate.h"

#include <algorithm>
#include <utility>

#include "engine/runtime/graph_answer.h"

namespace akyn::exec {

using runtime::Environment;
using runtime::Solutions;
using runtime::TripleIds;

Evaluation::Evaluation(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                       std::vector<Slot> columns, std::optional<std::uint64_t> limit, plan::PlannerOptions options)
    : run_(query, terms, environment), builder_(run_, options) {
  plan::Planner planner(query.variables, terms, run_.dataset(), run_.budget(), options);
  plan_ = planner.plan(*query.root, run_.dataset().default_graph(), columns, limit);
  root_ = builder_.build(plan_, run_.dataset().default_graph());
}

namespace {

// All solutions in `columns`; parameters have their constants. With `max_rows`, Error(limit) beyond that.
Solutions gather(Evaluation& evaluation, const algebra::Query& query, LocalTerms& terms, std::uint64_t max_rows) {
  std::vector<Slot> slots = evaluation.columns();
  std::vector<std::string> names;
  std::vector<Id> constants;
  for (const Slot slot : slots) {
    names.push_back(query.variables.name(slot));
    const auto parameter = std::find_if(query.parameters.begin(), query.parameters.end(),
                                        [&](const auto& bound) { return bound.first == slot; });
    constants.push_back(parameter == query.parameters.end() ? Id() : terms.id(parameter->second));
  }
  Charge charge(evaluation.run().budget());
  std::vector<Id> cells;
  std::size_t size = 0;
  for (Batch batch; evaluation.next(batch);) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      const std::uint64_t count = batch.count(row);
      if (max_rows != 0) runtime::check_answer_size(size + count, "rows", evaluation.run().environment().limits);
      charge.add(count * slots.size() * sizeof(Id));
      evaluation.run().budget().check_room(0);
      for (std::uint64_t i = 0; i < count; ++i) {
        for (std::size_t column = 0; column < slots.size(); ++column) {
          cells.push_back(constants[column].is_bound() ? constants[column] : Id::from_bits(batch.column(column)[row]));
        }
      }
      size += count;
    }
  }
  return {std::move(slots), std::move(names), std::move(cells), size};
}

}  // namespace

Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                          plan::PlannerOptions options) {
  const std::uint64_t most = environment.limits.max_rows;
  Evaluation evaluation(query, terms, environment, query.columns,
                        most == 0 ? std::nullopt : std::optional<std::uint64_t>(most + 1), options);
  return gather(evaluation, query, terms, most);
}

Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms, const Environment& environment,
                           plan::PlannerOptions options) {
  Evaluation evaluation(query, terms, environment, algebra::scope_of(*query.root), std::nullopt, options);
  return gather(evaluation, query, terms, 0);
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

std::vector<TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms,
                                         const Environment& environment, plan::PlannerOptions options) {
  const Solutions solutions = evaluate_pattern(query, terms, environment, options);
  runtime::Budget budget(environment.limits, terms);
  const runtime::Dataset dataset(query.dataset, environment.union_default_graph, terms);
  return runtime::describe(query, solutions, dataset.everything(), terms, budget);
}

}  // namespace akyn::exec
