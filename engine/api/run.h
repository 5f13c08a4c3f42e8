// One run of a query.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/api/state.h"
#include "engine/exec/answer.h"

namespace akyn::api {

struct QueryState {
  Source source;
  std::shared_ptr<const algebra::Query> query;  // as translated, without parameters
  RunSettings settings;
  std::vector<std::pair<std::string, Term>> parameters;
  CancelToken token;
};

// What an answer needs as long as it is read. Stays where it is: answers refer to it.
struct Run {
  explicit Run(const QueryState& state);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Between two rows, whose making may have taken no time at all. Throws Error(cancelled), Error(closed).
  void check() const;

  Source source;
  algebra::Query query;
  RunSettings settings;
  CancelToken token;
  runtime::LocalTerms terms;
  runtime::Environment environment;
};

// Evaluation; each with the forms that it is for. Answers must not outlive the run.
[[nodiscard]] std::unique_ptr<exec::Answer> evaluate_select(Run& run);
[[nodiscard]] bool evaluate_ask(Run& run);
// Rows of three columns: CONSTRUCT, DESCRIBE.
[[nodiscard]] std::unique_ptr<exec::Answer> evaluate_graph(Run& run);
// The plan of any form.
[[nodiscard]] std::string explain(const QueryState& state, const ExplainOptions& options);

}  // namespace akyn::api
