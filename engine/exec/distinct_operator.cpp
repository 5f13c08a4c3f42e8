#include "engine/exec/distinct_operator.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace akyn::exec {
namespace {

// Appends the places of the rows that differ from the row before; `last` is the row before the batch, empty before the
// first one, and becomes the batch's last row.
void find_changes(const Batch& batch, std::vector<std::uint64_t>& last, bool& any, std::vector<std::uint32_t>& places) {
  for (std::uint32_t i = 0; i < batch.rows(); ++i) {
    bool same = i > 0 || any;
    for (std::size_t c = 0; c < batch.width() && same; ++c) {
      const std::span<const std::uint64_t> cells = batch.column(c);
      same = cells[i] == (i == 0 ? last[c] : cells[i - 1]);
    }
    if (!same) places.push_back(i);
  }
  any = true;
  last.clear();
  for (std::size_t c = 0; c < batch.width(); ++c) last.push_back(batch.column(c).back());
}

}  // namespace

DistinctOperator::DistinctOperator(Run& run, OperatorPtr input, DistinctInput kind)
    : Operator(run, input->columns()), input_(std::move(input)), kind_(kind) {
  if (kind_ == DistinctInput::sorted) return;
  if (kind_ == DistinctInput::ordered) {
    table_.emplace(run.budget(), columns().size());
    return;
  }
  table_.emplace(run.budget(), columns().size(), run.budget().limits().max_bytes / 8);
  std::vector<std::size_t> keys(columns().size());
  std::iota(keys.begin(), keys.end(), std::size_t{0});
  partitions_.emplace(run, std::move(keys));
}

void DistinctOperator::skip_to(std::uint64_t value) {
  if (kind_ == DistinctInput::sorted) input_->skip_to(value);
}

// The next rows of the input, then of what was put off.
bool DistinctOperator::pull(Batch& out) {
  if (!ended_) {
    if (input_->next(out)) return true;
    ended_ = true;
    if (partitions_) {
      table_->clear();
      if (!partitions_->open_next()) return false;
    }
  }
  if (!partitions_) return false;
  while (!partitions_->read(out)) {
    table_->clear();
    if (!partitions_->open_next()) return false;
  }
  return true;
}

bool DistinctOperator::produce(Batch& out) {
  while (pull(out)) {
    fresh_.clear();
    if (kind_ == DistinctInput::sorted) {
      find_changes(out, last_, any_, fresh_);
    } else {
      columns_.clear();
      for (std::size_t c = 0; c < out.width(); ++c) columns_.push_back(out.column(c));
      table_->add(columns_, out.rows(), numbers_, fresh_);
      if (table_->full()) {
        later_.clear();
        for (std::uint32_t row = 0; row < numbers_.size(); ++row) {
          if (numbers_[row] == RowTable::kNone) later_.push_back(row);
        }
        partitions_->add(out, later_);
      }
    }
    if (fresh_.empty()) continue;
    out.select(fresh_);
    out.drop_counts();
    return true;
  }
  return false;
}

ReducedOperator::ReducedOperator(Run& run, OperatorPtr input)
    : Operator(run, input->columns()), input_(std::move(input)) {}

bool ReducedOperator::produce(Batch& out) {
  while (input_->next(out)) {
    fresh_.clear();
    find_changes(out, last_, any_, fresh_);
    if (fresh_.empty()) continue;
    out.select(fresh_);
    out.drop_counts();
    return true;
  }
  return false;
}

}  // namespace akyn::exec
