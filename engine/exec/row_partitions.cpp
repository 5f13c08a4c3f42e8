#include "engine/exec/row_partitions.h"

#include <algorithm>
#include <utility>

#include "engine/exec/row_table.h"

namespace akyn::exec {
namespace {

constexpr std::size_t kLeastFrameRows = 16;
constexpr std::size_t kMostFrameRows = 1024;

}  // namespace

RowPartitions::RowPartitions(Run& run, std::vector<std::size_t> keys)
    : run_(run), keys_(std::move(keys)), charge_(run.budget()) {}

// With a quarter of the memory that is left, counts and the file's own copy of a frame included.
void RowPartitions::start(std::size_t width) {
  file_.emplace();
  const std::size_t row_bytes = (width + 1) * sizeof(std::uint64_t);
  frame_rows_ = std::clamp(run_.budget().available() / 4 / (row_bytes * (kParts + 4)), kLeastFrameRows, kMostFrameRows);
  charge_.set(frame_rows_ * row_bytes * (kParts + 4));
  for (Batch& buffer : buffers_) buffer.reset(width);
}

void RowPartitions::add(const Batch& batch, std::span<const std::uint32_t> rows) {
  if (rows.empty()) return;
  if (!file_) start(batch.width());
  // Other bits than those of the table, or all rows of a partition would meet in one part of it.
  const std::uint64_t level = open_.level + 1;
  hashes_.assign(rows.size(), kHashSeed + level * 0xbf58476d1ce4e5b9ULL);
  for (const std::size_t key : keys_) {
    const std::span<const std::uint64_t> cells = batch.column(key);
    for (std::size_t i = 0; i < rows.size(); ++i) hashes_[i] = hash_cell(hashes_[i], cells[rows[i]]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t part = hashes_[i] % kParts;
    buffers_[part].append_row(batch, rows[i]);
    if (buffers_[part].rows() >= frame_rows_) flush(part);
  }
}

void RowPartitions::flush(std::size_t part) {
  run_.budget().check();
  parts_[part].frames.push_back(file_->append(buffers_[part]));
  charge_.add(sizeof(std::uint64_t));
  buffers_[part].reset(buffers_[part].width());
}

bool RowPartitions::open_next() {
  if (!file_) return false;
  for (std::size_t part = 0; part < kParts; ++part) {
    if (buffers_[part].rows() > 0) flush(part);
    if (parts_[part].frames.empty()) continue;
    parts_[part].level = open_.level + 1;
    waiting_.push_back(std::exchange(parts_[part], {}));
  }
  if (waiting_.empty()) return false;
  open_ = std::move(waiting_.back());
  waiting_.pop_back();
  next_frame_ = 0;
  return true;
}

bool RowPartitions::read(Batch& out) {
  if (next_frame_ == open_.frames.size()) return false;
  run_.budget().check();
  file_->read(open_.frames[next_frame_++], out);
  return true;
}

}  // namespace akyn::exec
