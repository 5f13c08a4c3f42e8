#include "engine/exec/expand_operator.h"

#include <algorithm>
#include <utility>

namespace akyn::exec {

ExpandOperator::ExpandOperator(Run& run, OperatorPtr input)
    : Operator(run, input->columns()), input_(std::move(input)) {
  if (input_->is_passing()) set_passing();
}

bool ExpandOperator::produce(Batch& out) {
  if (row_ == batch_.rows()) {
    row_ = 0;
    if (!input_->next(batch_)) return false;
    if (!batch_.counted()) {
      std::swap(out, batch_);
      batch_.reset(out.width());
      return true;
    }
  }
  std::size_t rows = 0;
  while (row_ < batch_.rows() && rows < kBatchRows) {
    const std::uint64_t more = std::min<std::uint64_t>(batch_.count(row_) - given_, kBatchRows - rows);
    for (std::size_t i = 0; i < out.width(); ++i)
      out.values(i).insert(out.values(i).end(), more, batch_.column(i)[row_]);
    rows += more;
    given_ += more;
    if (given_ == batch_.count(row_)) {
      given_ = 0;
      ++row_;
    }
  }
  out.set_rows(rows);
  return true;
}

OperatorPtr expanded_if(bool needed, Run& run, OperatorPtr input) {
  if (!needed) return input;
  return std::make_unique<ExpandOperator>(run, std::move(input));
}

}  // namespace akyn::exec
