#include "engine/storage/merged_cursor.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/storage/column.h"
#include "engine/storage/gallop.h"

namespace akyn::storage {
namespace {

// Writes rows of windows into columns of a batch.
class Emitter {
 public:
  Emitter(RowBatch& out, ColumnMask columns, std::size_t room) : out_(out) {
    for (std::size_t i = 0; i <= kMarkColumn; ++i) {
      if ((columns & column_bit(i)) != 0) targets_[used_++] = {i, out.extend(i, room)};
    }
  }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  void finish() { out_.add_rows(rows_); }

  // Rows [first, first + count), whatever their marks.
  void copy(const RowSpans& columns, std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < used_; ++i) {
      const std::uint64_t* from = columns[targets_[i].column];
      std::uint64_t* to = targets_[i].values + rows_;
      if (from == nullptr) {
        std::fill_n(to, count, kInsertMark);
      } else if (count < 8) {
        for (std::size_t row = 0; row < count; ++row) to[row] = from[first + row];
      } else {
        std::copy_n(from + first, count, to);
      }
    }
    rows_ += count;
  }
  // Those of them that are inserts.
  void copy_inserts(const RowSpans& columns, std::size_t first, std::size_t count) {
    const std::uint64_t* marks = columns[kMarkColumn];
    if (marks == nullptr) return copy(columns, first, count);
    for (std::size_t row = first; row < first + count;) {
      if (marks[row] == kDeleteMark) {
        ++row;
        continue;
      }
      const std::size_t start = row;
      while (row < first + count && marks[row] != kDeleteMark) ++row;
      copy(columns, start, row - start);
    }
  }

 private:
  struct Target {
    std::size_t column = 0;
    std::uint64_t* values = nullptr;
  };
  RowBatch& out_;
  std::array<Target, kMarkColumn + 1> targets_{};
  std::size_t used_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace

MergedCursor::MergedCursor(std::vector<std::unique_ptr<RowSource>> sources, std::size_t row_columns, ColumnMask columns,
                           MergeKind kind)
    : row_columns_(row_columns), columns_(columns), kind_(kind) {
  inputs_.reserve(sources.size());
  for (auto& source : sources) {
    Input& input = inputs_.emplace_back();
    input.source = std::move(source);
    input.age = inputs_.size() - 1;
  }
}

RowPrefix MergedCursor::prefix_of(const RowValues& row) const {
  return RowPrefix(std::span(row).first(row_columns_));
}

void MergedCursor::look_ahead(Input& input) const {
  if (input.known) return;
  input.first = input.source->first_row();
  input.last = input.source->last_row();
  input.ahead = input.source->ahead();
  input.known = true;
}

bool MergedCursor::next(RowBatch& out, std::size_t max_rows) {
  out.clear();
  // Small pieces are gathered, large ones are not copied.
  while (out.rows() < std::min(max_rows, kSegmentRows)) {
    std::erase_if(inputs_, [this](Input& input) {
      if (!input.source->at_end()) return false;
      ended_ += input.source->statistics();
      return true;
    });
    if (inputs_.empty()) break;
    const std::size_t limit = max_rows - out.rows();
    if (inputs_.size() == 1) {
      pass(inputs_[0], std::min(inputs_[0].source->ahead(), limit), out);
      continue;
    }

    // The input with the smallest next row, and the smallest next row of all others.
    for (Input& input : inputs_) look_ahead(input);
    Input* smallest = inputs_.data();
    const Input* second = nullptr;
    for (Input& input : std::span(inputs_).subspan(1)) {
      if (input.first < smallest->first) {
        second = smallest;
        smallest = &input;
      } else if (second == nullptr || input.first < second->first) {
        second = &input;
      }
    }
    std::size_t alone = 0;
    if (smallest->last < second->first) {
      alone = smallest->ahead;
    } else if (smallest->first < second->first) {
      alone = smallest->source->ahead_before(prefix_of(second->first));
    }
    if (alone != 0 && (alone == smallest->ahead || alone >= std::min(limit, kSegmentRows))) {
      pass(*smallest, std::min(alone, limit), out);
    } else {
      merge(limit, out);
    }
  }
  rows_ += out.rows();
  return out.rows() > 0;
}

void MergedCursor::pass(Input& input, std::size_t count, RowBatch& out) {
  input.known = false;
  if (kind_ == MergeKind::changes || !input.source->has_deletes()) {
    input.source->read(count, out);
    return;
  }
  Emitter emitter(out, columns_, count);
  emitter.copy_inserts(input.source->peek(count), 0, count);
  emitter.finish();
  input.source->skip(count);
}

int MergedCursor::compare(const Window& a, std::size_t row, const Window& b) const noexcept {
  for (std::size_t i = 0; i < row_columns_; ++i) {
    const std::uint64_t left = a.columns[i][row];
    const std::uint64_t right = b.columns[i][b.row];
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

// The first row of `window` that is not before the next row of `to`. Precondition: the next one is before it.
std::size_t MergedCursor::rows_until(const Window& window, const Window& to) const noexcept {
  return gallop(window.row + 1, window.end, [&](std::size_t row) { return compare(window, row, to) < 0; });
}

void MergedCursor::reorder(std::size_t moved) {
  for (std::size_t i = moved; i-- > 0;) {
    for (std::size_t at = i; at + 1 < windows_.size(); ++at) {
      if (compare(windows_[at], windows_[at].row, windows_[at + 1]) <= 0) break;
      std::swap(windows_[at], windows_[at + 1]);
    }
  }
}

void MergedCursor::merge(std::size_t limit, RowBatch& out) {
  // Where the first of the pieces ends; pieces that begin later take no part.
  const auto by_last = [](const Input& a, const Input& b) { return a.last < b.last; };
  const RowValues end = std::min_element(inputs_.begin(), inputs_.end(), by_last)->last;
  windows_.clear();
  std::size_t room = 0;
  for (Input& input : inputs_) {
    if (input.first > end && input.last != end) continue;  // damaged rows can be last before they are first
    // A search that wants few rows does not decode a block of each layer.
    const std::size_t rows = std::min(input.ahead, limit);
    windows_.push_back({input.source->peek(rows), 0, rows, &input});
    room += rows;
  }
  reorder(windows_.size());

  Emitter emitter(out, columns_, std::min(room, limit));
  bool used_up = false;
  while (!used_up && emitter.rows() < limit) {
    Window& least = windows_.front();
    const bool alone = windows_.size() == 1;
    if (alone || compare(least, least.row, windows_[1]) < 0) {
      const std::size_t until = alone ? least.end : rows_until(least, windows_[1]);
      const std::size_t count = std::min(until - least.row, limit - emitter.rows());
      if (kind_ == MergeKind::changes) {
        emitter.copy(least.columns, least.row, count);
      } else {
        emitter.copy_inserts(least.columns, least.row, count);
      }
      least.row += count;
      used_up = least.row == least.end;
      if (!used_up) reorder(1);
      continue;
    }

    // One row in several inputs: the newest decides; changes that cancel each other are none.
    std::size_t same = 1;
    const Window* newest = &least;
    for (; same < windows_.size() && compare(least, least.row, windows_[same]) == 0; ++same) {
      if (windows_[same].input->age > newest->input->age) newest = &windows_[same];
    }
    if (kind_ == MergeKind::state) {
      emitter.copy_inserts(newest->columns, newest->row, 1);
    } else if (same % 2 == 1) {
      emitter.copy(newest->columns, newest->row, 1);
    }
    for (std::size_t i = 0; i < same; ++i) used_up = ++windows_[i].row == windows_[i].end || used_up;
    if (!used_up) reorder(same);
  }
  emitter.finish();
  for (const Window& window : windows_) {
    if (window.row == 0) continue;
    window.input->source->skip(window.row);
    window.input->known = false;
  }
}

void MergedCursor::seek(const RowPrefix& prefix) {
  for (Input& input : inputs_) {
    if (input.known && compare_prefix(input.first.data(), prefix.values()) >= 0) continue;
    input.source->seek(prefix);
    input.known = false;
  }
}

std::uint64_t MergedCursor::remaining() {
  RowCounts counts;
  for (Input& input : inputs_) counts += input.source->remaining_counts();
  if (kind_ == MergeKind::changes) return counts.rows();
  return counts.inserts > counts.deletes ? counts.inserts - counts.deletes : 0;
}

ScanStatistics MergedCursor::statistics() const {
  ScanStatistics sum = ended_;
  for (const Input& input : inputs_) sum += input.source->statistics();
  sum.rows = rows_;
  return sum;
}

}  // namespace akyn::storage
