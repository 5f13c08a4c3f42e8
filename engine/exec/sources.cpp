#include "engine/exec/sources.h"

#include <algorithm>

namespace akyn::exec {

RowsOperator::RowsOperator(Run& run, const std::vector<Slot>& slots,
                           std::shared_ptr<const std::vector<std::vector<Id>>> rows, std::vector<Slot> columns)
    : Operator(run, std::move(columns)), rows_(std::move(rows)), places_(places_of(this->columns(), slots)) {}

bool RowsOperator::produce(Batch& out) {
  const std::size_t count = std::min(rows_->size() - next_, kBatchRows);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    for (std::size_t row = next_; row < next_ + count; ++row) out.values(i).push_back((*rows_)[row][places_[i]].bits());
  }
  next_ += count;
  out.set_rows(count);
  return count != 0;
}

}  // namespace akyn::exec
