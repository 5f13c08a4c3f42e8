#include "engine/exec/hashed_rows.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include <akyn/error.h>

namespace akyn::exec {
namespace {

// Of the query's memory, for whoever takes the rows that are turned away.
constexpr std::size_t kSparePart = 8;
constexpr std::size_t kFirstRows = 256;
// What a merged row takes beside the table.
constexpr std::size_t kMergedBytes = sizeof(std::uint64_t);

std::optional<std::size_t> spare_of(Run& run, bool bounded) {
  return bounded ? std::optional<std::size_t>(run.budget().limits().max_bytes / kSparePart) : std::nullopt;
}

}  // namespace

HashedRows::HashedRows(Run& run, std::vector<std::size_t> keys, std::size_t width, bool merged, bool bounded)
    : run_(run),
      keys_(std::move(keys)),
      width_(width),
      merged_(merged),
      bounded_(bounded),
      table_(run.budget(), keys_.size(), spare_of(run, bounded), merged ? 2 * kMergedBytes : 2 * sizeof(std::uint32_t)),
      charge_(run.budget()) {
  rows_.reset(merged ? 0 : width);
}

void HashedRows::set_columns(const Batch& batch, const std::vector<std::size_t>& keys) {
  columns_.clear();
  for (const std::size_t key : keys) columns_.push_back(batch.column(key));
}

std::size_t HashedRows::row_bytes() const noexcept {
  // Keys have a first and a last row; there may be one a row.
  return (width_ + 1) * sizeof(std::uint64_t) + 3 * sizeof(std::uint32_t);
}

bool HashedRows::reserve(std::size_t rows) {
  if (rows <= capacity_) return true;
  if (rows >= kNone) throw Error(ErrorCode::limit, "a join cannot keep more than 2^32 rows");
  const std::size_t wanted = std::max({rows, 2 * capacity_, kFirstRows});
  const std::size_t needed = wanted * row_bytes();
  // The first rows always have room, or nobody would get anywhere.
  if (bounded_ && capacity_ != 0 &&
      run_.budget().available() < needed + run_.budget().limits().max_bytes / kSparePart) {
    return false;
  }
  charge_.add(needed);  // for a moment there are both
  run_.budget().check();
  for (std::size_t c = 0; c < width_; ++c) {
    rows_.values(c).reserve(wanted);
    run_.budget().check();
  }
  counts_.reserve(wanted);
  next_.reserve(wanted);
  capacity_ = wanted;
  charge_.set(needed);
  return true;
}

void HashedRows::add(const Batch& batch, std::vector<std::uint32_t>& later) {
  later.clear();
  if (merged_) return add_merged(batch, later);
  if (!reserve(size() + batch.rows())) {
    later.resize(batch.rows());
    std::iota(later.begin(), later.end(), std::uint32_t{0});
    return;
  }
  set_columns(batch, keys_);
  fresh_.clear();
  table_.add(columns_, batch.rows(), numbers_, fresh_);
  first_.resize(table_.size(), kNone);
  last_.resize(table_.size(), kNone);
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    const std::uint32_t number = numbers_[row];
    if (number == RowTable::kNone) {
      later.push_back(row);
      continue;
    }
    const auto place = static_cast<std::uint32_t>(counts_.size());
    if (first_[number] == kNone) {
      first_[number] = place;
    } else {
      next_[last_[number]] = place;
    }
    last_[number] = place;
    next_.push_back(kNone);
    counts_.push_back(batch.count(row));
    for (std::size_t c = 0; c < width_; ++c) rows_.values(c).push_back(batch.column(c)[row]);
  }
  rows_.set_rows(counts_.size());
}

void HashedRows::add_merged(const Batch& batch, std::vector<std::uint32_t>& later) {
  set_columns(batch, keys_);
  fresh_.clear();
  table_.add(columns_, batch.rows(), numbers_, fresh_);
  counts_.resize(table_.size(), 0);
  charge_.set(counts_.capacity() * kMergedBytes);
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    const std::uint32_t number = numbers_[row];
    if (number == RowTable::kNone) {
      later.push_back(row);
    } else {
      counts_[number] = add_counts(counts_[number], batch.count(row));
    }
  }
}

void HashedRows::find(const Batch& batch, const std::vector<std::size_t>& keys, std::vector<std::uint32_t>& rows) {
  set_columns(batch, keys);
  table_.find(columns_, batch.rows(), rows);
  if (merged_) return;
  for (std::uint32_t& row : rows) {
    if (row != kNone) row = first_[row];
  }
}

bool HashedRows::copy(std::size_t first, Batch& out) const {
  if (first >= size()) return false;
  const std::size_t count = std::min(kBatchRows, size() - first);
  out.reset(width_);
  for (std::size_t c = 0; c < width_; ++c) {
    const auto cells = (merged_ ? table_.column(c) : rows_.column(c)).subspan(first, count);
    out.values(c).assign(cells.begin(), cells.end());
  }
  const auto begin = counts_.begin() + static_cast<std::ptrdiff_t>(first);
  out.count_values().assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  out.set_rows(count);
  return true;
}

}  // namespace akyn::exec
