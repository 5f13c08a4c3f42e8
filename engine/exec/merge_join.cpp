#include "engine/exec/merge_join.h"

#include <algorithm>

#include "engine/storage/gallop.h"

namespace akyn::exec {

using plan::JoinKind;

MergeJoinOperator::MergeJoinOperator(Run& run, JoinKind kind, OperatorPtr left, OperatorPtr right,
                                     const std::vector<Slot>& keys, const std::vector<Slot>& checks,
                                     std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      kind_(kind),
      output_(this->columns(), left->columns(), right->columns()),
      copy_charge_(run.budget()) {
  left_.keys = places_of(keys, left->columns());
  right_.keys = places_of(keys, right->columns());
  const auto left_checks = places_of(checks, left->columns());
  const auto right_checks = places_of(checks, right->columns());
  for (std::size_t i = 0; i < checks.size(); ++i) checks_.emplace_back(left_checks[i], right_checks[i]);
  left_.input = std::move(left);
  right_.input = std::move(right);
  group_key_.resize(keys.size());
}

void MergeJoinOperator::skip_to(std::uint64_t value) {
  left_.input->skip_to(value);
  right_.input->skip_to(value);
}

int MergeJoinOperator::compare(const Side& a, std::size_t a_row, const Side& b, std::size_t b_row) const {
  for (std::size_t i = 0; i < a.keys.size(); ++i) {
    const std::uint64_t left = a.key(i, a_row);
    const std::uint64_t right = b.key(i, b_row);
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

int MergeJoinOperator::compare_group(const Side& side, std::size_t row) const {
  for (std::size_t i = 0; i < side.keys.size(); ++i) {
    const std::uint64_t value = side.key(i, row);
    if (value != group_key_[i]) return value < group_key_[i] ? -1 : 1;
  }
  return 0;
}

bool MergeJoinOperator::fill_left(Batch& out) {
  if (left_.row < left_.batch.rows()) return true;
  output_.flush(left_.batch, group_is_copy_ ? copy_ : right_.batch, out);
  if (left_.ended) return false;
  left_.row = 0;
  left_.ended = !left_.input->next(left_.batch);
  return !left_.ended;
}

bool MergeJoinOperator::fill_right(Batch& out) {
  if (right_.row < right_.batch.rows()) return true;
  output_.flush(left_.batch, group_is_copy_ ? copy_ : right_.batch, out);
  if (right_.ended) return false;
  right_.row = 0;
  right_.ended = !right_.input->next(right_.batch);
  return !right_.ended;
}

bool MergeJoinOperator::advance_right(Batch& out) {
  while (fill_right(out)) {
    right_.row = storage::gallop(right_.row, right_.batch.rows(),
                                 [&](std::size_t row) { return compare(right_, row, left_, left_.row) < 0; });
    if (right_.row < right_.batch.rows()) return true;
    right_.input->skip_to(left_.key(0, left_.row));
  }
  return false;
}

void MergeJoinOperator::take_group(Batch& out) {
  for (std::size_t i = 0; i < group_key_.size(); ++i) group_key_[i] = right_.key(i, right_.row);
  const bool rows_matter = output_.needs_right() || !checks_.empty();
  if (group_is_copy_) output_.flush(left_.batch, copy_, out);
  has_group_ = true;
  group_is_copy_ = false;
  group_solutions_ = 0;
  for (;;) {
    const std::size_t first = right_.row;
    right_.row =
        storage::gallop(first, right_.batch.rows(), [&](std::size_t row) { return compare_group(right_, row) == 0; });
    if (right_.batch.counted()) {
      for (std::size_t row = first; row < right_.row; ++row) {
        group_solutions_ = add_counts(group_solutions_, right_.batch.count(row));
      }
    } else {
      group_solutions_ += right_.row - first;
    }
    const bool whole = right_.row < right_.batch.rows();
    if (!group_is_copy_ && whole) {
      group_first_ = first;
      group_rows_ = right_.row - first;
      return;
    }
    if (rows_matter) {
      if (!group_is_copy_) {
        output_.flush(left_.batch, right_.batch, out);
        copy_.reset(right_.input->columns().size());
        group_is_copy_ = true;
        group_first_ = 0;
      }
      for (std::size_t row = first; row < right_.row; ++row) copy_.append_row(right_.batch, row);
      group_rows_ = copy_.rows();
      copy_charge_.clear();
      copy_charge_.add(copy_.memory_bytes());
    } else {
      group_first_ = 0;
      group_rows_ = 1;  // stands for all of them
    }
    if (whole || !fill_right(out) || compare_group(right_, right_.row) != 0) return;
    run().budget().check();
  }
}

bool MergeJoinOperator::passes_checks(std::size_t left_row, std::size_t group_row) const {
  const Batch& group = group_is_copy_ ? copy_ : right_.batch;
  return std::all_of(checks_.begin(), checks_.end(), [&](const auto& check) {
    return left_.batch.column(check.first)[left_row] == group.column(check.second)[group_first_ + group_row];
  });
}

void MergeJoinOperator::pass_unmatched(std::size_t until) {
  if (kind_ == JoinKind::left || kind_ == JoinKind::anti) output_.add_left(left_.row, until);
  left_.row = until;
}

// Output of the current left row against the group; the row is done unless output is full in between.
void MergeJoinOperator::match_row(Batch& out) {
  const bool pairs = (kind_ == JoinKind::inner || kind_ == JoinKind::left);
  if (checks_.empty()) {
    if (!pairs) {
      if (kind_ == JoinKind::semi) output_.add(left_.row, JoinOutput::kNoRow, 1);
      ++left_.row;
      return;
    }
    if (!output_.needs_right()) {
      output_.add(left_.row, JoinOutput::kNoRow, group_solutions_);
      ++left_.row;
      return;
    }
  }
  const Batch& group = group_is_copy_ ? copy_ : right_.batch;
  bool matched = next_of_group_ != 0 && matched_before_;
  for (; next_of_group_ < group_rows_; ++next_of_group_) {
    if (!passes_checks(left_.row, next_of_group_)) continue;
    matched = true;
    if (!pairs) break;
    if (out.rows() + output_.pending() >= kBatchRows) {
      matched_before_ = matched;
      return;
    }
    const std::size_t row = group_first_ + next_of_group_;
    output_.add(left_.row, static_cast<std::uint32_t>(row), group.count(row));
  }
  if (kind_ == JoinKind::semi && matched) output_.add(left_.row, JoinOutput::kNoRow, 1);
  if (kind_ != JoinKind::semi && !matched && kind_ != JoinKind::inner) {
    output_.add(left_.row, JoinOutput::kNoRow, 1);
  }
  next_of_group_ = 0;
  ++left_.row;
}

// The same as the steps of produce(), for one key, as long as all that matters lies in the two batches at hand: groups
// that may go on in the next right batch, or that are large, are left alone.
void MergeJoinOperator::merge_window(Batch& out) {
  if (group_is_copy_) {
    output_.flush(left_.batch, copy_, out);
    group_is_copy_ = false;
  }
  const bool keeps_unmatched = kind_ == JoinKind::left || kind_ == JoinKind::anti;
  const bool pairs = (kind_ == JoinKind::inner || kind_ == JoinKind::left);
  const auto left = left_.batch.column(left_.keys[0]);
  const auto right = right_.batch.column(right_.keys[0]);
  std::size_t i = left_.row;
  std::size_t j = right_.row;
  while (i < left.size() && j < right.size() && output_.pending() < kBatchRows) {
    const std::uint64_t key = left[i];
    if (key < right[j]) {
      const std::size_t first = i++;
      if (i < left.size() && left[i] < right[j]) {
        i = storage::gallop(i, left.size(), [&](std::size_t row) { return left[row] < right[j]; });
      }
      if (keeps_unmatched) output_.add_left(first, i);
      continue;
    }
    if (right[j] < key) {
      if (++j < right.size() && right[j] < key) {
        j = storage::gallop(j, right.size(), [&](std::size_t row) { return right[row] < key; });
      }
      continue;
    }
    std::size_t end = j + 1;
    while (end < right.size() && right[end] == key) ++end;
    if (end == right.size()) break;
    if (pairs && output_.needs_right()) {
      std::size_t last = i + 1;
      while (last < left.size() && left[last] == key) ++last;
      if ((last - i) * (end - j) > kBatchRows) break;
      for (; i < last; ++i) {
        for (std::size_t row = j; row < end; ++row) {
          output_.add(i, static_cast<std::uint32_t>(row), right_.batch.count(row));
        }
      }
    } else {
      std::uint64_t solutions = end - j;
      if (right_.batch.counted()) {
        solutions = 0;
        for (std::size_t row = j; row < end; ++row) solutions = add_counts(solutions, right_.batch.count(row));
      }
      if (!pairs) solutions = 1;
      for (; i < left.size() && left[i] == key; ++i) {
        if (kind_ != JoinKind::anti) output_.add(i, JoinOutput::kNoRow, solutions);
      }
    }
    // The left rows with this key may go on in the next batch.
    if (i < left.size()) j = end;
  }
  left_.row = i;
  right_.row = j;
  if (i == left.size() && j < right.size() && !keeps_unmatched) left_.input->skip_to(right[j]);
}

bool MergeJoinOperator::produce(Batch& out) {
  const bool keeps_unmatched = kind_ == JoinKind::left || kind_ == JoinKind::anti;
  while (out.rows() + output_.pending() < kBatchRows && fill_left(out)) {
    if (has_group_ && compare_group(left_, left_.row) == 0) {
      match_row(out);
      continue;
    }
    has_group_ = false;
    if (left_.keys.size() == 1 && checks_.empty() && right_.row < right_.batch.rows()) {
      merge_window(out);
      if (left_.row == left_.batch.rows() || output_.pending() >= kBatchRows) continue;
    }
    if (!advance_right(out)) {
      if (!keeps_unmatched) break;
      pass_unmatched(left_.batch.rows());
      continue;
    }
    if (compare(left_, left_.row, right_, right_.row) == 0) {
      take_group(out);
      continue;
    }
    const std::size_t until = storage::gallop(
        left_.row, left_.batch.rows(), [&](std::size_t row) { return compare(left_, row, right_, right_.row) < 0; });
    pass_unmatched(until);
    if (until == left_.batch.rows() && !keeps_unmatched) left_.input->skip_to(right_.key(0, right_.row));
  }
  output_.flush(left_.batch, group_is_copy_ ? copy_ : right_.batch, out);
  return out.rows() != 0;
}

}  // namespace akyn::exec
