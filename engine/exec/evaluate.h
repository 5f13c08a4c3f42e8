// Running a query over a snapshot.
//
//     LocalTerms terms(database.snapshot());
//     Evaluation evaluation(algebra::translate(parse_query(text)), terms, environment);
//     for (Batch batch; evaluation.next(batch);) ...
//
// Ids in answers belong to the LocalTerms they were made with; LocalTerms::term decodes them. Everything here throws
// Error: cancelled, timeout, limit; unsupported (SERVICE); what a ServiceClient throws; io, corruption.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/exec/answer.h"
#include "engine/exec/build.h"
#include "engine/exec/operator_answer.h"
#include "engine/exec/run.h"
#include "engine/plan/planner.h"
#include "engine/runtime/environment.h"
#include "engine/runtime/solutions.h"

namespace akyn::exec {

// How long the Ids of an answer stand for its terms.
enum class AnswerIds : std::uint8_t {
  lasting,  // as long as the LocalTerms
  passing   // until the next batch
};

// One run of a query's pattern, planned and ready to give batches. One thread at a time. Query, terms and environment
// must outlive it.
class Evaluation final : public Answer {
 public:
  // `columns`: which variables are asked for, in this sequence. `limit`: no more solutions are.
  Evaluation(const algebra::Query& query, LocalTerms& terms, const runtime::Environment& environment,
             std::vector<Slot> columns, std::optional<std::uint64_t> limit = std::nullopt,
             plan::PlannerOptions options = {}, AnswerIds ids = AnswerIds::lasting);

  [[nodiscard]] bool next(Batch& out) override { return answer_.next(out); }

  [[nodiscard]] Run& run() noexcept { return run_; }
  [[nodiscard]] const plan::Node& plan() const noexcept { return *plan_; }
  [[nodiscard]] const Builder& builder() const noexcept { return builder_; }
  // No more rows are asked for. With profiling only.
  void finish() noexcept { builder_.finish(); }

 private:
  Run run_;
  Builder builder_;
  plan::NodePtr plan_;
  OperatorAnswer answer_;
};

// The answer of a SELECT, row limits aside; its Ids are passing ones.
[[nodiscard]] std::unique_ptr<Evaluation> open_select(const algebra::Query& query, LocalTerms& terms,
                                                      const runtime::Environment& environment,
                                                      plan::PlannerOptions options = {});

// Whole answers; each with a form of its own as a precondition.
[[nodiscard]] runtime::Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms,
                                                 const runtime::Environment& environment,
                                                 plan::PlannerOptions options = {});
[[nodiscard]] bool evaluate_ask(const algebra::Query& query, LocalTerms& terms, const runtime::Environment& environment,
                                plan::PlannerOptions options = {});
// Distinct triples, in the order made.
[[nodiscard]] std::vector<runtime::TripleIds> evaluate_construct(const algebra::Query& query, LocalTerms& terms,
                                                                 const runtime::Environment& environment,
                                                                 plan::PlannerOptions options = {});
// As runtime::describe(), from all graphs of the dataset.
[[nodiscard]] std::vector<runtime::TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms,
                                                                const runtime::Environment& environment,
                                                                plan::PlannerOptions options = {});
// All solutions of a query's pattern, of whatever form; columns as the pattern has them.
[[nodiscard]] runtime::Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms,
                                                  const runtime::Environment& environment,
                                                  plan::PlannerOptions options = {});

}  // namespace akyn::exec
