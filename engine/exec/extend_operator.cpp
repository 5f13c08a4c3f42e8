#include "engine/exec/extend_operator.h"

#include <algorithm>

#include "engine/exec/expand_operator.h"
#include "engine/exec/expression_facts.h"

namespace akyn::exec {
namespace {

bool all_deterministic(const ExtendOperator::Extensions& extensions) {
  return std::all_of(extensions.begin(), extensions.end(),
                     [](const auto& extension) { return is_deterministic(*extension.second); });
}

std::vector<Slot> extended(std::vector<Slot> columns, const ExtendOperator::Extensions& extensions) {
  for (const auto& extension : extensions) columns.push_back(extension.first);
  return columns;
}

}  // namespace

ExtendOperator::ExtendOperator(Run& run, OperatorPtr input, Extensions extensions, ExistsEvaluator* exists)
    : Operator(run, extended(input->columns(), extensions)),
      input_(expanded_if(!all_deterministic(extensions), run, std::move(input))),
      extensions_(std::move(extensions)),
      numbered_(!all_deterministic(extensions_)) {
  std::vector<Slot> before = input_->columns();
  for (const auto& extension : extensions_) {
    expressions_.push_back(std::make_unique<ColumnExpressions>(run, before, exists));
    before.push_back(extension.first);
  }
}

bool ExtendOperator::produce(Batch& out) {
  if (!input_->next(batch_)) return false;
  const std::size_t width = batch_.width();
  for (std::size_t i = 0; i < width; ++i) std::swap(out.values(i), batch_.values(i));
  if (batch_.counted()) std::swap(out.count_values(), batch_.count_values());
  out.set_rows(batch_.rows());
  const std::uint64_t first = numbered_ ? run().number_solutions(out.rows()) : 0;
  for (std::size_t i = 0; i < extensions_.size(); ++i) {
    expressions_[i]->number_from(first);
    expressions_[i]->evaluate(*extensions_[i].second, out, out.values(width + i));
  }
  return true;
}

}  // namespace akyn::exec
