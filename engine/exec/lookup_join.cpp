#include "engine/exec/lookup_join.h"

#include <algorithm>
#include <numeric>

#include "engine/storage/gallop.h"
#include "engine/storage/version.h"

namespace akyn::exec {

using plan::JoinKind;
using storage::RowPrefix;
using storage::RowRange;

namespace {

constexpr std::size_t kGraphColumn = 3;
// Rows read at first for a key; most have few matches.
constexpr std::size_t kFewRows = 16;

// The variables that a pattern's matches have to be kept for.
std::vector<Slot> kept_slots(const ScanLayout& layout, const plan::Scan& scan, const std::vector<Slot>& columns,
                             const std::vector<Slot>& left, const std::vector<Slot>& checks) {
  std::vector<Slot> kept = checks;
  for (const Slot slot : columns) {
    const bool is_left = std::find(left.begin(), left.end(), slot) != left.end();
    const bool is_ours = layout.column_of(slot).has_value() || scan.graph_name == slot;
    if (!is_left && is_ours) kept.push_back(slot);
  }
  return kept;
}

}  // namespace

LookupJoinOperator::LookupJoinOperator(Run& run, JoinKind kind, OperatorPtr left, const plan::Scan& scan,
                                       const std::vector<Slot>& keys, const std::vector<Slot>& checks,
                                       std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      kind_(kind),
      left_(std::move(left)),
      scan_(scan),
      layout_(scan),
      graphs_{scan.graph, scan.graph_name.has_value(), scan.names},
      version_(run.snapshot().version()),
      left_keys_(places_of(keys, left_->columns())),
      output_(this->columns(), left_->columns(), kept_slots(layout_, scan, this->columns(), left_->columns(), checks)),
      charge_(run.budget()) {
  const auto kept = kept_slots(layout_, scan, this->columns(), left_->columns(), checks);
  const auto also_read = [&](std::size_t column) {
    if (column != kGraphColumn) read_ = static_cast<storage::ColumnMask>(read_ | storage::column_bit(column));
  };
  for (std::size_t i = 0; i < keys.size(); ++i) also_read(layout_.prefix + i);
  for (const Slot slot : kept) {
    kept_.push_back(layout_.column_of(slot).value_or(kGraphColumn));
    also_read(kept_.back());
  }
  for (const auto& [a, b] : layout_.equal) {
    also_read(a);
    also_read(b);
  }
  for (const std::size_t column : layout_.constant) also_read(column);
  if (layout_.named_by) also_read(*layout_.named_by);
  if (scan.ranges) also_read(layout_.prefix);
  const auto left_checks = places_of(checks, left_->columns());
  for (std::size_t i = 0; i < checks.size(); ++i) checks_.emplace_back(left_checks[i], i);
  pairs_ = kind == JoinKind::inner || kind == JoinKind::left;
  rows_matter_ = (pairs_ && output_.needs_right()) || !checks_.empty();
}

OperatorProfile LookupJoinOperator::profile() const {
  OperatorProfile profile = Operator::profile();
  profile.scan = scanned_;
  if (cursor_ != nullptr) profile.scan += cursor_->statistics();
  return profile;
}

std::span<const std::uint64_t> LookupJoinOperator::source(std::size_t column) const {
  return column == kGraphColumn ? cursor_->graphs() : cursor_->column(column);
}

int LookupJoinOperator::compare(std::size_t row, const RowPrefix& key) const {
  for (std::size_t i = layout_.prefix; i < key.size(); ++i) {
    const std::uint64_t value = cursor_->column(i)[row];
    if (value != key[i]) return value < key[i] ? -1 : 1;
  }
  return 0;
}

bool LookupJoinOperator::row_counts(std::size_t row) const {
  for (const auto& [a, b] : layout_.equal) {
    if (cursor_->column(a)[row] != cursor_->column(b)[row]) return false;
  }
  for (const std::size_t column : layout_.constant) {
    if (cursor_->column(column)[row] != layout_.columns[column].id.bits()) return false;
  }
  if (layout_.named_by && cursor_->column(*layout_.named_by)[row] != cursor_->graphs()[row]) return false;
  if (scan_.ranges) {
    const std::uint64_t value = cursor_->column(layout_.prefix)[row];
    const auto range = std::lower_bound(scan_.ranges->begin(), scan_.ranges->end(), value,
                                        [](const plan::IdRange& a, std::uint64_t id) { return a.last < id; });
    if (range == scan_.ranges->end() || range->first > value) return false;
  }
  return true;
}

bool LookupJoinOperator::seek(const RowPrefix& key) {
  if (cursor_ended_) return false;
  const std::size_t rows = cursor_->rows();
  cursor_row_ = storage::gallop(cursor_row_, rows, [&](std::size_t row) { return compare(row, key) < 0; });
  if (cursor_row_ < rows) return true;
  cursor_->seek(key);
  cursor_row_ = 0;
  read_ahead_ = kFewRows;
  cursor_ended_ = !cursor_->next(read_ahead_);
  return !cursor_ended_;
}

void LookupJoinOperator::take_matches(const RowPrefix& key, Group& group) {
  while (compare(cursor_row_, key) == 0) {
    if (row_counts(cursor_row_)) {
      ++group.solutions;
      if (rows_matter_) {
        for (std::size_t i = 0; i < kept_.size(); ++i) {
          matches_.values(i).push_back(source(kept_[i])[cursor_row_]);
        }
      }
    }
    if (++cursor_row_ < cursor_->rows()) continue;
    run().budget().check();
    cursor_row_ = 0;
    read_ahead_ = std::min(2 * read_ahead_, kBatchRows);
    cursor_ended_ = !cursor_->next(read_ahead_);
    if (cursor_ended_) return;
  }
}

void LookupJoinOperator::find_groups() {
  const std::size_t rows = batch_.rows();
  order_.resize(rows);
  std::iota(order_.begin(), order_.end(), std::uint32_t{0});
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    for (const std::size_t column : left_keys_) {
      const auto values = batch_.column(column);
      if (values[a] != values[b]) return values[a] < values[b];
    }
    return false;
  };
  if (!std::is_sorted(order_.begin(), order_.end(), before)) std::sort(order_.begin(), order_.end(), before);
  group_of_.resize(rows);
  groups_.clear();
  for (std::size_t i = 0; i < rows; ++i) {
    if (i == 0 || before(order_[i - 1], order_[i])) groups_.emplace_back();
    group_of_[order_[i]] = static_cast<std::uint32_t>(groups_.size() - 1);
  }
}

void LookupJoinOperator::find_matches() {
  const RowPrefix constants = layout_.prefix_values();
  const auto key_of = [&](std::uint32_t row) {
    RowPrefix key = constants;
    for (const std::size_t column : left_keys_) key.append(batch_.column(column)[row]);
    return key;
  };
  matches_.reset(kept_.size());
  if (cursor_ != nullptr) scanned_ += cursor_->statistics();
  cursor_ = open_triples(version_, graphs_, scan_.order, {key_of(order_.front()), key_of(order_.back())}, read_);
  cursor_row_ = 0;
  read_ahead_ = kFewRows;
  cursor_ended_ = !cursor_->next(read_ahead_);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (i != 0 && group_of_[order_[i]] == group_of_[order_[i - 1]]) continue;
    Group& group = groups_[group_of_[order_[i]]];
    const RowPrefix key = key_of(order_[i]);
    group.first = rows_matter_ && !kept_.empty() ? static_cast<std::uint32_t>(matches_.values(0).size()) : 0;
    run().budget().step();
    if (seek(key)) take_matches(key, group);
    group.last = rows_matter_ && !kept_.empty() ? static_cast<std::uint32_t>(matches_.values(0).size()) : 0;
  }
  if (!kept_.empty() && rows_matter_) matches_.set_rows(matches_.values(0).size());
  charge_.clear();
  charge_.add(matches_.memory_bytes());
}

bool LookupJoinOperator::next_left() {
  if (ended_ || !left_->next(batch_)) {
    ended_ = true;
    return false;
  }
  row_ = 0;
  in_row_ = false;
  find_groups();
  find_matches();
  return true;
}

void LookupJoinOperator::match_row(std::size_t room) {
  const Group& group = groups_[group_of_[row_]];
  const bool keeps_unmatched = kind_ == JoinKind::left || kind_ == JoinKind::anti;
  if (!rows_matter_) {
    const bool matched = group.solutions != 0;
    if (pairs_ && matched) output_.add(row_, JoinOutput::kNoRow, group.solutions);
    if (matched ? kind_ == JoinKind::semi : keeps_unmatched) output_.add(row_, JoinOutput::kNoRow, 1);
    ++row_;
    return;
  }
  if (!in_row_) {
    match_ = group.first;
    in_row_ = true;
    row_matched_ = false;
  }
  for (; match_ < group.last; ++match_) {
    const bool passes = std::all_of(checks_.begin(), checks_.end(), [&](const auto& check) {
      return batch_.column(check.first)[row_] == matches_.column(check.second)[match_];
    });
    if (!passes) continue;
    if (pairs_) {
      if (output_.pending() >= room) return;
      output_.add(row_, static_cast<std::uint32_t>(match_), 1);
    }
    row_matched_ = true;
    if (!pairs_) break;
  }
  if (row_matched_ ? kind_ == JoinKind::semi : keeps_unmatched) output_.add(row_, JoinOutput::kNoRow, 1);
  in_row_ = false;
  ++row_;
}

bool LookupJoinOperator::produce(Batch& out) {
  while (out.rows() < kBatchRows) {
    if (row_ >= batch_.rows() && !next_left()) break;
    while (row_ < batch_.rows() && output_.pending() < kBatchRows) match_row(kBatchRows);
    output_.flush(batch_, matches_, out);
  }
  return out.rows() != 0;
}

}  // namespace akyn::exec
