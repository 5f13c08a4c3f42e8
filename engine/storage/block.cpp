#include "engine/storage/block.h"

#include <algorithm>
#include <cstring>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

constexpr std::size_t kHeaderBytes = 4;

[[noreturn]] void corrupt(const char* what) {
  throw Error(ErrorCode::corruption, std::string("a stored block is damaged: ") + what);
}

}  // namespace

void encode_block(std::span<const std::span<const std::uint64_t>> columns, std::string& out) {
  const std::size_t start = out.size();
  const auto rows = static_cast<std::uint16_t>(columns.front().size());
  out.resize(start + kHeaderBytes + columns.size() * 4);
  std::memcpy(out.data() + start, &rows, sizeof rows);
  out[start + 2] = static_cast<char>(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto offset = static_cast<std::uint32_t>(out.size() - start);
    std::memcpy(out.data() + start + kHeaderBytes + i * 4, &offset, sizeof offset);
    encode_column(columns[i], out);
  }
}

BlockReader::BlockReader(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) corrupt("header cut short");
  std::uint16_t rows = 0;
  std::memcpy(&rows, bytes.data(), sizeof rows);
  rows_ = rows;
  columns_ = static_cast<unsigned char>(bytes[2]);
  if (rows_ == 0 || columns_ == 0 || columns_ > kMaxColumns || bytes.size() < kHeaderBytes + columns_ * 4) {
    corrupt("wrong header");
  }
  std::size_t end = bytes.size();
  for (std::size_t i = columns_; i-- > 0;) {
    std::uint32_t offset = 0;
    std::memcpy(&offset, bytes.data() + kHeaderBytes + i * 4, sizeof offset);
    if (offset > end) corrupt("column out of range");
    readers_[i] = ColumnReader(bytes.substr(offset, end - offset), rows_);
    end = offset;
  }
}

void BlockReader::decode(std::size_t column, std::size_t first, std::size_t last, std::span<std::uint64_t> out) const {
  const ColumnReader& reader = readers_[column];
  std::array<std::uint64_t, kSegmentRows> partial;  // NOLINT: filled before it is read
  for (std::size_t row = first; row < last;) {
    const std::size_t segment = row / kSegmentRows;
    const std::size_t start = segment * kSegmentRows;
    const std::size_t size = reader.segment_rows(segment);
    const std::size_t stop = std::min(last, start + size);
    if (row == start && stop == start + size) {
      reader.decode_segment(segment, out.subspan(row - first, size));
    } else {
      reader.decode_segment(segment, std::span(partial).first(size));
      std::copy(partial.begin() + static_cast<std::ptrdiff_t>(row - start),
                partial.begin() + static_cast<std::ptrdiff_t>(stop - start),
                out.begin() + static_cast<std::ptrdiff_t>(row - first));
    }
    row = stop;
  }
}

const BlockReader::Window& BlockReader::window(std::size_t column, std::size_t segment) {
  if (windows_.empty()) windows_.resize(columns_);
  Window& window = windows_[column];
  if (window.segment != segment) {
    window.segment = SIZE_MAX;
    readers_[column].decode_segment(segment, std::span(window.values).first(readers_[column].segment_rows(segment)));
    window.segment = segment;
  }
  return window;
}

std::uint64_t BlockReader::value(std::size_t column, std::size_t row) {
  return window(column, row / kSegmentRows).values[row % kSegmentRows];
}

std::size_t BlockReader::partition_point(std::size_t column, std::uint64_t value, bool or_equal, Range range) {
  const auto before = [&](std::uint64_t candidate) { return or_equal ? candidate <= value : candidate < value; };
  if (range.first == range.last) return range.first;
  // The last segment that starts, within the range, with a value before the boundary holds it.
  std::size_t low = range.first / kSegmentRows;
  std::size_t high = (range.last - 1) / kSegmentRows;
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    if (before(readers_[column].segment_first(middle))) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const std::size_t start = low * kSegmentRows;
  const std::size_t first = std::max(range.first, start);
  const std::size_t last = std::min(range.last, start + readers_[column].segment_rows(low));
  const auto values = std::span(window(column, low).values).subspan(first - start, last - first);
  return first + static_cast<std::size_t>(std::partition_point(values.begin(), values.end(), before) - values.begin());
}

BlockReader::Range BlockReader::equal_range(std::size_t column, std::uint64_t value, Range range) {
  const std::size_t first = partition_point(column, value, false, range);
  return {first, partition_point(column, value, true, {first, range.last})};
}

std::size_t BlockReader::lower_bound(std::span<const std::uint64_t> prefix) {
  Range range{0, rows_};
  for (std::size_t column = 0; column < prefix.size(); ++column) {
    if (column + 1 == prefix.size()) return partition_point(column, prefix[column], false, range);
    range = equal_range(column, prefix[column], range);
  }
  return range.first;
}

std::size_t BlockReader::upper_bound(std::span<const std::uint64_t> prefix) {
  Range range{0, rows_};
  for (std::size_t column = 0; column < prefix.size(); ++column) {
    if (column + 1 == prefix.size()) return partition_point(column, prefix[column], true, range);
    range = equal_range(column, prefix[column], range);
  }
  return range.last;
}

}  // namespace akyn::storage
