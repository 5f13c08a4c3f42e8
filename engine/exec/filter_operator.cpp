#include "engine/exec/filter_operator.h"

#include <algorithm>
#include <utility>

#include "engine/exec/expand_operator.h"
#include "engine/exec/expression_facts.h"

namespace akyn::exec {
namespace {

bool all_deterministic(const std::vector<algebra::Expression>& conditions) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [](const algebra::Expression& condition) { return is_deterministic(*condition); });
}

}  // namespace

FilterOperator::FilterOperator(Run& run, OperatorPtr input, std::vector<algebra::Expression> conditions,
                               ExistsEvaluator* exists)
    : Operator(run, input->columns()),
      input_(expanded_if(!all_deterministic(conditions), run, std::move(input))),
      conditions_(std::move(conditions)),
      expressions_(run, columns(), exists),
      numbered_(!all_deterministic(conditions_)) {}

bool FilterOperator::produce(Batch& out) {
  while (input_->next(out)) {
    if (numbered_) expressions_.number_from(run().number_solutions(out.rows()));
    expressions_.matching(conditions_, out, rows_);
    out.select(rows_);
    if (out.rows() > 0) return true;
  }
  return false;
}

}  // namespace akyn::exec
