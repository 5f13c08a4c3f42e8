#include "engine/storage/block_run_writer.h"

#include <algorithm>
#include <limits>

#include <akyn/error.h>

namespace akyn::storage {

BlockRunWriter::BlockRunWriter(std::uint32_t run, OrderTag order, bool marked, KeyValueSink& blocks,
                               KeyValueSink& directory, std::size_t block_rows)
    : run_(run),
      order_(order),
      row_columns_(order_columns(order)),
      columns_(row_columns_ + (marked ? 1 : 0)),
      block_rows_(block_rows),
      blocks_(blocks),
      directory_(directory) {}

void BlockRunWriter::add(std::span<const std::span<const std::uint64_t>> columns) {
  if (columns.size() != columns_) throw Error(ErrorCode::internal, "rows with a wrong number of columns");
  ColumnSpans rest{};
  std::copy(columns.begin(), columns.end(), rest.begin());
  for (std::size_t i = 1; i < columns_; ++i) {
    if (rest[i].size() != rest[0].size()) throw Error(ErrorCode::internal, "columns of unequal length");
  }
  check_ascending(rest);

  while (!rest[0].empty()) {
    const std::size_t pending = pending_[0].size();
    const std::size_t rows = std::min(rest[0].size(), block_rows_ - pending);
    ColumnSpans taken{};
    for (std::size_t i = 0; i < columns_; ++i) {
      taken[i] = rest[i].first(rows);
      rest[i] = rest[i].subspan(rows);
    }
    if (rows == block_rows_) {
      write_block(taken);
      continue;
    }
    for (std::size_t i = 0; i < columns_; ++i) pending_[i].insert(pending_[i].end(), taken[i].begin(), taken[i].end());
    if (pending + rows == block_rows_) {
      write_block({pending_[0], pending_[1], pending_[2], pending_[3], pending_[4]});
      for (auto& column : pending_) column.clear();
    }
  }
}

void BlockRunWriter::check_ascending(const ColumnSpans& columns) {
  for (std::size_t row = 0; row < columns[0].size(); ++row) {
    bool after = !any_;
    for (std::size_t i = 0; i < row_columns_; ++i) {
      const std::uint64_t value = columns[i][row];
      if (!after && value < last_[i]) break;
      after = after || value > last_[i];
      last_[i] = value;
    }
    if (!after) throw Error(ErrorCode::internal, "rows of a run are not in ascending order");
    any_ = true;
  }
}

void BlockRunWriter::add(const EncodedBlock& block) {
  const std::span<const std::uint64_t> first = std::span(block.record.first).first(row_columns_);
  if (any_ && !std::lexicographical_compare(last_.begin(), last_.begin() + static_cast<std::ptrdiff_t>(row_columns_),
                                            first.begin(), first.end())) {
    throw Error(ErrorCode::internal, "rows of a run are not in ascending order");
  }
  any_ = true;
  last_ = block.record.last;
  write(block);
}

void BlockRunWriter::write_block(const ColumnSpans& columns) {
  write(encode_run_block(row_columns_, std::span(columns).first(columns_)));
}

void BlockRunWriter::write(const EncodedBlock& block) {
  if (records_.size() == std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::limit, "a run cannot have more than 4,294,967,295 blocks");
  }
  const auto number = static_cast<std::uint32_t>(records_.size());
  records_.push_back(block.record);
  counts_ += {block.record.rows - block.record.deletes, block.record.deletes};
  blocks_.put(BlockKey(run_, order_, number).view(), block.bytes);
}

EncodedBlock encode_run_block(std::size_t row_columns, std::span<const std::span<const std::uint64_t>> columns) {
  EncodedBlock block;
  BlockRecord& record = block.record;
  record.rows = columns[0].size();
  for (std::size_t i = 0; i < row_columns; ++i) {
    record.first[i] = columns[i].front();
    record.last[i] = columns[i].back();
    std::uint64_t min = columns[i].front();
    std::uint64_t max = min;
    for (const std::uint64_t value : columns[i]) {
      min = std::min(min, value);
      max = std::max(max, value);
    }
    record.min[i] = min;
    record.max[i] = max;
  }
  if (columns.size() > row_columns) {
    const auto& marks = columns[row_columns];
    record.deletes = static_cast<std::uint64_t>(std::count(marks.begin(), marks.end(), kDeleteMark));
  }
  encode_block(columns, block.bytes);
  return block;
}

RowCounts BlockRunWriter::finish() {
  if (!pending_[0].empty()) write_block({pending_[0], pending_[1], pending_[2], pending_[3], pending_[4]});
  const auto blocks = static_cast<std::uint32_t>(records_.size());
  std::uint32_t chunk = 0;
  std::span<const BlockRecord> rest = records_;
  do {
    const auto taken = rest.first(std::min(rest.size(), kDirectoryChunk));
    rest = rest.subspan(taken.size());
    buffer_.clear();
    encode_directory_chunk(row_columns_, blocks, taken, buffer_);
    directory_.put(BlockKey(run_, order_, chunk++).view(), buffer_);
  } while (!rest.empty());
  return counts_;
}

}  // namespace akyn::storage
