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

// Groups of one layer before the next of another that are looked for one by one.
constexpr std::size_t kFewGroups = 16;

}  // namespace

struct CountedCursor::Input {
  std::unique_ptr<RowSource> source;
  std::size_t read_ahead = kFewRows;
  // Groups that have been read; the last one may go on, as long as the source does.
  std::array<std::vector<std::uint64_t>, kMaxRowColumns> values;
  std::vector<std::int64_t> counts;  // inserts less deletes
  std::size_t next = 0;              // of these groups
  bool only_inserts = true;          // as these groups' rows are

  void clear() {
    for (auto& column : values) column.clear();
    counts.clear();
    next = 0;
  }
  // Whether a row with these values is one of the last group's.
  template <class ValueOf>
  [[nodiscard]] bool goes_on(std::size_t fixed, std::size_t columns, const ValueOf& value_of) const {
    if (counts.empty()) return false;
    for (std::size_t i = fixed; i < columns; ++i) {
      if (values[i].back() != value_of(i)) return false;
    }
    return true;
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
  const bool has_deletes = source.has_deletes();
  input.only_inserts = !has_deletes && (input.counts.empty() || (input.counts.size() == 1 && input.counts[0] > 0));
  const std::size_t ahead = source.ahead();
  if (!has_deletes && (fixed_ == columns_ || ahead >= kSegmentRows)) {
    const RowValues first = source.first_row();
    const RowValues last = source.last_row();
    if (std::equal(first.begin() + static_cast<std::ptrdiff_t>(fixed_),
                   first.begin() + static_cast<std::ptrdiff_t>(columns_),
                   last.begin() + static_cast<std::ptrdiff_t>(fixed_))) {
      if (!input.goes_on(fixed_, columns_, [&](std::size_t i) { return first[i]; })) {
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
  find_starts(!input.goes_on(fixed_, columns_, [&](std::size_t i) { return piece_.column(i)[0]; }));
  take_groups(input, has_deletes ? piece_.column(kMarkColumn).data() : nullptr);
}

void CountedCursor::find_starts(bool first_differs) {
  const std::size_t rows = piece_.rows();
  starts_.resize(rows + 1);
  std::size_t groups = 0;
  auto differs = static_cast<std::uint32_t>(first_differs);
  const auto find = [&](const auto& differs_at) {
    for (std::uint32_t row = 0;;) {
      starts_[groups] = row;
      groups += differs;
      if (++row == rows) break;
      differs = differs_at(row);
    }
  };
  if (columns_ - fixed_ == 1) {
    find([values = piece_.column(fixed_).data()](std::size_t row) {
      return static_cast<std::uint32_t>(values[row] != values[row - 1]);
    });
  } else {
    find([&](std::size_t row) {
      std::uint32_t any = 0;
      for (std::size_t i = fixed_; i < columns_; ++i) {
        any |= static_cast<std::uint32_t>(piece_.column(i)[row] != piece_.column(i)[row - 1]);
      }
      return any;
    });
  }
  starts_[groups] = static_cast<std::uint32_t>(rows);
  starts_.resize(groups + 1);
}

void CountedCursor::take_groups(Input& input, const std::uint64_t* marks) {
  const std::size_t groups = starts_.size() - 1;
  const auto count = [&](std::uint32_t first, std::uint32_t last) {
    const std::int64_t deletes = marks == nullptr ? 0 : std::count(marks + first, marks + last, kDeleteMark);
    return static_cast<std::int64_t>(last - first) - 2 * deletes;
  };
  if (starts_[0] != 0) input.counts.back() += count(0, starts_[0]);
  const bool one_row_each = starts_[0] + groups == piece_.rows();
  const std::size_t before = input.counts.size();
  for (std::size_t i = fixed_; i < columns_; ++i) {
    const std::span<const std::uint64_t> from = piece_.column(i);
    auto& to = input.values[i];
    if (one_row_each) {
      to.insert(to.end(), from.begin() + starts_[0], from.end());
    } else {
      to.resize(before + groups);
      for (std::size_t group = 0; group < groups; ++group) to[before + group] = from[starts_[group]];
    }
  }
  input.counts.resize(before + groups, 1);
  if (one_row_each && marks == nullptr) return;
  for (std::size_t group = 0; group < groups; ++group) {
    input.counts[before + group] = count(starts_[group], starts_[group + 1]);
  }
}

int CountedCursor::compare(const Input& input, std::size_t group, const RowPrefix& prefix) const noexcept {
  for (std::size_t i = fixed_; i < std::min(columns_, prefix.size()); ++i) {
    const std::uint64_t value = input.values[i][group];
    if (value != prefix[i]) return value < prefix[i] ? -1 : 1;
  }
  return 0;
}

void CountedCursor::throw_too_many_deletes() const {
  throw_corruption(version_->rocks->name(), "more rows are deleted than there are");
}

bool CountedCursor::next(std::size_t max_groups) {
  groups_ = 0;
  while (groups_ < max_groups) {
    std::erase_if(inputs_, [this](Input& input) {
      if (settle(input)) return false;
      ended_ += input.source->statistics();
      return true;
    });
    if (inputs_.empty()) break;
    merge(max_groups - groups_);
  }
  return groups_ != 0;
}

void CountedCursor::merge(std::size_t room) {
  lanes_.clear();
  for (Input& input : inputs_) {
    Lane& lane = lanes_.emplace_back();
    for (std::size_t i = fixed_; i < columns_; ++i) lane.keys[i - fixed_] = input.values[i].data();
    lane.counts = input.counts.data();
    lane.next = input.next;
    lane.end = input.counts.size() - (input.source->at_end() ? 0 : 1);
    lane.only_inserts = input.only_inserts;
    lane.input = &input;
  }
  switch (columns_ - fixed_) {
    case 0:
      merge_by<0>(room);
      break;
    case 1:
      merge_by<1>(room);
      break;
    case 2:
      merge_by<2>(room);
      break;
    case 3:
      merge_by<3>(room);
      break;
    default:
      merge_by<kMaxRowColumns>(room);
  }
  for (const Lane& lane : lanes_) lane.input->next = lane.next;
}

template <std::size_t kKeys>
void CountedCursor::merge_by(std::size_t room) {
  using Keys = std::array<std::uint64_t, kKeys>;
  const auto keys_at = [](const auto& columns, std::size_t group) {
    Keys keys{};
    for (std::size_t i = 0; i != kKeys; ++i) keys[i] = columns[i][group];
    return keys;
  };
  std::size_t most = 0;
  for (const Lane& lane : lanes_) most += lane.end - lane.next;
  std::size_t made = groups_;
  const std::size_t limit = made + std::min(room, most);
  std::array<std::uint64_t*, kMaxRowColumns> keys{};
  for (std::size_t i = 0; i != kKeys; ++i) {
    values_[fixed_ + i].resize(std::max(values_[fixed_ + i].size(), limit));
    keys[i] = values_[fixed_ + i].data();
  }
  counts_.resize(std::max(counts_.size(), limit));
  std::uint64_t* const counts = counts_.data();
  std::uint64_t rows = 0;
  const auto put = [&](const Keys& group, std::int64_t count) {
    if (count <= 0) {
      if (count < 0) throw_too_many_deletes();
      return;
    }
    for (std::size_t i = 0; i != kKeys; ++i) keys[i][made] = group[i];
    counts[made++] = static_cast<std::uint64_t>(count);
    rows += static_cast<std::uint64_t>(count);
  };
  const auto put_all = [&](const Lane& lane, std::size_t first, std::size_t last) {
    if (!lane.only_inserts) {
      for (; first < last; ++first) put(keys_at(lane.keys, first), lane.counts[first]);
      return;
    }
    for (std::size_t i = 0; i != kKeys; ++i) std::copy(lane.keys[i] + first, lane.keys[i] + last, keys[i] + made);
    for (; first < last; ++first) {
      counts[made++] = static_cast<std::uint64_t>(lane.counts[first]);
      rows += static_cast<std::uint64_t>(lane.counts[first]);
    }
  };

  bool used_up = false;
  while (!used_up && made < limit) {
    Lane* least = lanes_.data();
    Keys least_keys = keys_at(least->keys, least->next);
    const Lane* second = nullptr;
    Keys second_keys{};
    for (Lane& lane : std::span(lanes_).subspan(1)) {
      const Keys lane_keys = keys_at(lane.keys, lane.next);
      if (lane_keys < least_keys) {
        second = std::exchange(least, &lane);
        second_keys = std::exchange(least_keys, lane_keys);
      } else if (second == nullptr || lane_keys < second_keys) {
        second = &lane;
        second_keys = lane_keys;
      }
    }
    const std::size_t end = std::min(least->end, least->next + (limit - made));
    if (second == nullptr) {
      put_all(*least, std::exchange(least->next, end), end);
      break;
    }
    if (least_keys == second_keys) {
      std::int64_t count = 0;
      for (Lane& lane : lanes_) {
        if (keys_at(lane.keys, lane.next) != least_keys) continue;
        count += lane.counts[lane.next++];
        used_up = used_up || lane.next == lane.end;
      }
      put(least_keys, count);
      continue;
    }
    // Where layers overlap, few groups come from one before the next is another's.
    const auto columns = least->keys;
    const std::int64_t* const lane_counts = least->counts;
    const std::size_t near = std::min(end, least->next + kFewGroups);
    std::size_t group = least->next;
    do {
      put(least_keys, lane_counts[group]);
      if (++group == near) break;
      least_keys = keys_at(columns, group);
    } while (least_keys < second_keys);
    if (group == near && near < end) {
      group = gallop(near, end, [&](std::size_t at) { return keys_at(columns, at) < second_keys; });
      put_all(*least, near, group);
    }
    least->next = group;
    used_up = group == least->end;
  }
  groups_ = made;
  rows_ += rows;
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
