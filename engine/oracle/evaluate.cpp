#include "engine/oracle/evaluate.h"

#include <algorithm>
#include <string>

#include "engine/oracle/evaluator.h"
#include "engine/runtime/graph_answer.h"

namespace akyn::oracle {

using algebra::Slot;

namespace {

Solutions to_solutions(Table table, const algebra::VariableTable& variables) {
  std::vector<Slot> slots = table.columns();
  std::vector<std::string> names;
  names.reserve(slots.size());
  for (const Slot slot : slots) names.push_back(variables.name(slot));
  const std::size_t size = table.size();
  return {std::move(slots), std::move(names), std::move(table).take_cells(), size};
}

// The result's columns, parameters with their constants.
Table with_parameters(const Table& table, const algebra::Query& query, LocalTerms& terms) {
  Table result(query.columns, table.budget());
  struct Source {
    std::optional<std::size_t> column;
    Id constant;
  };
  std::vector<Source> sources;
  for (const Slot slot : query.columns) {
    const auto parameter = std::find_if(query.parameters.begin(), query.parameters.end(),
                                        [&](const auto& bound) { return bound.first == slot; });
    if (parameter == query.parameters.end()) {
      sources.push_back({table.column_of(slot), Id()});
    } else {
      sources.push_back({std::nullopt, terms.id(parameter->second)});
    }
  }
  std::vector<Id> row(sources.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::transform(sources.begin(), sources.end(), row.begin(), [&](const Source& source) {
      return source.column ? table.cell(i, *source.column) : source.constant;
    });
    result.append(row);
  }
  return result;
}

}  // namespace

Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  const std::uint64_t most = environment.limits.max_rows;
  const Table table = evaluator.evaluate_root(most == 0 ? kAllRows : most + 1);
  runtime::check_answer_size(table.size(), "rows", environment.limits);
  return to_solutions(with_parameters(table, query, terms), query.variables);
}

Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms, const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  return to_solutions(evaluator.evaluate_root(), query.variables);
}

bool evaluate_ask(const algebra::Query& query, LocalTerms& terms, const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  return !evaluator.evaluate_root(1).empty();
}

std::vector<TripleIds> evaluate_construct(const algebra::Query& query, LocalTerms& terms,
                                          const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  const Solutions solutions = to_solutions(evaluator.evaluate_root(), query.variables);
  return runtime::construct(query, solutions, terms, evaluator.budget());
}

std::vector<TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms,
                                         const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  const Solutions solutions = to_solutions(evaluator.evaluate_root(), query.variables);
  return runtime::describe(query, solutions, evaluator.dataset().everything(), terms, evaluator.budget());
}

}  // namespace akyn::oracle
