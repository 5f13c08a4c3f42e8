#include "engine/storage/block_directory.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <akyn/error.h>
#include "engine/storage/column.h"
#include "engine/storage/gallop.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint64_t kMaxBlockRows = 65'535;

[[noreturn]] void corrupt(const std::string& what) {
  throw Error(ErrorCode::corruption, "a stored block directory is damaged: " + what);
}

// rows, deletes, first, last, bounds of all columns but one.
constexpr std::size_t record_columns(std::size_t row_columns) {
  return 2 + 2 * row_columns + 2 * (row_columns - 1);
}

template <class Integer>
Integer load_integer(std::string_view bytes, std::size_t at) noexcept {
  Integer value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

template <class Integer>
void store_integer(std::string& out, std::size_t at, Integer value) noexcept {
  std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace

BlockKey::BlockKey(std::uint32_t run, OrderTag order, std::uint32_t number) noexcept : bytes_{} {
  const auto store = [this](std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<char>(value >> (24 - 8 * i) & 0xFFU);
  };
  store(0, run);
  bytes_[4] = static_cast<char>(order);
  store(5, number);
}

void encode_directory_chunk(std::size_t row_columns, std::uint32_t blocks, std::span<const BlockRecord> records,
                            std::string& out) {
  const std::size_t start = out.size();
  const std::size_t columns = records.empty() ? 0 : record_columns(row_columns);
  out.resize(start + kHeaderBytes + columns * 4);
  store_integer(out, start, blocks);
  store_integer(out, start + 4, static_cast<std::uint16_t>(records.size()));
  out[start + 6] = static_cast<char>(columns);
  if (records.empty()) return;

  std::vector<std::uint64_t> values(records.size());
  std::size_t column = 0;
  const auto append = [&](auto value_of) {
    std::transform(records.begin(), records.end(), values.begin(), value_of);
    store_integer(out, start + kHeaderBytes + column * 4, static_cast<std::uint32_t>(out.size() - start));
    encode_column(values, out);
    ++column;
  };
  append([](const BlockRecord& record) { return record.rows; });
  append([](const BlockRecord& record) { return record.deletes; });
  for (std::size_t i = 0; i < row_columns; ++i) append([i](const BlockRecord& record) { return record.first[i]; });
  for (std::size_t i = 0; i < row_columns; ++i) append([i](const BlockRecord& record) { return record.last[i]; });
  for (std::size_t i = 1; i < row_columns; ++i) {
    append([i](const BlockRecord& record) { return record.min[i]; });
    append([i](const BlockRecord& record) { return record.max[i]; });
  }
}

BlockDirectory::BlockDirectory(OrderTag order)
    : row_columns_(order_columns(order)), rows_before_{0}, deletes_before_{0} {}

BlockDirectory::BlockDirectory(const KeyValueSource& source, std::uint32_t run, OrderTag order)
    : BlockDirectory(order) {
  std::uint32_t blocks_expected = 0;
  std::uint32_t chunk = 0;
  do {
    PinnedValue value;
    if (!source.get(BlockKey(run, order, chunk).view(), value)) {
      corrupt("chunk " + std::to_string(chunk) + " of run " + std::to_string(run) + " order " + std::to_string(order) +
              " is missing");
    }
    append_chunk(value.view(), blocks_expected);
    ++chunk;
  } while (blocks() < blocks_expected);
  for (auto* values : {&edges_, &bounds_, &rows_before_, &deletes_before_}) values->shrink_to_fit();
}

void BlockDirectory::append_chunk(std::string_view bytes, std::uint32_t& blocks_expected) {
  if (bytes.size() < kHeaderBytes) corrupt("chunk cut short");
  const auto total = load_integer<std::uint32_t>(bytes, 0);
  const std::size_t records = load_integer<std::uint16_t>(bytes, 4);
  const std::size_t columns = static_cast<unsigned char>(bytes[6]);
  const std::size_t old_blocks = blocks();
  if (old_blocks != 0 && total != blocks_expected) corrupt("chunks of different runs");
  blocks_expected = total;
  if (total == 0 && records == 0 && columns == 0) return;
  if (total < old_blocks || records != std::min<std::size_t>(kDirectoryChunk, total - old_blocks) ||
      columns != record_columns(row_columns_) || bytes.size() < kHeaderBytes + columns * 4) {
    corrupt("wrong header");
  }

  std::array<std::vector<std::uint64_t>, record_columns(kMaxRowColumns)> values;
  std::size_t end = bytes.size();
  for (std::size_t i = columns; i-- > 0;) {
    const auto offset = load_integer<std::uint32_t>(bytes, kHeaderBytes + i * 4);
    if (offset > end) corrupt("column out of range");
    values[i].resize(records);
    ColumnReader(bytes.substr(offset, end - offset), records).decode(values[i]);
    end = offset;
  }

  const std::size_t bounds_at = 2 + 2 * row_columns_;
  for (std::size_t record = 0; record < records; ++record) {
    const std::uint64_t rows = values[0][record];
    const std::uint64_t deletes = values[1][record];
    if (rows == 0 || rows > kMaxBlockRows || deletes > rows) corrupt("impossible row count");
    rows_before_.push_back(rows_before_.back() + rows);
    deletes_before_.push_back(deletes_before_.back() + deletes);
    for (std::size_t i = 0; i < 2 * row_columns_; ++i) edges_.push_back(values[2 + i][record]);
    for (std::size_t i = bounds_at; i < columns; ++i) bounds_.push_back(values[i][record]);

    const std::size_t block = old_blocks + record;
    const std::span last_row(last(block), row_columns_);
    const int order = compare_prefix(first(block), last_row);
    if (order > 0 || (order == 0) != (rows == 1)) corrupt("first and last row contradict each other");
    if (block > 0 && compare_prefix(last(block - 1), {first(block), row_columns_}) >= 0) corrupt("blocks out of order");
    for (std::size_t i = 1; i < row_columns_; ++i) {
      const auto [low, high] = std::minmax(first(block)[i], last(block)[i]);
      if (min(block, i) > low || max(block, i) < high) corrupt("bounds contradict the rows");
    }
  }
}

std::uint64_t BlockDirectory::min(std::size_t block, std::size_t column) const noexcept {
  return column == 0 ? first(block)[0] : bounds_[(block * (row_columns_ - 1) + column - 1) * 2];
}

std::uint64_t BlockDirectory::max(std::size_t block, std::size_t column) const noexcept {
  return column == 0 ? last(block)[0] : bounds_[(block * (row_columns_ - 1) + column - 1) * 2 + 1];
}

bool BlockDirectory::may_hold(std::size_t block, const ColumnBounds& bounds) const noexcept {
  for (std::size_t column = 0; column < row_columns_; ++column) {
    if (max(block, column) < bounds.min[column] || min(block, column) > bounds.max[column]) return false;
  }
  return true;
}

RowCounts BlockDirectory::counts_between(std::size_t first, std::size_t last) const noexcept {
  if (first >= last) return {};
  const std::uint64_t rows = rows_before_[last] - rows_before_[first];
  const std::uint64_t deletes = deletes_before_[last] - deletes_before_[first];
  return {rows - deletes, deletes};
}

std::size_t BlockDirectory::lower_block(std::span<const std::uint64_t> prefix, std::size_t from) const noexcept {
  return gallop(from, blocks(), [&](std::size_t block) { return compare_prefix(last(block), prefix) < 0; });
}

std::size_t BlockDirectory::upper_block(std::span<const std::uint64_t> prefix, std::size_t from) const noexcept {
  return gallop(from, blocks(), [&](std::size_t block) { return compare_prefix(first(block), prefix) <= 0; });
}

std::size_t BlockDirectory::memory_bytes() const noexcept {
  return (edges_.capacity() + bounds_.capacity() + rows_before_.capacity() + deletes_before_.capacity()) * 8;
}

}  // namespace akyn::storage
