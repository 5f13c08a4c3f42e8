#include "engine/exec/hash_join.h"

#include <algorithm>
#include <numeric>

namespace akyn::exec {

using plan::JoinKind;

namespace {

// The sides of partitions.
constexpr std::size_t kLeft = 0;
constexpr std::size_t kRight = 1;
// What has been divided so often has the same keys, and will not get smaller.
constexpr std::uint64_t kMostLevels = 8;
// So few right rows are compared faster than found.
constexpr std::size_t kFewRows = 16;

std::vector<std::size_t> first_places(std::size_t count) {
  std::vector<std::size_t> places(count);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

}  // namespace

HashJoinOperator::HashJoinOperator(Run& run, HashJoinSpec spec, OperatorPtr left, OperatorPtr right,
                                   std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      spec_(std::move(spec)),
      left_(std::move(left)),
      right_(std::move(right)),
      left_keys_(places_of(spec_.keys, left_->columns())),
      right_keys_(places_of(spec_.keys, right_->columns())),
      right_columns_(right_->columns().size()),
      left_loose_(places_of(spec_.loose, left_->columns())),
      right_loose_(places_of(spec_.loose, right_->columns())),
      output_(this->columns(), left_->columns(), right_->columns(), spec_.loose),
      merged_output_(spec_.condition_columns, left_->columns(), right_->columns(), spec_.loose) {
  pairs_ = spec_.kind == JoinKind::inner || spec_.kind == JoinKind::left;
  rows_matter_ = (pairs_ && output_.needs_right()) || !left_loose_.empty() || spec_.condition != nullptr ||
                 (spec_.needs_common && spec_.keys.empty());
}

void HashJoinOperator::clear_table(bool bounded) {
  index_.reset();
  no_index_ = false;
  table_.reset();
  const std::size_t width = rows_matter_ ? right_columns_ : right_keys_.size();
  table_.emplace(run(), rows_matter_ ? right_keys_ : first_places(width), width, !rows_matter_, bounded);
}

bool HashJoinOperator::pull_right(Batch& batch) {
  if (rows_matter_) return right_->next(batch);
  if (!right_->next(pulled_)) return false;
  batch.reset(right_keys_.size());
  for (std::size_t i = 0; i < right_keys_.size(); ++i) {
    const auto cells = pulled_.column(right_keys_[i]);
    batch.values(i).assign(cells.begin(), cells.end());
  }
  if (pulled_.counted()) batch.count_values().swap(pulled_.count_values());
  batch.set_rows(pulled_.rows());
  return true;
}

void HashJoinOperator::spill_all(std::size_t side, const Batch& batch) {
  if (side == kLeft && left_->is_passing()) {
    for (std::size_t i = 0; i < batch.width(); ++i) run().terms().hold(batch.column(i));
  }
  later_.resize(batch.rows());
  std::iota(later_.begin(), later_.end(), std::uint32_t{0});
  partitions_->add(batch, later_, side);
}

void HashJoinOperator::add_right(const Batch& batch, bool& spilled) {
  if (spilled) return spill_all(kRight, batch);
  table_->add(batch, later_);
  if (later_.empty()) return;
  spilled = true;
  if (!partitions_) {
    partitions_.emplace(run(), std::vector<std::vector<std::size_t>>{
                                   left_keys_, rows_matter_ ? right_keys_ : first_places(right_keys_.size())});
  }
  partitions_->add(batch, later_, kRight);
  Batch held;
  for (std::size_t first = 0; table_->copy(first, held); first += kBatchRows) spill_all(kRight, held);
  table_.reset();
}

void HashJoinOperator::build() {
  built_ = true;
  clear_table(!spec_.keys.empty() && !spec_.ordered);
  bool spilled = false;
  for (Batch batch; pull_right(batch);) add_right(batch, spilled);
  if (!run().profiling()) right_ = nullptr;
  if (!spilled) return;
  do {
    spill_all(kLeft, batch_);
  } while (left_->next(batch_));
  batch_.reset(batch_.width());
}

bool HashJoinOperator::open_partition() {
  while (partitions_->open_next()) {
    clear_table(partitions_->level() < kMostLevels);
    bool spilled = false;
    Batch batch;
    while (partitions_->read(batch, kRight)) add_right(batch, spilled);
    if (!spilled) return true;
    while (partitions_->read(batch, kLeft)) spill_all(kLeft, batch);
  }
  return false;
}

bool HashJoinOperator::pull_left() {
  if (!partitions_) {
    if (!left_->next(batch_)) return false;
    // Only now: without a left row the right input need not be read.
    if (!built_) build();
    if (!partitions_) return true;
    if (!open_partition()) return false;
  }
  while (!partitions_->read(batch_, kLeft)) {
    if (!open_partition()) return false;
  }
  return true;
}

bool HashJoinOperator::loose_agree(std::size_t left_row, std::uint32_t right_row) const {
  bool common = !spec_.keys.empty();
  for (std::size_t i = 0; i < left_loose_.size(); ++i) {
    const std::uint64_t a = batch_.column(left_loose_[i])[left_row];
    const std::uint64_t b = table_->rows().column(right_loose_[i])[right_row];
    if (a == 0 || b == 0) continue;
    if (a != b) return false;
    common = true;
  }
  return common || !spec_.needs_common;
}

bool HashJoinOperator::find_by_loose() {
  if (left_loose_.empty() || table_->size() <= kFewRows || no_index_) return false;
  if (!index_ && LooseIndex::has_room_for(run(), table_->size())) {
    index_.emplace(run(), table_->rows(), right_keys_, right_loose_, spec_.needs_common);
  }
  if (index_ && index_->find(batch_, left_keys_, left_loose_)) return true;
  index_.reset();
  no_index_ = true;
  return false;
}

void HashJoinOperator::find_batch() {
  indexed_ = find_by_loose();
  if (!indexed_) table_->find(batch_, left_keys_, found_);
}

void HashJoinOperator::begin_row() {
  part_ = place_ = 0;
  at_ = indexed_ ? found_by_index() : found_[row_];
}

void HashJoinOperator::advance() {
  ++place_;
  at_ = indexed_ ? found_by_index() : table_->next(at_);
}

std::uint32_t HashJoinOperator::found_by_index() {
  for (; part_ < index_->parts(); ++part_, place_ = 0) {
    const auto rows = index_->part(row_, part_);
    if (place_ < rows.size()) return rows[place_];
  }
  return kNone;
}

void HashJoinOperator::collect(std::size_t room) {
  const bool conditional = spec_.condition != nullptr;
  for (; row_ < batch_.rows(); ++row_, in_row_ = false) {
    if (output_.pending() >= room) return;
    if (!in_row_) {
      begin_row();
      in_row_ = true;
      row_matched_ = false;
    }
    if (!rows_matter_) {
      const bool matched = at_ != kNone;
      if (pairs_ && matched) output_.add(row_, JoinOutput::kNoRow, table_->count(at_));
      if (matched ? spec_.kind == JoinKind::semi : spec_.kind == JoinKind::left || spec_.kind == JoinKind::anti) {
        output_.add(row_, JoinOutput::kNoRow, 1);
      }
      continue;
    }
    for (; at_ != kNone; advance()) {
      run().budget().step();
      if (!loose_agree(row_, at_)) continue;
      if (!conditional && !pairs_) {
        row_matched_ = true;
        break;
      }
      if (output_.pending() >= room) return;
      output_.add(row_, at_, table_->count(at_));
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
  merged_output_.flush(batch_, table_->rows(), merged_);
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
      if (left_->is_passing() && out.rows() != 0) break;
      if (ended_ || !pull_left()) {
        ended_ = true;
        break;
      }
      row_ = 0;
      in_row_ = false;
      const bool nothing = table_->size() == 0 && (spec_.kind == JoinKind::inner || spec_.kind == JoinKind::semi);
      if (nothing && !partitions_) {
        ended_ = true;
        row_ = batch_.rows();
        break;
      }
      find_batch();
      if (spec_.condition != nullptr) matched_.assign(batch_.rows(), false);
    }
    collect(kBatchRows);
    if (spec_.condition != nullptr) {
      check_pairs();
      if (row_ >= batch_.rows()) finish_batch();
    }
    output_.flush(batch_, table_->rows(), out);
  }
  return out.rows() != 0;
}

}  // namespace akyn::exec
