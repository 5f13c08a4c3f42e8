#include "engine/exec/join_output.h"

#include <algorithm>

namespace akyn::exec {

JoinOutput::JoinOutput(const std::vector<Slot>& columns, const std::vector<Slot>& left, const std::vector<Slot>& right,
                       const std::vector<Slot>& loose) {
  for (const Slot slot : columns) {
    const auto in_left = std::find(left.begin(), left.end(), slot);
    const auto in_right = std::find(right.begin(), right.end(), slot);
    const auto left_place = static_cast<std::size_t>(in_left - left.begin());
    const auto right_place = static_cast<std::size_t>(in_right - right.begin());
    const bool is_loose = std::find(loose.begin(), loose.end(), slot) != loose.end();
    if (in_left != left.end() && in_right != right.end() && is_loose) {
      sources_.push_back({From::either, left_place, right_place});
      needs_right_ = true;
    } else if (in_left != left.end()) {
      sources_.push_back({From::left, left_place});
    } else if (in_right != right.end()) {
      sources_.push_back({From::right, right_place});
      needs_right_ = true;
    } else {
      sources_.push_back({From::nowhere, 0});
    }
  }
}

void JoinOutput::add_left(std::size_t first, std::size_t last) {
  for (std::size_t row = first; row < last; ++row) left_rows_.push_back(static_cast<std::uint32_t>(row));
  right_rows_.resize(left_rows_.size(), kNoRow);
  times_.resize(left_rows_.size(), 1);
}

void JoinOutput::select(const std::vector<std::uint32_t>& pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    left_rows_[i] = left_rows_[pairs[i]];
    right_rows_[i] = right_rows_[pairs[i]];
    times_[i] = times_[pairs[i]];
  }
  left_rows_.resize(pairs.size());
  right_rows_.resize(pairs.size());
  times_.resize(pairs.size());
}

void JoinOutput::flush(const Batch& left, const Batch& right, Batch& out) {
  const std::size_t count = left_rows_.size();
  if (count == 0) return;
  const std::size_t before = out.rows();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    std::vector<std::uint64_t>& to = out.values(i);
    to.resize(before + count);
    std::uint64_t* const target = to.data() + before;
    switch (sources_[i].from) {
      case From::left: {
        const auto values = left.column(sources_[i].place);
        for (std::size_t row = 0; row < count; ++row) target[row] = values[left_rows_[row]];
        break;
      }
      case From::right: {
        const auto values = right.column(sources_[i].place);
        for (std::size_t row = 0; row < count; ++row) {
          target[row] = right_rows_[row] == kNoRow ? 0 : values[right_rows_[row]];
        }
        break;
      }
      case From::either: {
        const auto values = left.column(sources_[i].place);
        const auto others = right.column(sources_[i].right_place);
        for (std::size_t row = 0; row < count; ++row) {
          const std::uint64_t value = values[left_rows_[row]];
          target[row] = value != 0 || right_rows_[row] == kNoRow ? value : others[right_rows_[row]];
        }
        break;
      }
      case From::nowhere:
        std::fill_n(target, count, 0);
        break;
    }
  }
  if (any_times_ || left.counted() || out.counted()) {
    const bool already = out.counted();
    std::vector<std::uint64_t>& counts = out.count_values();
    if (!already) counts.assign(before, 1);
    counts.resize(before + count);
    for (std::size_t row = 0; row < count; ++row) {
      counts[before + row] = multiply_counts(left.count(left_rows_[row]), times_[row]);
    }
  }
  out.set_rows(before + count);
  left_rows_.clear();
  right_rows_.clear();
  times_.clear();
  any_times_ = false;
}

}  // namespace akyn::exec
