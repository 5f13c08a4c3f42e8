#include "engine/exec/keep.h"

#include <algorithm>
#include <utility>

#include "engine/exec/key_table.h"
#include "engine/exec/project_operator.h"

namespace akyn::exec {

KeepOperator::KeepOperator(Run& run, std::shared_ptr<KeptTable> table, OperatorPtr source, OperatorPtr result)
    : Operator(run, result->columns()),
      table_(std::move(table)),
      source_(std::move(source)),
      result_(std::move(result)) {}

bool KeepOperator::produce(Batch& out) {
  if (!read_) {
    for (Batch batch; source_->next(batch); batch = Batch()) table_->add(std::move(batch));
    read_ = true;
    if (!run().profiling()) source_ = nullptr;
  }
  return result_->next(out);
}

KeptRowsOperator::KeptRowsOperator(Run& run, std::shared_ptr<const KeptTable> table, std::vector<Slot> columns)
    : Operator(run, std::move(columns)), table_(std::move(table)) {
  for (const std::size_t place : places_of(this->columns(), table_->columns())) places_.emplace_back(place);
}

bool KeptRowsOperator::produce(Batch& out) {
  if (next_ == table_->batches().size()) return false;
  const Batch& batch = table_->batches()[next_++];
  append_rows(batch, places_, 0, batch.rows(), out);
  return true;
}

KeptKeysOperator::KeptKeysOperator(Run& run, std::shared_ptr<const KeptTable> table, std::vector<Slot> columns)
    : Operator(run, std::move(columns)), table_(std::move(table)), charge_(run.budget()) {}

void KeptKeysOperator::gather() {
  gathered_ = true;
  const std::vector<std::size_t> places = places_of(columns(), table_->columns());
  KeyTable table(places.size());
  std::vector<std::uint64_t> key(places.size());
  for (const Batch& batch : table_->batches()) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      for (std::size_t i = 0; i < places.size(); ++i) key[i] = batch.column(places[i])[row];
      if (table.insert(key.data()).second) keys_.push_back(key);
    }
    run().budget().check();
  }
  charge_.add(keys_.size() * (sizeof(key) + places.size() * sizeof(std::uint64_t)));
  std::sort(keys_.begin(), keys_.end(), [&](const auto& left, const auto& right) {
    run().budget().step();
    return left < right;
  });
}

bool KeptKeysOperator::produce(Batch& out) {
  if (!gathered_) gather();
  const std::size_t count = std::min(keys_.size() - next_, kBatchRows);
  for (std::size_t i = 0; i < columns().size(); ++i) {
    for (std::size_t row = next_; row < next_ + count; ++row) out.values(i).push_back(keys_[row][i]);
  }
  next_ += count;
  out.set_rows(count);
  return count != 0;
}

}  // namespace akyn::exec
