// Rows of small numbers, in the order they came: in memory, and in a file what has been put there.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/storage/block.h"
#include "engine/storage/page_memory.h"
#include "engine/storage/spill_file.h"

namespace akyn::storage {

// Of `Columns` numbers each, at most five. One thread at a time.
template <std::size_t Columns>
class LocalRows {
 public:
  using Row = std::array<std::uint32_t, Columns>;
  static constexpr std::size_t kPieceRows = std::size_t{1} << 16U;

  void add(const Row& row) {
    if (in_memory_ % kPieceRows == 0) pieces_.emplace_back(kPieceRows * sizeof(Row));
    pieces_.back().template as<Row>()[in_memory_++ % kPieceRows] = row;
  }
  [[nodiscard]] std::uint64_t size() const noexcept { return in_file_ + in_memory_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return in_memory_ * sizeof(Row); }

  // Moves what is in memory to the file, packed. Always the same file.
  void spill(SpillFile& file) {
    if (in_memory_ == 0) return;
    file_ = &file;
    std::array<std::vector<std::uint64_t>, Columns> values;
    std::string bytes;
    for (std::size_t first = 0; first < in_memory_; first += kBlockRows) {
      const std::size_t count = std::min(kBlockRows, in_memory_ - first);
      const Row* const rows = pieces_[first / kPieceRows].template as<Row>() + first % kPieceRows;
      std::array<std::span<const std::uint64_t>, Columns> columns;
      for (std::size_t i = 0; i < Columns; ++i) {
        values[i].resize(count);
        for (std::size_t row = 0; row < count; ++row) values[i][row] = rows[row][i];
        columns[i] = values[i];
      }
      bytes.clear();
      encode_block(columns, bytes);
      frames_.push_back(file.end());
      file.append(bytes);
    }
    in_file_ += in_memory_;
    in_memory_ = 0;
    pieces_.clear();
  }

  // Calls visit(rows) for all of them in parts, the first ones first, and forgets them on the way.
  template <class Visit>
  void consume(const Visit& visit) {
    std::string bytes;
    std::vector<Row> rows;
    std::vector<std::uint64_t> values;
    for (std::uint64_t frame : frames_) {
      file_->read(frame, bytes);
      const BlockReader block(bytes);
      rows.resize(block.rows());
      values.resize(block.rows());
      for (std::size_t i = 0; i < Columns; ++i) {
        block.decode(i, 0, block.rows(), values);
        for (std::size_t row = 0; row < rows.size(); ++row) rows[row][i] = static_cast<std::uint32_t>(values[row]);
      }
      visit(std::span<const Row>(rows));
    }
    for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
      const std::size_t count = std::min(kPieceRows, in_memory_ - piece * kPieceRows);
      visit(std::span<const Row>(pieces_[piece].template as<Row>(), count));
      pieces_[piece] = PageMemory();
    }
    frames_.clear();
    pieces_.clear();
    in_file_ = in_memory_ = 0;
  }

 private:
  std::vector<PageMemory> pieces_;
  std::size_t in_memory_ = 0;  // rows
  SpillFile* file_ = nullptr;
  std::vector<std::uint64_t> frames_;
  std::uint64_t in_file_ = 0;  // rows
};

}  // namespace akyn::storage
