#include "engine/storage/block.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

#include "engine/storage/block_directory.h"
#include "engine/storage/delta_chunk.h"
#include "engine/storage/manifest.h"
#include "engine/storage/statistics.h"
#include "fuzz/targets.h"

namespace akyn::fuzz {
namespace {

void read_block(std::string_view bytes) {
  storage::BlockReader block(bytes);
  std::vector<std::uint64_t> values(block.rows());
  std::vector<std::uint64_t> prefix;
  for (std::size_t column = 0; column < block.columns(); ++column) {
    block.decode(column, 0, block.rows(), values);
    const std::size_t middle = block.rows() / 2;
    expect(block.value(column, middle) == values[middle], "a value is the same alone and in its column");
    prefix.push_back(values[middle]);
    expect(block.lower_bound(prefix) <= block.rows(), "searches stay in the block");
    expect(block.upper_bound(prefix) <= block.rows(), "searches stay in the block");
    for (std::size_t segment = 0; segment < block.column(column).segments(); ++segment) {
      static_cast<void>(block.column(column).segment_first(segment));
      const auto access = block.column(column).access(segment);
      if (!access) continue;
      for (std::size_t row = 0; row < block.column(column).segment_rows(segment); ++row) {
        static_cast<void>((*access)[row]);  // which of two exceptions at one place it is, is left open
      }
    }
  }
}

void read_directory(std::string_view bytes) {
  storage::MemoryKeyValues chunks;
  const storage::OrderTag order = storage::order_tag(storage::Partition::default_graph, storage::Permutation::spo);
  chunks.put(storage::BlockKey(1, order, 0).view(), bytes);
  const storage::BlockDirectory directory(chunks, 1, order);
  static_cast<void>(directory.counts());
  for (std::size_t block = 0; block < directory.blocks(); ++block) {
    const std::span<const std::uint64_t> first(directory.first(block), directory.row_columns());
    expect(directory.lower_block(first) <= directory.blocks(), "searches stay in the directory");
    expect(directory.upper_block(first) <= directory.blocks(), "searches stay in the directory");
  }
}

// Any values are what they were once they have been encoded and decoded.
void round_trip(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t width = 1 + static_cast<unsigned char>(bytes.front()) % 8;  // bytes a value
  const bool sorted = (static_cast<unsigned char>(bytes.front()) & 8U) != 0;
  bytes.remove_prefix(1);
  std::vector<std::uint64_t> values;
  for (; bytes.size() >= width && values.size() < 65'535; bytes.remove_prefix(width)) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), width);
    values.push_back(value);
  }
  if (values.empty()) return;
  if (sorted) std::sort(values.begin(), values.end());
  const std::array<std::span<const std::uint64_t>, 1> columns = {values};
  std::string encoded;
  storage::encode_block(columns, encoded);
  const storage::BlockReader block(encoded);
  std::vector<std::uint64_t> decoded(block.rows());
  expect(decoded.size() == values.size(), "a block has the rows that were put into it");
  block.decode(0, 0, decoded.size(), decoded);
  expect(decoded == values, "a block has the values that were put into it");
  const storage::ColumnReader& column = block.column(0);
  for (std::size_t segment = 0; segment < column.segments(); ++segment) {
    const auto access = column.access(segment);
    for (std::size_t row = 0; access && row < column.segment_rows(segment); ++row) {
      expect((*access)[row] == values[segment * storage::kSegmentRows + row], "a value is the same where it stands");
    }
  }
}

}  // namespace

void blocks(std::string_view bytes) {
  round_trip(bytes);
  const auto damaged = {ErrorCode::corruption};
  accepts([&] { read_block(bytes); }, damaged);
  accepts([&] { read_directory(bytes); }, damaged);
  accepts([&] { expect(storage::DeltaRows::parse(bytes).serialize() == bytes, "a record says one thing"); }, damaged);
  accepts([&] { static_cast<void>(storage::Manifest::parse(bytes).serialize()); }, damaged);
  accepts([&] { static_cast<void>(storage::RunStatistics::parse(bytes).serialize()); }, damaged);
}

}  // namespace akyn::fuzz
