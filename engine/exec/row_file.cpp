#include "engine/exec/row_file.h"

#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include <akyn/error.h>

namespace akyn::exec {
namespace {

// frame:  rows:8  counted:8  width:8  columns, then counts, 8 bytes a cell      as they are in memory
constexpr std::size_t kHeaderCells = 3;

std::string temporary_directory() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::temp_directory_path(error);
  if (error) throw Error(ErrorCode::io, "there is no directory for temporary files: " + error.message());
  return path.string();
}

}  // namespace

RowFile::RowFile() : file_(temporary_directory(), 0) {}

std::uint64_t RowFile::append(const Batch& batch) {
  frame_.clear();
  const auto put = [&](const std::uint64_t* cells, std::size_t count) {
    const std::size_t before = frame_.size();
    frame_.resize(before + count * sizeof(std::uint64_t));
    if (count > 0) std::memcpy(frame_.data() + before, cells, count * sizeof(std::uint64_t));
  };
  const std::uint64_t header[kHeaderCells] = {batch.rows(), batch.counted() ? 1U : 0U, batch.width()};
  put(header, kHeaderCells);
  for (std::size_t c = 0; c < batch.width(); ++c) put(batch.column(c).data(), batch.rows());
  if (batch.counted()) put(batch.counts().data(), batch.rows());
  const std::uint64_t place = file_.end();
  file_.append(frame_);
  return place;
}

void RowFile::read(std::uint64_t& place, Batch& out) {
  file_.read(place, frame_);
  const char* at = frame_.data();
  const auto take = [&](std::uint64_t* cells, std::size_t count) {
    if (count > 0) std::memcpy(cells, at, count * sizeof(std::uint64_t));
    at += count * sizeof(std::uint64_t);
  };
  std::uint64_t header[kHeaderCells] = {};
  take(header, kHeaderCells);
  const std::size_t rows = header[0];
  out.reset(header[2]);
  const auto fill = [&](std::vector<std::uint64_t>& column) {
    column.resize(rows);
    take(column.data(), rows);
  };
  for (std::size_t c = 0; c < out.width(); ++c) fill(out.values(c));
  if (header[1] != 0) fill(out.count_values());
  out.set_rows(rows);
}

}  // namespace akyn::exec
