#include "engine/exec/project_operator.h"

#include <utility>

namespace akyn::exec {

ProjectOperator::ProjectOperator(Run& run, OperatorPtr input, std::vector<Slot> columns)
    : Operator(run, std::move(columns)), input_(std::move(input)) {
  for (const Slot slot : this->columns()) places_.push_back(input_->column_of(slot));
}

bool ProjectOperator::produce(Batch& out) {
  if (!input_->next(batch_)) return false;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i]) {
      std::swap(out.values(i), batch_.values(*places_[i]));
    } else {
      out.values(i).assign(batch_.rows(), 0);
    }
  }
  if (batch_.counted()) std::swap(out.count_values(), batch_.count_values());
  out.set_rows(batch_.rows());
  return true;
}

void append_rows(const Batch& from, const std::vector<std::optional<std::size_t>>& places, std::size_t first,
                 std::size_t last, Batch& out) {
  const std::size_t before = out.rows();
  const std::size_t count = last - first;
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::vector<std::uint64_t>& to = out.values(i);
    to.resize(before);
    if (places[i]) {
      const auto values = from.column(*places[i]).subspan(first, count);
      to.insert(to.end(), values.begin(), values.end());
    } else {
      to.resize(before + count, 0);
    }
  }
  if (from.counted() || out.counted()) {
    const bool already = out.counted();
    std::vector<std::uint64_t>& counts = out.count_values();
    if (!already) counts.assign(before, 1);
    counts.resize(before);
    for (std::size_t row = first; row < last; ++row) counts.push_back(from.count(row));
  }
  out.set_rows(before + count);
}

}  // namespace akyn::exec
