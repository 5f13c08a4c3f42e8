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
    : RowPartitions(run, std::vector<std::vector<std::size_t>>{std::move(keys)}) {}

RowPartitions::RowPartitions(Run& run, std::vector<std::vector<std::size_t>> keys)
    : run_(run), sides_(keys.size()), charge_(run.budget()) {
  for (std::size_t side = 0; side < keys.size(); ++side) sides_[side].keys = std::move(keys[side]);
  for (Partition& part : parts_) part.frames.resize(sides_.size());
  open_.frames.resize(sides_.size());
}

// With a quarter of the memory that is left for all sides, counts and the file's own copy of a frame included.
void RowPartitions::start(Side& side, std::size_t width) {
  if (!file_) file_.emplace();
  const std::size_t row_bytes = (width + 1) * sizeof(std::uint64_t);
  const std::size_t room = run_.budget().available() / 4 / sides_.size();
  side.frame_rows = std::clamp(room / (row_bytes * (kParts + 4)), kLeastFrameRows, kMostFrameRows);
  charge_.add(side.frame_rows * row_bytes * (kParts + 4));
  for (Batch& buffer : side.buffers) buffer.reset(width);
}

void RowPartitions::add(const Batch& batch, std::span<const std::uint32_t> rows, std::size_t which) {
  if (rows.empty()) return;
  Side& side = sides_[which];
  if (side.frame_rows == 0) start(side, batch.width());
  // Other bits than those of the table, or all rows of a partition would meet in one part of it.
  const std::uint64_t level = open_.level + 1;
  hashes_.assign(rows.size(), kHashSeed + level * 0xbf58476d1ce4e5b9ULL);
  for (const std::size_t key : side.keys) {
    const std::span<const std::uint64_t> cells = batch.column(key);
    for (std::size_t i = 0; i < rows.size(); ++i) hashes_[i] = hash_cell(hashes_[i], cells[rows[i]]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t part = hashes_[i] % kParts;
    side.buffers[part].append_row(batch, rows[i]);
    if (side.buffers[part].rows() >= side.frame_rows) flush(which, part);
  }
}

void RowPartitions::flush(std::size_t side, std::size_t part) {
  run_.budget().check();
  Batch& buffer = sides_[side].buffers[part];
  parts_[part].frames[side].push_back(file_->append(buffer));
  charge_.add(sizeof(std::uint64_t));
  buffer.reset(buffer.width());
}

bool RowPartitions::open_next() {
  if (!file_) return false;
  for (std::size_t part = 0; part < kParts; ++part) {
    bool any = false;
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      if (sides_[side].buffers[part].rows() > 0) flush(side, part);
      any = any || !parts_[part].frames[side].empty();
    }
    if (!any) continue;
    parts_[part].level = open_.level + 1;
    waiting_.push_back(std::exchange(parts_[part], {}));
    parts_[part].frames.resize(sides_.size());
  }
  if (waiting_.empty()) return false;
  open_ = std::move(waiting_.back());
  waiting_.pop_back();
  for (Side& side : sides_) side.next_frame = 0;
  return true;
}

bool RowPartitions::read(Batch& out, std::size_t which) {
  Side& side = sides_[which];
  if (side.next_frame == open_.frames[which].size()) return false;
  run_.budget().check();
  file_->read(open_.frames[which][side.next_frame++], out);
  return true;
}

}  // namespace akyn::exec
