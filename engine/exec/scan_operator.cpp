#include "engine/exec/scan_operator.h"

#include <algorithm>
#include <utility>

#include "engine/storage/version.h"

namespace akyn::exec {

using storage::RowPrefix;
using storage::RowRange;

ScanLayout::ScanLayout(const plan::Scan& scan) {
  const auto order = storage::columns_of(scan.order);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = scan.triple[order[i]];
  while (prefix < columns.size() && columns[prefix].is_constant()) ++prefix;
  for (std::size_t i = prefix; i < columns.size(); ++i) {
    if (columns[i].is_constant()) constant.push_back(i);
    if (!columns[i].slot) continue;
    if (columns[i].slot == scan.graph_name) named_by = i;
    for (std::size_t j = prefix; j < i; ++j) {
      if (columns[j].slot == columns[i].slot) {
        equal.emplace_back(j, i);
        break;
      }
    }
  }
}

RowPrefix ScanLayout::prefix_values() const {
  RowPrefix values;
  for (std::size_t i = 0; i < prefix; ++i) values.append(columns[i].id.bits());
  return values;
}

std::optional<std::size_t> ScanLayout::column_of(Slot slot) const noexcept {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].slot == slot) return i;
  }
  return std::nullopt;
}

ScanOperator::ScanOperator(Run& run, const plan::Scan& scan, std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      scan_(scan),
      layout_(scan),
      graphs_{scan.graph, scan.graph_name.has_value(), scan.names},
      version_(run.snapshot().version()) {
  std::size_t variables = scan.graph_name && !layout_.named_by ? 1 : 0;
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    const auto& position = layout_.columns[i];
    if (!position.is_constant() && (!position.slot || layout_.column_of(*position.slot) == i)) ++variables;
  }
  for (const Slot slot : this->columns()) {
    const std::optional<std::size_t> place = layout_.column_of(slot);
    places_.push_back(place.value_or(kGraphColumn));
    if (place) read_ = static_cast<storage::ColumnMask>(read_ | storage::column_bit(*place));
  }
  counts_ = places_.size() < variables;
  const auto also_read = [&](std::size_t column) {
    read_ = static_cast<storage::ColumnMask>(read_ | storage::column_bit(column));
  };
  for (const auto& [a, b] : layout_.equal) {
    also_read(a);
    also_read(b);
  }
  for (const std::size_t column : layout_.constant) also_read(column);
  if (layout_.named_by) also_read(*layout_.named_by);
  can_skip_ = layout_.prefix < layout_.columns.size() &&
              std::find(places_.begin(), places_.end(), layout_.prefix) != places_.end();
  leading_ = layout_.prefix + places_.size();
  can_count_ = counts_ && layout_.equal.empty() && layout_.constant.empty() && !scan.graph_name &&
               std::all_of(places_.begin(), places_.end(), [&](std::size_t place) { return place < leading_; });
}

bool ScanOperator::open_next_range() {
  if (cursor_ != nullptr) ended_ += cursor_->statistics();
  if (counter_ != nullptr) ended_ += counter_->statistics();
  cursor_ = nullptr;
  counter_ = nullptr;
  const RowPrefix prefix = layout_.prefix_values();
  RowRange range = RowRange::prefix(prefix);
  if (scan_.ranges) {
    while (next_range_ < scan_.ranges->size() && (*scan_.ranges)[next_range_].last < skip_to_) ++next_range_;
    if (next_range_ == scan_.ranges->size()) return false;
    const plan::IdRange& ids = (*scan_.ranges)[next_range_++];
    range = RowRange::between(prefix, std::max(ids.first, skip_to_), ids.last);
  } else {
    if (next_range_ != 0) return false;
    next_range_ = 1;
    if (skip_to_ != 0) range.lower.append(skip_to_);
  }
  // Of a single layer the rows that pass by are counted as fast.
  if (can_count_ && version_->layers.size() > 1) {
    counter_ = open_counts(version_, graphs_, scan_.order, range, layout_.prefix, leading_);
  }
  if (counter_ == nullptr) cursor_ = open_triples(version_, graphs_, scan_.order, range, read_);
  return true;
}

void ScanOperator::skip_to(std::uint64_t value) {
  if (!can_skip_ || value <= skip_to_) return;
  skip_to_ = value;
  RowPrefix prefix = layout_.prefix_values();
  prefix.append(value);
  if (cursor_ != nullptr) cursor_->seek(prefix);
  if (counter_ != nullptr) counter_->seek(prefix);
}

OperatorProfile ScanOperator::profile() const {
  OperatorProfile profile = Operator::profile();
  profile.scan = ended_;
  if (cursor_ != nullptr) profile.scan += cursor_->statistics();
  if (counter_ != nullptr) profile.scan += counter_->statistics();
  return profile;
}

bool ScanOperator::produce(Batch& out) {
  for (;;) {
    if (cursor_ == nullptr && counter_ == nullptr && !open_next_range()) return false;
    if (counter_ != nullptr) {
      if (counter_->next(kBatchRows)) {
        copy_counts(out);
        return true;
      }
      if (!open_next_range()) return false;
      continue;
    }
    if (!cursor_->next(kBatchRows)) {
      if (!open_next_range()) return false;
      continue;
    }
    all_chosen_ = !choose();
    if (!all_chosen_ && chosen_.empty()) {
      run().budget().check();
      continue;
    }
    if (counts_) {
      copy_counted(out);
    } else {
      copy(out);
    }
    return true;
  }
}

bool ScanOperator::choose() {
  if (layout_.equal.empty() && layout_.constant.empty() && !layout_.named_by) return false;
  chosen_.resize(cursor_->rows());
  for (std::uint32_t row = 0; row < chosen_.size(); ++row) chosen_[row] = row;
  for (const auto& [a, b] : layout_.equal) {
    const auto left = cursor_->column(a);
    const auto right = cursor_->column(b);
    std::erase_if(chosen_, [&](std::uint32_t row) { return left[row] != right[row]; });
  }
  for (const std::size_t column : layout_.constant) {
    const auto values = cursor_->column(column);
    const std::uint64_t wanted = layout_.columns[column].id.bits();
    std::erase_if(chosen_, [&](std::uint32_t row) { return values[row] != wanted; });
  }
  if (layout_.named_by) {
    const auto values = cursor_->column(*layout_.named_by);
    const auto names = cursor_->graphs();
    std::erase_if(chosen_, [&](std::uint32_t row) { return values[row] != names[row]; });
  }
  return true;
}

std::span<const std::uint64_t> ScanOperator::source(std::size_t place) const {
  return place == kGraphColumn ? cursor_->graphs() : cursor_->column(place);
}

void ScanOperator::copy(Batch& out) {
  const std::size_t rows = all_chosen_ ? cursor_->rows() : chosen_.size();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto values = source(places_[i]);
    std::vector<std::uint64_t>& to = out.values(i);
    if (all_chosen_) {
      to.assign(values.begin(), values.end());
    } else {
      to.resize(rows);
      for (std::size_t row = 0; row < rows; ++row) to[row] = values[chosen_[row]];
    }
  }
  out.set_rows(rows);
}

void ScanOperator::copy_counted(Batch& out) {
  const std::size_t rows = all_chosen_ ? cursor_->rows() : chosen_.size();
  if (places_.empty()) {
    out.count_values().push_back(rows);
    out.set_rows(1);
    return;
  }
  starts_.clear();
  const auto row_at = [&](std::size_t i) { return all_chosen_ ? i : chosen_[i]; };
  if (places_.size() == 1 && all_chosen_) {
    const auto values = source(places_[0]);
    starts_.resize(rows);
    std::size_t runs = 0;
    std::uint64_t last = ~values[0];
    for (std::uint32_t row = 0; row < rows; ++row) {
      starts_[runs] = row;
      runs += values[row] != last ? 1 : 0;
      last = values[row];
    }
    starts_.resize(runs);
  } else {
    for (std::uint32_t row = 0; row < rows; ++row) {
      const bool same = row != 0 && std::all_of(places_.begin(), places_.end(), [&](std::size_t place) {
                          const auto values = source(place);
                          return values[row_at(row)] == values[row_at(row - 1)];
                        });
      if (!same) starts_.push_back(row);
    }
  }
  if (starts_.size() == rows) return copy(out);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto values = source(places_[i]);
    std::vector<std::uint64_t>& to = out.values(i);
    to.resize(starts_.size());
    for (std::size_t run = 0; run < starts_.size(); ++run) to[run] = values[row_at(starts_[run])];
  }
  std::vector<std::uint64_t>& counts = out.count_values();
  counts.resize(starts_.size());
  for (std::size_t run = 0; run + 1 < starts_.size(); ++run) counts[run] = starts_[run + 1] - starts_[run];
  counts.back() = rows - starts_.back();
  out.set_rows(starts_.size());
}

void ScanOperator::copy_counts(Batch& out) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto values = counter_->column(places_[i]);
    out.values(i).assign(values.begin(), values.end());
  }
  const auto counts = counter_->counts();
  const auto is_one = [](std::uint64_t count) { return count == 1; };
  if (!std::all_of(counts.begin(), counts.end(), is_one)) out.count_values().assign(counts.begin(), counts.end());
  out.set_rows(counts.size());
}

}  // namespace akyn::exec
