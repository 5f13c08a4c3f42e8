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

bool contains(const std::vector<Slot>& slots, Slot slot) {
  return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

// The variables that a pattern's matches have to be kept for.
std::vector<Slot> kept_slots(const ScanLayout& layout, const plan::Scan& scan, const std::vector<Slot>& columns,
                             const std::vector<Slot>& left, const std::vector<Slot>& checks,
                             const std::vector<Slot>& open) {
  std::vector<Slot> kept = checks;
  for (const Slot slot : columns) {
    if (contains(kept, slot)) continue;
    const bool is_left = contains(left, slot) && !contains(open, slot);
    const bool is_ours = layout.column_of(slot).has_value() || scan.graph_name == slot;
    if (!is_left && is_ours) kept.push_back(slot);
  }
  return kept;
}

}  // namespace

LookupJoinOperator::LookupJoinOperator(Run& run, JoinKind kind, OperatorPtr left, const plan::Scan& scan,
                                       const std::vector<Slot>& keys, const std::vector<Slot>& checks,
                                       const std::vector<Slot>& open, std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      kind_(kind),
      left_(std::move(left)),
      scan_(scan),
      layout_(scan),
      graphs_{scan.graph, scan.graph_name.has_value(), scan.names},
      version_(run.snapshot().version()),
      left_keys_(places_of(keys, left_->columns())),
      last_is_open_(contains(open, keys.back())),
      output_(this->columns(), left_->columns(),
              kept_slots(layout_, scan, this->columns(), left_->columns(), checks, open), open),
      charge_(run.budget()) {
  const auto kept = kept_slots(layout_, scan, this->columns(), left_->columns(), checks, open);
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
  can_count_ = !rows_matter_ && !last_is_open_ && layout_.equal.empty() && layout_.constant.empty() &&
               !scan.graph_name && !scan.ranges;
}

OperatorProfile LookupJoinOperator::profile() const {
  OperatorProfile profile = Operator::profile();
  profile.scan = scanned_;
  if (pass_.cursor != nullptr) profile.scan += pass_.cursor->statistics();
  return profile;
}

std::span<const std::uint64_t> LookupJoinOperator::source(std::size_t column) const {
  return column == kGraphColumn ? pass_.cursor->graphs() : pass_.cursor->column(column);
}

int LookupJoinOperator::compare(std::size_t row, const RowPrefix& key) const {
  for (std::size_t i = layout_.prefix; i < key.size(); ++i) {
    const std::uint64_t value = pass_.cursor->column(i)[row];
    if (value != key[i]) return value < key[i] ? -1 : 1;
  }
  return 0;
}

bool LookupJoinOperator::row_counts(std::size_t row) const {
  for (const auto& [a, b] : layout_.equal) {
    if (pass_.cursor->column(a)[row] != pass_.cursor->column(b)[row]) return false;
  }
  for (const std::size_t column : layout_.constant) {
    if (pass_.cursor->column(column)[row] != layout_.columns[column].id.bits()) return false;
  }
  if (layout_.named_by && pass_.cursor->column(*layout_.named_by)[row] != pass_.cursor->graphs()[row]) return false;
  if (scan_.ranges) {
    const std::uint64_t value = pass_.cursor->column(layout_.prefix)[row];
    const auto range = std::lower_bound(scan_.ranges->begin(), scan_.ranges->end(), value,
                                        [](const plan::IdRange& a, std::uint64_t id) { return a.last < id; });
    if (range == scan_.ranges->end() || range->first > value) return false;
  }
  return true;
}

bool LookupJoinOperator::seek(const RowPrefix& key) {
  if (pass_.ended) return false;
  const std::size_t rows = pass_.cursor->rows();
  pass_.row = storage::gallop(pass_.row, rows, [&](std::size_t row) { return compare(row, key) < 0; });
  if (pass_.row < rows) return true;
  pass_.cursor->seek(key);
  pass_.row = 0;
  pass_.read_ahead = kFewRows;
  pass_.ended = !pass_.cursor->next(pass_.read_ahead);
  return !pass_.ended;
}

void LookupJoinOperator::take_matches(const RowPrefix& key, Group& group) {
  while (compare(pass_.row, key) == 0) {
    if (row_counts(pass_.row)) {
      ++group.solutions;
      if (rows_matter_) {
        for (std::size_t i = 0; i < kept_.size(); ++i) {
          matches_.values(i).push_back(source(kept_[i])[pass_.row]);
        }
      }
    }
    if (++pass_.row < pass_.cursor->rows()) continue;
    charge_.set(matches_.memory_bytes());
    run().budget().check();
    pass_.row = 0;
    pass_.read_ahead = std::min(2 * pass_.read_ahead, kBatchRows);
    pass_.ended = !pass_.cursor->next(pass_.read_ahead);
    if (pass_.ended) return;
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
  charge_.clear();
  matches_.reset(kept_.size());
  if (!last_is_open_) {
    find_matches(order_);
  } else {
    const auto last = batch_.column(left_keys_.back());
    bound_.clear();
    unbound_.clear();
    for (const std::uint32_t row : order_) (last[row] != 0 ? bound_ : unbound_).push_back(row);
    find_matches(unbound_);
    find_matches(bound_);
  }
  if (!kept_.empty() && rows_matter_) matches_.set_rows(matches_.values(0).size());
  charge_.set(matches_.memory_bytes());
}

RowPrefix LookupJoinOperator::key_of(std::uint32_t row) const {
  RowPrefix key = layout_.prefix_values();
  for (const std::size_t column : left_keys_) {
    if (const std::uint64_t value = batch_.column(column)[row]; value != 0) key.append(value);
  }
  return key;
}

bool LookupJoinOperator::count_matches(std::span<const std::uint32_t> rows) {
  const auto counter = open_counter(version_, graphs_, scan_.order, {key_of(rows.front()), key_of(rows.back())});
  if (counter == nullptr) return false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i != 0 && group_of_[rows[i]] == group_of_[rows[i - 1]]) continue;
    run().budget().step();
    groups_[group_of_[rows[i]]].solutions = counter->count(key_of(rows[i]));
  }
  scanned_ += counter->statistics();
  return true;
}

void LookupJoinOperator::find_matches(std::span<const std::uint32_t> rows) {
  if (rows.empty()) return;
  if (can_count_ && count_matches(rows)) return;
  if (pass_.cursor != nullptr) scanned_ += pass_.cursor->statistics();
  pass_ = {open_triples(version_, graphs_, scan_.order, {key_of(rows.front()), key_of(rows.back())}, read_), 0,
           kFewRows, false};
  pass_.ended = !pass_.cursor->next(pass_.read_ahead);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i != 0 && group_of_[rows[i]] == group_of_[rows[i - 1]]) continue;
    Group& group = groups_[group_of_[rows[i]]];
    const RowPrefix key = key_of(rows[i]);
    group.first = rows_matter_ && !kept_.empty() ? static_cast<std::uint32_t>(matches_.values(0).size()) : 0;
    run().budget().step();
    if (seek(key)) take_matches(key, group);
    group.last = rows_matter_ && !kept_.empty() ? static_cast<std::uint32_t>(matches_.values(0).size()) : 0;
  }
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
      const std::uint64_t value = batch_.column(check.first)[row_];
      return value == 0 || value == matches_.column(check.second)[match_];
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
    if (row_ >= batch_.rows()) {
      if (left_->is_passing() && out.rows() != 0) break;
      if (!next_left()) break;
    }
    while (row_ < batch_.rows() && output_.pending() < kBatchRows) match_row(kBatchRows);
    output_.flush(batch_, matches_, out);
  }
  return out.rows() != 0;
}

}  // namespace akyn::exec
