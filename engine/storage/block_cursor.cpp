#include "engine/storage/block_cursor.h"

#include <algorithm>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

// So few rows are looked at without decoding those around them, where their encoding allows that.
constexpr std::size_t kFewRows = 32;

[[noreturn]] void corrupt() {
  throw Error(ErrorCode::corruption, "a stored block is damaged: its rows contradict its directory");
}

}  // namespace

BlockCursor::BlockCursor(const BlockRun& run, OrderTag order, const RowRange& range, ColumnMask columns,
                         const std::optional<ColumnBounds>& bounds)
    : run_(run),
      directory_(run.directory(order)),
      order_(order),
      columns_(columns),
      upper_(range.upper),
      bounds_(bounds) {
  const std::size_t first = directory_.lower_block(range.lower.values());
  stop_ = std::max(first, directory_.upper_block(upper_.values(), first));
  enter(first);
  seek(range.lower);
}

LoadedBlock& BlockCursor::loaded() {
  if (!bytes_.loaded()) {
    run_.load(order_, block_, bytes_);
    ++statistics_.blocks_read;
  }
  return bytes_;
}

std::size_t BlockCursor::end_of(std::size_t block, LoadedBlock& bytes) {
  const std::size_t rows = directory_.rows(block);
  if (block + 1 < stop_ || compare_prefix(directory_.last(block), upper_.values()) <= 0) return rows;
  if (!bytes.loaded()) {
    run_.load(order_, block, bytes);
    ++statistics_.blocks_read;
  }
  const std::size_t end = bytes.upper_bound(upper_.values(), 0, rows);
  if (end == 0) corrupt();  // the block's first row is within the range, says the directory
  return end;
}

void BlockCursor::enter(std::size_t block) {
  if (bounds_) {
    for (; block < stop_ && !directory_.may_hold(block, *bounds_); ++block) ++statistics_.blocks_skipped;
  }
  block_ = block;
  row_ = 0;
  end_ = 0;
  bytes_.unload();
  if (block_ < stop_) end_ = end_of(block_, bytes_);
}

void BlockCursor::seek(const RowPrefix& prefix) {
  if (at_end()) return;
  if (compare_prefix(directory_.last(block_), prefix.values()) < 0) {
    const std::size_t target = std::min(directory_.lower_block(prefix.values(), block_ + 1), stop_);
    statistics_.blocks_skipped += target - block_ - (bytes_.loaded() ? 1 : 0);
    enter(target);
    if (at_end()) return;
  }
  if (row_ == 0 && compare_prefix(directory_.first(block_), prefix.values()) >= 0) return;
  row_ = loaded().lower_bound(prefix.values(), row_, end_);
  if (row_ == end_) enter(block_ + 1);
}

RowCounts BlockCursor::remaining_counts() {
  if (at_end()) return {};
  const auto part = [&](std::size_t block, LoadedBlock& bytes, std::size_t first, std::size_t last) -> RowCounts {
    if (last - first == directory_.rows(block)) return directory_.counts_between(block, block + 1);
    if (directory_.deletes(block) == 0) return {last - first, 0};
    if (!bytes.loaded()) {
      run_.load(order_, block, bytes);
      ++statistics_.blocks_read;
    }
    const std::uint64_t deletes = bytes.count_deletes(directory_.row_columns(), first, last);
    return {last - first - deletes, deletes};
  };
  RowCounts counts = part(block_, bytes_, row_, end_);
  if (stop_ - block_ > 1) {
    counts += directory_.counts_between(block_ + 1, stop_ - 1);
    if (!tail_) {
      LoadedBlock bytes;
      const std::size_t end = end_of(stop_ - 1, bytes);
      tail_ = part(stop_ - 1, bytes, 0, end);
    }
    counts += *tail_;
  }
  return counts;
}

RowValues BlockCursor::row_at(std::size_t row) {
  RowValues values{};
  for (std::size_t i = 0; i < directory_.row_columns(); ++i) values[i] = loaded().value(i, row);
  return values;
}

RowValues BlockCursor::first_row() {
  if (row_ != 0) return row_at(row_);
  RowValues values{};
  std::copy_n(directory_.first(block_), directory_.row_columns(), values.begin());
  return values;
}

RowValues BlockCursor::last_row() {
  if (end_ != directory_.rows(block_)) return row_at(end_ - 1);
  RowValues values{};
  std::copy_n(directory_.last(block_), directory_.row_columns(), values.begin());
  return values;
}

std::size_t BlockCursor::ahead_before(const RowPrefix& prefix) {
  if (row_ == 0 && compare_prefix(directory_.first(block_), prefix.values()) >= 0) return 0;
  return loaded().lower_bound(prefix.values(), row_, end_) - row_;
}

RowSpans BlockCursor::peek(std::size_t count) {
  const bool few = count <= kFewRows;
  if (few) few_.resize(kMaxColumns * kFewRows);
  const auto values = [&](std::size_t column) -> const std::uint64_t* {
    if (!few) return loaded().values(column, row_, row_ + count);
    std::uint64_t* const copied = few_.data() + column * kFewRows;
    loaded().copy(column, row_, row_ + count, copied);
    return copied;
  };
  RowSpans spans{};
  for (std::size_t i = 0; i < directory_.row_columns(); ++i) spans[i] = values(i);
  if (has_deletes()) spans[kMarkColumn] = values(directory_.row_columns());
  return spans;
}

void BlockCursor::skip(std::size_t count) {
  row_ += count;
  if (row_ == end_) enter(block_ + 1);
}

void BlockCursor::read(std::size_t count, RowBatch& out) {
  const std::size_t row_columns = directory_.row_columns();
  const bool whole = row_ == 0 && count == directory_.rows(block_);
  for (std::size_t i = 0; i < row_columns; ++i) {
    if ((columns_ & column_bit(i)) == 0) continue;
    std::uint64_t* to = out.extend(i, count);
    if (directory_.min(block_, i) == directory_.max(block_, i)) {
      std::fill_n(to, count, directory_.min(block_, i));
      continue;
    }
    loaded().copy(i, row_, row_ + count, to);
    if (whole && (to[0] != directory_.first(block_)[i] || to[count - 1] != directory_.last(block_)[i])) corrupt();
  }
  if ((columns_ & column_bit(kMarkColumn)) != 0) {
    std::uint64_t* to = out.extend(kMarkColumn, count);
    if (has_deletes()) {
      loaded().copy(row_columns, row_, row_ + count, to);
    } else {
      std::fill_n(to, count, kInsertMark);
    }
  }
  out.add_rows(count);
  statistics_.rows += count;
  skip(count);
}

}  // namespace akyn::storage
