#include "engine/storage/row_counter.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// The least prefix that is after all rows with these values; empty when there is none.
RowPrefix after(const RowPrefix& values) {
  std::span<const std::uint64_t> kept = values.values();
  while (!kept.empty() && kept.back() == UINT64_MAX) kept = kept.first(kept.size() - 1);
  if (kept.empty()) return {};
  RowPrefix next(kept.first(kept.size() - 1));
  next.append(kept.back() + 1);
  return next;
}

}  // namespace

RowCounter::RowCounter(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range)
    : version_(std::move(version)) {
  for (const Layer& layer : version_->layers) {
    if (layer.counts(order).rows() != 0) sources_.push_back(layer.cursor(order, range, column_bit(kMarkColumn), {}));
  }
}

std::uint64_t RowCounter::count(const RowPrefix& values) {
  const RowPrefix end = after(values);
  std::int64_t count = 0;
  for (const auto& source : sources_) {
    source->seek(values);
    while (!source->at_end()) {
      const std::size_t ahead = source->ahead();
      const RowValues last = source->last_row();
      const bool all = end.size() == 0 || compare_prefix(last.data(), values.values()) == 0;
      const std::size_t rows = all ? ahead : source->ahead_before(end);
      if (rows == 0) break;
      count += static_cast<std::int64_t>(rows);
      if (source->has_deletes()) {
        const std::uint64_t* marks = source->peek(rows)[kMarkColumn];
        count -= 2 * std::count(marks, marks + rows, kDeleteMark);
      }
      source->skip(rows);
      if (rows < ahead) break;
    }
  }
  if (count < 0) throw_corruption(version_->rocks->name(), "more rows are deleted than there are");
  rows_ += static_cast<std::uint64_t>(count);
  return static_cast<std::uint64_t>(count);
}

ScanStatistics RowCounter::statistics() const {
  ScanStatistics sum;
  for (const auto& source : sources_) sum += source->statistics();
  sum.rows = rows_;
  return sum;
}

}  // namespace akyn::storage
