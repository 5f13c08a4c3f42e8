// SERVICE: SPARQL 1.1 Federated Query 2, with the values known here sent along (its section 2.4).
#include <algorithm>

#include <akyn/error.h>

#include "engine/oracle/evaluator.h"
#include "engine/runtime/service_call.h"

namespace akyn::oracle {

using algebra::Slot;

namespace {

// Columns with a value in every row that can be sent: a blank node is no endpoint's.
std::vector<Slot> columns_to_send(const Table& table, const std::vector<Slot>& wanted) {
  std::vector<Slot> result;
  for (const Slot slot : wanted) {
    const std::optional<std::size_t> column = table.column_of(slot);
    if (!column) continue;
    bool all = true;
    for (std::size_t i = 0; i < table.size() && all; ++i) {
      const Id id = table.cell(i, *column);
      all = runtime::can_be_sent(id);
    }
    if (all) result.push_back(slot);
  }
  return result;
}

}  // namespace

Table Evaluator::service(const algebra::Service& op, const algebra::Node& pattern, const Table& known) {
  std::vector<Slot> columns;
  for (const Slot slot : algebra::scope_of(pattern)) {
    if (variables().is_named(slot)) columns.push_back(slot);
  }
  const auto* variable = std::get_if<algebra::Variable>(&op.endpoint);
  std::vector<Slot> result_columns = columns;
  const bool own_column =
      variable != nullptr && std::find(columns.begin(), columns.end(), variable->slot) == columns.end();
  if (own_column) result_columns.push_back(variable->slot);
  Table result(result_columns, budget_);
  if (known.empty()) return result;

  runtime::ServiceCall call(pattern, columns, services_, variables(), terms_, budget_);
  // The endpoint's solutions that may be compatible with a row.
  const auto ask = [&](const Term& endpoint, const Table& rows) {
    Table answer(columns, budget_);
    const Table values = distinct(project(rows, columns_to_send(rows, columns)));
    std::vector<std::vector<Id>> sent;
    for (std::size_t i = 0; i < values.size(); ++i) sent.emplace_back(values.row(i).begin(), values.row(i).end());
    call.ask(endpoint, values.columns(), sent, [&](Row row) { answer.append(row); });
    return answer;
  };
  // SILENT: an endpoint that fails answers with the one solution that binds nothing.
  const auto answer_of = [&](const Term& endpoint, const Table& rows) {
    if (!op.silent) return ask(endpoint, rows);
    try {
      return ask(endpoint, rows);
    } catch (const Error& error) {
      budget_.check();
      if (!runtime::is_failure_to_answer(error)) throw;
      return Table::unit(budget_);
    }
  };

  if (variable == nullptr) {
    return project(answer_of(std::get<algebra::Constant>(op.endpoint).term, known), result_columns);
  }
  const std::optional<std::size_t> column = known.column_of(variable->slot);
  if (!column || !known.always_bound(*column)) {
    throw Error(ErrorCode::invalid_argument,
                "SERVICE ?" + variables().name(variable->slot) +
                    ": the variable has no value here; what binds it must stand in the same group");
  }
  // Endpoints in the order they come up.
  const Table endpoints = distinct(project(known, {variable->slot}));
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const Id endpoint = endpoints.cell(i, 0);
    Table rows(known.columns(), budget_);
    for (std::size_t row = 0; row < known.size(); ++row) {
      if (known.cell(row, *column) == endpoint) rows.append(known.row(row));
    }
    Table binding({variable->slot}, budget_);
    binding.append(std::vector<Id>{endpoint});
    const Table part = project(join(answer_of(terms_.term(endpoint), rows), binding), result_columns);
    for (std::size_t row = 0; row < part.size(); ++row) result.append(part.row(row));
  }
  return result;
}

}  // namespace akyn::oracle
