#include "engine/api/run.h"

#include "engine/algebra/substitute.h"
#include "engine/exec/construction.h"
#include "engine/exec/evaluate.h"
#include "engine/exec/explain.h"

namespace akyn::api {
namespace {

// Variables of a template: what of the solutions it needs.
std::vector<algebra::Slot> variables_of(const std::vector<algebra::Triple>& triples) {
  return algebra::scope_of(algebra::Node(algebra::BasicGraph{triples}));
}

// A CONSTRUCT with the accounts that it is charged to.
class ConstructedGraph final : public exec::TripleAnswer {
 public:
  explicit ConstructedGraph(Run& run)
      : budget_(run.environment.limits, run.terms),
        triples_(run.query.construct,
                 std::make_unique<exec::Evaluation>(run.query, run.terms, run.environment,
                                                    variables_of(run.query.construct)),
                 run.terms, budget_) {}

  [[nodiscard]] bool next(exec::Batch& out) override { return triples_.next(out); }

 private:
  runtime::Budget budget_;
  exec::Construction triples_;
};

}  // namespace

Run::Run(const QueryState& state)
    : source(state.source),
      query(*state.query),
      settings(state.settings),
      token(state.token),
      terms(state.source.snapshot()),
      environment(settings.environment(token)) {
  algebra::bind_parameters(query, state.parameters);
}

void Run::check() const {
  source.check();
  if (token.cancelled()) throw Error(ErrorCode::cancelled, "the query was cancelled");
}

std::unique_ptr<exec::Answer> evaluate_select(Run& run) {
  return exec::open_select(run.query, run.terms, run.environment);
}

bool evaluate_ask(Run& run) {
  return exec::evaluate_ask(run.query, run.terms, run.environment);
}

std::unique_ptr<exec::Answer> evaluate_graph(Run& run) {
  if (run.query.form == QueryForm::construct) return std::make_unique<ConstructedGraph>(run);
  return std::make_unique<exec::ComputedTriples>(exec::evaluate_describe(run.query, run.terms, run.environment));
}

std::string explain(const QueryState& state, const ExplainOptions& options) {
  Run run(state);
  std::vector<algebra::Slot> columns = run.query.columns;
  if (run.query.form == QueryForm::construct) columns = variables_of(run.query.construct);
  if (run.query.form == QueryForm::describe) columns = algebra::scope_of(*run.query.root);
  const bool asks = run.query.form == QueryForm::ask;
  exec::Evaluation evaluation(run.query, run.terms, run.environment, std::move(columns),
                              asks ? std::optional<std::uint64_t>(1) : std::nullopt);
  if (options.analyze) {
    evaluation.run().set_profiling(true);
    for (exec::Batch batch; evaluation.next(batch) && !asks;) run.check();
  }
  return options.json ? exec::explain_json(evaluation, options.analyze)
                      : exec::explain_text(evaluation, options.analyze);
}

}  // namespace akyn::api
