#include "engine/storage/loaded_block.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/storage/gallop.h"

namespace akyn::storage {
namespace {

// So few rows of a segment are read faster one by one than by decoding it.
constexpr std::size_t kFewRows = 64;

}  // namespace

void LoadedBlock::load(PinnedValue bytes) {
  loaded_ = false;
  bytes_ = std::move(bytes);
  reader_ = BlockReader(bytes_.view());
  for (Decoded& column : decoded_) {
    if (column.any) column.segments.reset();
    column.any = false;
  }
  loaded_ = true;
}

void LoadedBlock::decode_segment(std::size_t column, std::size_t segment) {
  Decoded& decoded = decoded_[column];
  if (decoded.segments[segment]) return;
  if (decoded.capacity < reader_.rows()) {
    // Every value is decoded before it is read.
    decoded.values = std::make_unique_for_overwrite<std::uint64_t[]>(reader_.rows());
    decoded.capacity = reader_.rows();
  }
  const std::size_t first = segment * kSegmentRows;
  const std::size_t last = std::min(first + kSegmentRows, reader_.rows());
  reader_.decode(column, first, last, {decoded.values.get() + first, last - first});
  decoded.segments.set(segment);
  decoded.any = true;
}

std::uint64_t LoadedBlock::value(std::size_t column, std::size_t row) {
  const std::size_t segment = row / kSegmentRows;
  if (!decoded_[column].segments[segment]) {
    if (const auto access = reader_.column(column).access(segment)) return (*access)[row % kSegmentRows];
    decode_segment(column, segment);
  }
  return decoded_[column].values[row];
}

const std::uint64_t* LoadedBlock::values(std::size_t column, std::size_t first, std::size_t last) {
  for (std::size_t segment = first / kSegmentRows; segment * kSegmentRows < last; ++segment) {
    decode_segment(column, segment);
  }
  return decoded_[column].values.get() + first;
}

void LoadedBlock::copy(std::size_t column, std::size_t first, std::size_t last, std::uint64_t* out) {
  for (std::size_t row = first; row < last;) {
    const std::size_t segment = row / kSegmentRows;
    const std::size_t stop = std::min({last, (segment + 1) * kSegmentRows});
    const bool whole = row % kSegmentRows == 0 && (stop % kSegmentRows == 0 || stop == reader_.rows());
    const bool decoded = decoded_[column].segments[segment];
    std::optional<SegmentAccess> access;
    if (!decoded && !whole && stop - row < kFewRows) access = reader_.column(column).access(segment);
    if (access) {
      for (std::size_t i = row; i < stop; ++i) out[i - row] = (*access)[i % kSegmentRows];
    } else if (whole && !decoded) {
      reader_.decode(column, row, stop, {out, stop - row});
    } else {
      std::copy_n(values(column, row, stop), stop - row, out);
    }
    out += stop - row;
    row = stop;
  }
}

std::size_t LoadedBlock::partition_point(std::size_t column, std::uint64_t value, bool or_equal, std::size_t first,
                                         std::size_t last) {
  const auto before = [&](std::uint64_t candidate) { return or_equal ? candidate <= value : candidate < value; };
  if (first == last) return first;
  const auto starts_before = [&](std::size_t segment) {
    const Decoded& decoded = decoded_[column];
    return before(decoded.segments[segment] ? decoded.values[segment * kSegmentRows]
                                            : reader_.column(column).segment_first(segment));
  };
  // The last segment that starts, within the range, before the boundary holds it: doubling steps, then halving.
  std::size_t low = first / kSegmentRows;
  std::size_t high = (last - 1) / kSegmentRows;
  for (std::size_t step = 1; step <= high - low; step *= 2) {
    if (!starts_before(low + step)) {
      high = low + step - 1;
      break;
    }
    low += step;
  }
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    if (starts_before(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }

  const std::size_t start = low * kSegmentRows;
  const std::size_t from = std::max(first, start);
  const std::size_t to = std::min(last, start + kSegmentRows);
  if (!decoded_[column].segments[low]) {
    if (const auto access = reader_.column(column).access(low)) {
      return gallop(from, to, [&](std::size_t row) { return before((*access)[row - start]); });
    }
    decode_segment(column, low);
  }
  const std::uint64_t* values = decoded_[column].values.get();
  return gallop(from, to, [&](std::size_t row) { return before(values[row]); });
}

std::size_t LoadedBlock::bound(std::span<const std::uint64_t> prefix, bool upper, std::size_t first, std::size_t last) {
  for (std::size_t column = 0; column < prefix.size(); ++column) {
    const bool final = column + 1 == prefix.size();
    const std::size_t begin = final && upper ? first : partition_point(column, prefix[column], false, first, last);
    if (final) return upper ? partition_point(column, prefix[column], true, begin, last) : begin;
    // Nothing has this value: rows from `begin` on are after the prefix, those before it are before.
    if (begin == last || value(column, begin) != prefix[column]) return begin;
    first = begin;
    last = partition_point(column, prefix[column], true, begin, last);
  }
  return upper ? last : first;
}

std::size_t LoadedBlock::lower_bound(std::span<const std::uint64_t> prefix, std::size_t first, std::size_t last) {
  return bound(prefix, false, first, last);
}

std::size_t LoadedBlock::upper_bound(std::span<const std::uint64_t> prefix, std::size_t first, std::size_t last) {
  return bound(prefix, true, first, last);
}

std::uint64_t LoadedBlock::count_deletes(std::size_t column, std::size_t first, std::size_t last) {
  if (first >= last) return 0;
  const std::uint64_t* marks = values(column, first, last);
  return static_cast<std::uint64_t>(std::count(marks, marks + (last - first), kDeleteMark));
}

}  // namespace akyn::storage
