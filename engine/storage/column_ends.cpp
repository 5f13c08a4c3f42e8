#include "engine/storage/column_ends.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace akyn::storage {
namespace {

// A search reads so many rows at once: where the first ones have been deleted, more are looked at than wanted.
constexpr std::size_t kFewRows = 256;

// A row of the layer, within the range, that no more than so many blocks begin with or after; nothing when all of its
// rows within the range are in so many.
std::optional<RowPrefix> row_near_end(const Layer& layer, OrderTag order, const RowRange& range, std::size_t blocks) {
  if (layer.counts(order).rows() == 0) return std::nullopt;
  if (layer.run != nullptr) {
    const BlockDirectory& directory = layer.run->rows().directory(order);
    const std::size_t lower = directory.lower_block(range.lower.values());
    const std::size_t upper = directory.upper_block(range.upper.values(), lower);
    if (upper - lower <= blocks) return std::nullopt;
    return RowPrefix(std::span(directory.first(upper - blocks), order_columns(order)));
  }
  const std::shared_ptr<const SortedRows> rows = layer.chunk->rows(order);
  const std::size_t lower = rows->lower_bound(range.lower, 0, rows->rows());
  const std::size_t upper = rows->upper_bound(range.upper, lower, rows->rows());
  if (upper - lower <= blocks * kBatchRows) return std::nullopt;
  const RowValues row = rows->row(upper - blocks * kBatchRows);
  return RowPrefix(std::span(row).first(order_columns(order)));
}

}  // namespace

std::optional<std::uint64_t> least_value(const std::shared_ptr<const Version>& version, OrderTag order,
                                         const RowPrefix& prefix, std::uint64_t first, std::uint64_t last) {
  const std::size_t column = prefix.size();
  const auto cursor = open_cursor(version, order, RowRange::between(prefix, first, last), column_bit(column));
  RowBatch batch;
  if (!cursor->next(batch, kFewRows)) return std::nullopt;
  return batch.column(column).front();
}

std::optional<std::uint64_t> greatest_value(const std::shared_ptr<const Version>& version, OrderTag order,
                                            const RowPrefix& prefix, std::uint64_t first, std::uint64_t last) {
  const std::size_t column = prefix.size();
  const RowRange whole = RowRange::between(prefix, first, last);
  RowRange end = whole;
  for (std::size_t blocks = 1;; blocks *= 2) {
    end.lower = whole.lower;
    bool all = true;
    // From the latest of these rows on, no layer has more than so many blocks.
    for (const Layer& layer : version->layers) {
      const std::optional<RowPrefix> row = row_near_end(layer, order, whole, blocks);
      if (!row || (!all && std::ranges::lexicographical_compare(row->values(), end.lower.values()))) continue;
      end.lower = *row;
      all = false;
    }
    const auto cursor = open_cursor(version, order, end, column_bit(column));
    std::optional<std::uint64_t> greatest;
    for (RowBatch batch; cursor->next(batch);) greatest = batch.column(column).back();
    if (greatest || all) return greatest;
  }
}

}  // namespace akyn::storage
