#include "engine/exec/hash_join.h"

#include <algorithm>

#include <akyn/error.h>

namespace akyn::exec {

using plan::JoinKind;

HashJoinOperator::HashJoinOperator(Run& run, HashJoinSpec spec, OperatorPtr left, OperatorPtr right,
                                   std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      spec_(std::move(spec)),
      left_(std::move(left)),
      right_(std::move(right)),
      left_keys_(places_of(spec_.keys, left_->columns())),
      right_keys_(places_of(spec_.keys, right_->columns())),
      output_(this->columns(), left_->columns(), right_->columns(), spec_.loose),
      table_(spec_.keys.size()),
      charge_(run.budget()),
      merged_output_(spec_.condition_columns, left_->columns(), right_->columns(), spec_.loose) {
  const auto left_loose = places_of(spec_.loose, left_->columns());
  const auto right_loose = places_of(spec_.loose, right_->columns());
  for (std::size_t i = 0; i < spec_.loose.size(); ++i) loose_.emplace_back(left_loose[i], right_loose[i]);
  pairs_ = spec_.kind == JoinKind::inner || spec_.kind == JoinKind::left;
  rows_matter_ = (pairs_ && output_.needs_right()) || !loose_.empty() || spec_.condition != nullptr;
}

void HashJoinOperator::build() {
  built_ = true;
  rows_.reset(right_->columns().size());
  Batch batch;
  std::vector<std::uint64_t> key(right_keys_.size());
  std::vector<std::uint32_t> last;  // by key number: its last row, so that rows come out as they came in
  while (right_->next(batch)) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = batch.column(right_keys_[i])[row];
      const auto [number, is_new] = table_.insert(key.data());
      if (!is_new && !rows_matter_) {
        times_[number] = add_counts(times_[number], batch.count(row));
        continue;
      }
      const auto place = static_cast<std::uint32_t>(times_.size());
      if (place == kNone) throw Error(ErrorCode::limit, "a join cannot keep more than 2^32 rows");
      times_.push_back(batch.count(row));
      next_.push_back(kNone);
      if (is_new) {
        first_.push_back(place);
        last.push_back(place);
      } else {
        next_[last[number]] = place;
        last[number] = place;
      }
      if (rows_matter_) {
        for (std::size_t i = 0; i < batch.width(); ++i) rows_.values(i).push_back(batch.column(i)[row]);
      }
    }
    charge_.clear();
    charge_.add(table_.memory_bytes() + rows_.memory_bytes() + times_.capacity() * sizeof(std::uint64_t) +
                (first_.capacity() + next_.capacity() + last.capacity()) * sizeof(std::uint32_t));
  }
  rows_.set_rows(rows_matter_ ? times_.size() : 0);
  if (!run().profiling()) right_ = nullptr;
}

bool HashJoinOperator::loose_agree(std::size_t left_row, std::uint32_t right_row) const {
  bool common = !spec_.keys.empty();
  for (const auto& [left, right] : loose_) {
    const std::uint64_t a = batch_.column(left)[left_row];
    const std::uint64_t b = rows_.column(right)[right_row];
    if (a == 0 || b == 0) continue;
    if (a != b) return false;
    common = true;
  }
  return common || !spec_.needs_common;
}

void HashJoinOperator::collect(std::size_t room) {
  const bool conditional = spec_.condition != nullptr;
  std::vector<std::uint64_t> key(left_keys_.size());
  for (; row_ < batch_.rows(); ++row_, in_row_ = false) {
    if (output_.pending() >= room) return;
    if (!in_row_) {
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = batch_.column(left_keys_[i])[row_];
      const std::uint32_t number = table_.find(key.data());
      at_ = number == kNone ? kNone : first_[number];
      in_row_ = true;
      row_matched_ = false;
    }
    if (!rows_matter_) {
      const bool matched = at_ != kNone;
      if (pairs_ && matched) output_.add(row_, JoinOutput::kNoRow, times_[at_]);
      if (matched ? spec_.kind == JoinKind::semi : spec_.kind == JoinKind::left || spec_.kind == JoinKind::anti) {
        output_.add(row_, JoinOutput::kNoRow, 1);
      }
      continue;
    }
    for (; at_ != kNone; at_ = next_[at_]) {
      run().budget().step();
      if (!loose_agree(row_, at_)) continue;
      if (!conditional && !pairs_) {
        row_matched_ = true;
        break;
      }
      if (output_.pending() >= room) return;
      output_.add(row_, at_, times_[at_]);
      row_matched_ = true;
    }
    if (conditional) continue;
    if (row_matched_ ? spec_.kind == JoinKind::semi : spec_.kind == JoinKind::left || spec_.kind == JoinKind::anti) {
      output_.add(row_, JoinOutput::kNoRow, 1);
    }
  }
}

void HashJoinOperator::check_pairs() {
  if (output_.pending() == 0) return;
  merged_.reset(spec_.condition_columns.size());
  merged_output_ = output_.with_columns_of(merged_output_);
  merged_output_.flush(batch_, rows_, merged_);
  passing_.clear();
  spec_.condition(merged_, passing_);
  for (const std::uint32_t pair : passing_) matched_[output_.left_rows()[pair]] = true;
  if (pairs_) {
    output_.select(passing_);
  } else {
    output_.select({});
  }
}

void HashJoinOperator::finish_batch() {
  if (spec_.kind == JoinKind::inner) return;
  const bool wanted = spec_.kind == JoinKind::semi;
  for (std::size_t row = 0; row < batch_.rows(); ++row) {
    if (matched_[row] == wanted) output_.add(row, JoinOutput::kNoRow, 1);
  }
}

bool HashJoinOperator::produce(Batch& out) {
  while (out.rows() < kBatchRows) {
    if (row_ >= batch_.rows()) {
      if (ended_ || !left_->next(batch_)) {
        ended_ = true;
        break;
      }
      row_ = 0;
      in_row_ = false;
      // Only now: without a left row the right input need not be read.
      if (!built_) build();
      if (table_.size() == 0 && (spec_.kind == JoinKind::inner || spec_.kind == JoinKind::semi)) {
        ended_ = true;
        row_ = batch_.rows();
        break;
      }
      if (spec_.condition != nullptr) matched_.assign(batch_.rows(), false);
    }
    collect(kBatchRows);
    if (spec_.condition != nullptr) {
      check_pairs();
      if (row_ >= batch_.rows()) finish_batch();
    }
    output_.flush(batch_, rows_, out);
  }
  return out.rows() != 0;
}

}  // namespace akyn::exec
