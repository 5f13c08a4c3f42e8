// One SERVICE of a query, asked of endpoints (SPARQL 1.1 Federated Query 2).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <akyn/error.h>
#include <akyn/term.h>
#include "engine/algebra/algebra.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"
#include "engine/runtime/service.h"

namespace akyn::runtime {

// What SILENT is silent about: no answer, or nobody to ask. The query's own limits and damage are not.
[[nodiscard]] bool is_failure_to_answer(const Error& error);

// Whether a value can be sent along: a blank node is no endpoint's.
[[nodiscard]] bool can_be_sent(Id id);

// Everything given must outlive it; `client` may be null. One thread at a time.
class ServiceCall {
 public:
  // `columns`: the variables whose values are asked for.
  ServiceCall(const algebra::Node& pattern, const std::vector<algebra::Slot>& columns, const ServiceClient* client,
              const algebra::VariableTable& variables, LocalTerms& terms, Budget& budget)
      : pattern_(pattern), columns_(columns), client_(client), variables_(variables), terms_(terms), budget_(budget) {}

  // Asks an endpoint for the solutions that are compatible with one of `rows`, whose values are of `sent` and can be
  // sent (its section 2.4), some hundred rows a request; without `sent`, for all solutions. Calls take(row) for each
  // solution: an Id for each column, unbound ones included, valid during the call.
  //
  // Throws Error(unsupported) without a client, Error(invalid_argument) for an endpoint that is no IRI, what the client
  // throws and what `take` throws.
  using Take = std::function<void(std::span<const Id> row)>;
  void ask(const Term& endpoint, const std::vector<algebra::Slot>& sent, const std::vector<std::vector<Id>>& rows,
           const Take& take);

 private:
  void request(const std::string& endpoint, const algebra::Values& values, const Take& take);
  [[nodiscard]] Id id(const Term& term);

  const algebra::Node& pattern_;
  const std::vector<algebra::Slot>& columns_;
  const ServiceClient* client_;
  const algebra::VariableTable& variables_;
  LocalTerms& terms_;
  Budget& budget_;
  std::unordered_map<std::string, Id> blanks_;  // of one answer
};

}  // namespace akyn::runtime
