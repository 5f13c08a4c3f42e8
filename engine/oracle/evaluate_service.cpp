// SERVICE: SPARQL 1.1 Federated Query 2, with the values known here sent along (its section 2.4).
#include <algorithm>
#include <unordered_map>

#include <akyn/error.h>

#include "engine/algebra/sparql_text.h"
#include "engine/oracle/evaluator.h"

namespace akyn::oracle {

using algebra::Slot;
using runtime::ServiceAnswer;
using runtime::ServiceRequest;

namespace {

// Rows of values in one request: enough to make few of them, few enough for any endpoint to take.
constexpr std::size_t kRowsPerRequest = 200;

// What SILENT is silent about: no answer, or nobody to ask. The query's own limits and damage are not.
bool is_failure_to_answer(const Error& error) {
  return error.code() == ErrorCode::io || error.code() == ErrorCode::unsupported ||
         error.code() == ErrorCode::invalid_argument;
}

// Columns with a value in every row that can be sent: a blank node is no endpoint's.
std::vector<Slot> columns_to_send(const Table& table, const std::vector<Slot>& wanted) {
  std::vector<Slot> result;
  for (const Slot slot : wanted) {
    const std::optional<std::size_t> column = table.column_of(slot);
    if (!column) continue;
    bool all = true;
    for (std::size_t i = 0; i < table.size() && all; ++i) {
      const Id id = table.cell(i, *column);
      all = id.is_bound() && id.type() != IdType::blank && id.type() != IdType::triple;
    }
    if (all) result.push_back(slot);
  }
  return result;
}

}  // namespace

// One endpoint's solutions of the pattern that may be compatible with a row of `known`.
class ServiceCall {
 public:
  ServiceCall(const algebra::Node& pattern, const std::vector<Slot>& columns, LocalTerms& terms, Budget& budget,
              const ServiceClient& client, const algebra::VariableTable& variables)
      : pattern_(pattern), columns_(columns), terms_(terms), budget_(budget), client_(client), variables_(variables) {}

  void ask(const std::string& endpoint, const Table& known, Table& result) {
    const Table values = distinct(project(known, columns_to_send(known, columns_)));
    if (values.width() == 0) {
      request(endpoint, {}, result);
      return;
    }
    for (std::size_t from = 0; from < values.size(); from += kRowsPerRequest) {
      algebra::Values batch;
      batch.slots = values.columns();
      for (std::size_t i = from; i < std::min(values.size(), from + kRowsPerRequest); ++i) {
        std::vector<std::optional<algebra::Constant>>& row = batch.rows.emplace_back();
        for (const Id id : values.row(i)) row.emplace_back(algebra::Constant{terms_.term(id), id});
      }
      request(endpoint, batch, result);
    }
  }

 private:
  void request(const std::string& endpoint, const algebra::Values& values, Table& result) {
    ServiceRequest request;
    request.endpoint = endpoint;
    request.query = algebra::to_sparql(pattern_, columns_, values, variables_);
    request.deadline = budget_.limits().deadline;
    request.cancelled = budget_.limits().cancelled;
    request.max_bytes = budget_.available();
    const ServiceAnswer answer = client_.ask(request);

    std::vector<std::optional<std::size_t>> sources;
    for (const Slot slot : columns_) {
      const auto place = std::find(answer.variables.begin(), answer.variables.end(), variables_.name(slot));
      sources.push_back(place == answer.variables.end()
                            ? std::nullopt
                            : std::optional<std::size_t>(static_cast<std::size_t>(place - answer.variables.begin())));
    }
    blanks_.clear();
    std::vector<Id> row(result.width());
    for (const std::vector<Term>& solution : answer.rows) {
      std::transform(sources.begin(), sources.end(), row.begin(),
                     [&](const auto& source) { return source ? id(solution[*source]) : Id(); });
      result.append(row);
    }
  }

  [[nodiscard]] Id id(const Term& term) {
    if (!has_blank(term)) return terms_.id(term);
    if (term.is_blank()) {
      const auto [place, is_new] = blanks_.try_emplace(term.value());
      if (is_new) place->second = terms_.new_blank();
      return place->second;
    }
    const Triple& triple = term.triple();
    return terms_.triple_id({id(triple.subject), id(triple.predicate), id(triple.object)}).value_or(Id());
  }
  [[nodiscard]] static bool has_blank(const Term& term) {
    if (!term.is_triple()) return term.is_blank();
    return has_blank(term.triple().subject) || has_blank(term.triple().object);
  }

  const algebra::Node& pattern_;
  const std::vector<Slot>& columns_;
  LocalTerms& terms_;
  Budget& budget_;
  const ServiceClient& client_;
  const algebra::VariableTable& variables_;
  std::unordered_map<std::string, Id> blanks_;  // of one answer
};

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

  const auto ask = [&](const Term& endpoint, const Table& rows) {
    if (services_ == nullptr) {
      throw Error(ErrorCode::unsupported,
                  "SERVICE is switched off: the option allow_service lets a query ask other endpoints");
    }
    if (!endpoint.is_iri()) {
      throw Error(ErrorCode::invalid_argument, "SERVICE wants the IRI of an endpoint, not " + endpoint.to_string());
    }
    Table answer(columns, budget_);
    ServiceCall(pattern, columns, terms_, budget_, *services_, variables()).ask(endpoint.value(), rows, answer);
    return answer;
  };
  // SILENT: an endpoint that fails answers with the one solution that binds nothing.
  const auto answer_of = [&](const Term& endpoint, const Table& rows) {
    if (!op.silent) return ask(endpoint, rows);
    try {
      return ask(endpoint, rows);
    } catch (const Error& error) {
      budget_.check();
      if (!is_failure_to_answer(error)) throw;
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
