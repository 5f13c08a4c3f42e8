#include "engine/storage/counted_cursor.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/storage/column.h"
#include "engine/storage/gallop.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// Rows read first after a search.
constexpr std::size_t kFewRows = 256;

}  // namespace

struct CountedCursor::Input {
  std::unique_ptr<RowSource> source;
  std::size_t read_ahead = kFewRows;
  // Groups that have been read; the last one may go on, as long as the source does.
  std::array<std::vector<std::uint64_t>, kMaxRowColumns> values;
  std::vector<std::int64_t> counts;  // inserts less deletes
  std::size_t next = 0;              // of these groups

  void clear() {
    for (auto& column : values) column.clear();
    counts.clear();
    next = 0;
  }
};

CountedCursor::CountedCursor(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range,
                             std::size_t fixed, std::size_t columns)
    : version_(std::move(version)), fixed_(fixed), columns_(columns) {
  ColumnMask mask = column_bit(kMarkColumn);
  for (std::size_t i = fixed; i < columns; ++i) mask = static_cast<ColumnMask>(mask | column_bit(i));
  for (const Layer& layer : version_->layers) {
    if (layer.counts(order).rows() == 0) continue;
    inputs_.emplace_back().source = layer.cursor(order, range, mask, {});
  }
}

CountedCursor::~CountedCursor() = default;

bool CountedCursor::has_whole_group(const Input& input) const {
  const std::size_t left = input.counts.size() - input.next;
  return left > 1 || (left == 1 && input.source->at_end());
}

bool CountedCursor::settle(Input& input) {
  while (!has_whole_group(input)) {
    if (input.source->at_end()) return false;
    // All but the last have been given out.
    for (std::size_t i = fixed_; i < columns_; ++i) {
      auto& values = input.values[i];
      values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(input.next));
    }
    input.counts.erase(input.counts.begin(), input.counts.begin() + static_cast<std::ptrdiff_t>(input.next));
    input.next = 0;
    take_piece(input);
  }
  return true;
}

void CountedCursor::take_piece(Input& input) {
  RowSource& source = *input.source;
  const std::size_t ahead = source.ahead();
  const bool has_deletes = source.has_deletes();
  const auto goes_on = [&](const auto& value_of) {
    if (input.counts.empty()) return false;
    for (std::size_t i = fixed_; i < columns_; ++i) {
      if (input.values[i].back() != value_of(i)) return false;
    }
    return true;
  };
  if (!has_deletes && (fixed_ == columns_ || ahead >= kSegmentRows)) {
    const RowValues first = source.first_row();
    const RowValues last = source.last_row();
    if (std::equal(first.begin() + static_cast<std::ptrdiff_t>(fixed_),
                   first.begin() + static_cast<std::ptrdiff_t>(columns_),
                   last.begin() + static_cast<std::ptrdiff_t>(fixed_))) {
      if (!goes_on([&](std::size_t i) { return first[i]; })) {
        for (std::size_t i = fixed_; i < columns_; ++i) input.values[i].push_back(first[i]);
        input.counts.push_back(0);
      }
      input.counts.back() += static_cast<std::int64_t>(ahead);
      source.skip(ahead);
      return;
    }
  }

  const std::size_t rows = std::min(ahead, input.read_ahead);
  input.read_ahead = std::min(2 * input.read_ahead, kBatchRows);
  piece_.clear();
  source.read(rows, piece_);
  differs_.assign(rows, 0);
  for (std::size_t i = fixed_; i < columns_; ++i) {
    const std::uint64_t* values = piece_.column(i).data();
    std::uint8_t* differs = differs_.data();
    for (std::size_t row = 1; row < rows; ++row) {
      differs[row] |= static_cast<std::uint8_t>(values[row] != values[row - 1]);
    }
  }
  differs_[0] = goes_on([&](std::size_t i) { return piece_.column(i)[0]; }) ? 0 : 1;
  starts_.resize(rows + 1);
  std::size_t groups = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    starts_[groups] = row;
    groups += differs_[row];
  }
  starts_[groups] = static_cast<std::uint32_t>(rows);
  const std::uint64_t* marks = has_deletes ? piece_.column(kMarkColumn).data() : nullptr;
  const auto count = [&](std::uint32_t first, std::uint32_t last) {
    const std::int64_t deletes = marks == nullptr ? 0 : std::count(marks + first, marks + last, kDeleteMark);
    return static_cast<std::int64_t>(last - first) - 2 * deletes;
  };
  if (starts_[0] != 0) input.counts.back() += count(0, starts_[0]);
  for (std::size_t i = fixed_; i < columns_; ++i) {
    const std::uint64_t* from = piece_.column(i).data();
    auto& to = input.values[i];
    const std::size_t before = to.size();
    to.resize(before + groups);
    for (std::size_t group = 0; group < groups; ++group) to[before + group] = from[starts_[group]];
  }
  const std::size_t before = input.counts.size();
  input.counts.resize(before + groups);
  for (std::size_t group = 0; group < groups; ++group) {
    input.counts[before + group] = count(starts_[group], starts_[group + 1]);
  }
}

int CountedCursor::compare(const Input& a, std::size_t group, const Input& b) const noexcept {
  for (std::size_t i = fixed_; i < columns_; ++i) {
    const std::uint64_t left = a.values[i][group];
    const std::uint64_t right = b.values[i][b.next];
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

int CountedCursor::compare(const Input& input, std::size_t group, const RowPrefix& prefix) const noexcept {
  for (std::size_t i = fixed_; i < std::min(columns_, prefix.size()); ++i) {
    const std::uint64_t value = input.values[i][group];
    if (value != prefix[i]) return value < prefix[i] ? -1 : 1;
  }
  return 0;
}

void CountedCursor::give(const Input& input, std::size_t group, std::int64_t count) {
  if (count == 0) return;
  if (count < 0) throw_corruption(version_->rocks->name(), "more rows are deleted than there are");
  for (std::size_t i = fixed_; i < columns_; ++i) values_[i].push_back(input.values[i][group]);
  counts_.push_back(static_cast<std::uint64_t>(count));
  rows_ += static_cast<std::uint64_t>(count);
}

void CountedCursor::give(Input& input, std::size_t end) {
  const auto first = input.counts.begin() + static_cast<std::ptrdiff_t>(input.next);
  const auto last = input.counts.begin() + static_cast<std::ptrdiff_t>(end);
  if (std::any_of(first, last, [](std::int64_t count) { return count <= 0; })) {
    for (; input.next < end; ++input.next) give(input, input.next, input.counts[input.next]);
    return;
  }
  for (std::size_t i = fixed_; i < columns_; ++i) {
    const auto& values = input.values[i];
    values_[i].insert(values_[i].end(), values.begin() + static_cast<std::ptrdiff_t>(input.next),
                      values.begin() + static_cast<std::ptrdiff_t>(end));
  }
  counts_.insert(counts_.end(), first, last);
  rows_ += static_cast<std::uint64_t>(std::accumulate(first, last, std::int64_t{0}));
  input.next = end;
}

bool CountedCursor::next(std::size_t max_groups) {
  for (auto& column : values_) column.clear();
  counts_.clear();
  while (counts_.size() < max_groups) {
    std::erase_if(inputs_, [this](Input& input) {
      if (settle(input)) return false;
      ended_ += input.source->statistics();
      return true;
    });
    if (inputs_.empty()) break;
    Input* smallest = inputs_.data();
    Input* second = nullptr;
    for (Input& input : std::span(inputs_).subspan(1)) {
      if (compare(input, input.next, *smallest) < 0) {
        second = std::exchange(smallest, &input);
      } else if (second == nullptr || compare(input, input.next, *second) < 0) {
        second = &input;
      }
    }
    const std::size_t whole = smallest->counts.size() - (smallest->source->at_end() ? 0 : 1);
    std::size_t end = std::min(whole, smallest->next + (max_groups - counts_.size()));
    if (second != nullptr) {
      end = gallop(smallest->next, end, [&](std::size_t group) { return compare(*smallest, group, *second) < 0; });
    }
    if (end != smallest->next) {
      give(*smallest, end);
      continue;
    }
    std::int64_t count = 0;
    const std::size_t group = smallest->next;
    for (Input& input : inputs_) {
      if (&input == smallest || compare(*smallest, group, input) != 0) continue;
      count += input.counts[input.next++];
    }
    count += smallest->counts[smallest->next++];
    give(*smallest, group, count);
  }
  return !counts_.empty();
}

void CountedCursor::seek(Input& input, const RowPrefix& prefix) {
  input.next =
      gallop(input.next, input.counts.size(), [&](std::size_t group) { return compare(input, group, prefix) < 0; });
  if (input.next < input.counts.size()) return;
  input.clear();
  input.source->seek(prefix);
  input.read_ahead = std::max(input.read_ahead / 2, kFewRows);
}

void CountedCursor::seek(const RowPrefix& prefix) {
  for (Input& input : inputs_) seek(input, prefix);
}

ScanStatistics CountedCursor::statistics() const {
  ScanStatistics sum = ended_;
  for (const Input& input : inputs_) sum += input.source->statistics();
  sum.rows = rows_;
  return sum;
}

}  // namespace akyn::storage
