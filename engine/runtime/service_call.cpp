#include "engine/runtime/service_call.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "engine/algebra/sparql_text.h"

namespace akyn::runtime {

namespace {

// Rows of values in one request: enough to make few of them, few enough for any endpoint to take.
constexpr std::size_t kRowsPerRequest = 200;

bool has_blank(const Term& term) {
  if (!term.is_triple()) return term.is_blank();
  return has_blank(term.triple().subject) || has_blank(term.triple().object);
}

}  // namespace

bool is_failure_to_answer(const Error& error) {
  return error.code() == ErrorCode::io || error.code() == ErrorCode::unsupported ||
         error.code() == ErrorCode::invalid_argument;
}

bool can_be_sent(Id id) {
  return id.is_bound() && id.type() != IdType::blank && id.type() != IdType::triple;
}

void ServiceCall::ask(const Term& endpoint, const std::vector<algebra::Slot>& sent,
                      const std::vector<std::vector<Id>>& rows, const Take& take) {
  if (client_ == nullptr) {
    throw Error(ErrorCode::unsupported,
                "SERVICE is switched off: the option allow_service lets a query ask other endpoints");
  }
  if (!endpoint.is_iri()) {
    throw Error(ErrorCode::invalid_argument, "SERVICE wants the IRI of an endpoint, not " + endpoint.to_string());
  }
  if (sent.empty()) return request(endpoint.value(), {}, take);
  for (std::size_t from = 0; from < rows.size(); from += kRowsPerRequest) {
    algebra::Values values;
    values.slots = sent;
    for (std::size_t i = from; i < std::min(rows.size(), from + kRowsPerRequest); ++i) {
      auto& row = values.rows.emplace_back();
      for (const Id value : rows[i]) row.emplace_back(algebra::Constant{terms_.term(value), value});
    }
    request(endpoint.value(), values, take);
  }
}

void ServiceCall::request(const std::string& endpoint, const algebra::Values& values, const Take& take) {
  ServiceRequest request;
  request.endpoint = endpoint;
  request.query = algebra::to_sparql(pattern_, columns_, values, variables_);
  request.deadline = budget_.limits().deadline;
  request.cancelled = budget_.limits().cancelled;
  request.max_bytes = budget_.available();
  const ServiceAnswer answer = client_->ask(request);

  std::vector<std::optional<std::size_t>> sources;
  for (const algebra::Slot slot : columns_) {
    const auto place = std::find(answer.variables.begin(), answer.variables.end(), variables_.name(slot));
    sources.push_back(place == answer.variables.end()
                          ? std::nullopt
                          : std::optional<std::size_t>(static_cast<std::size_t>(place - answer.variables.begin())));
  }
  blanks_.clear();
  std::vector<Id> row(columns_.size());
  for (const std::vector<Term>& solution : answer.rows) {
    std::transform(sources.begin(), sources.end(), row.begin(),
                   [&](const auto& source) { return source ? id(solution[*source]) : Id(); });
    take(row);
  }
}

Id ServiceCall::id(const Term& term) {
  if (!has_blank(term)) return terms_.id(term);
  if (term.is_blank()) {
    const auto [place, is_new] = blanks_.try_emplace(term.value());
    if (is_new) place->second = terms_.new_blank();
    return place->second;
  }
  const Triple& triple = term.triple();
  return terms_.triple_id({id(triple.subject), id(triple.predicate), id(triple.object)}).value_or(Id());
}

}  // namespace akyn::runtime
