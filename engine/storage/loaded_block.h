// One block in memory, decoded piece by piece as it is looked at.
//
// Every segment that a search or a merge looks into is decoded once and kept, so that many small steps through a block
// never cost more than decoding it whole; columns that are only copied out go straight to where they are wanted.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/storage/block.h"
#include "engine/storage/key_value.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

// One thread at a time. All functions but load(), loaded() and unload() need a loaded block and throw
// Error(corruption).
class LoadedBlock {
 public:
  // Takes the bytes of a block. Throws Error(corruption).
  void load(PinnedValue bytes);
  void unload() noexcept { loaded_ = false; }
  [[nodiscard]] bool loaded() const noexcept { return loaded_; }
  [[nodiscard]] std::size_t rows() const noexcept { return reader_.rows(); }
  [[nodiscard]] std::size_t columns() const noexcept { return reader_.columns(); }

  [[nodiscard]] std::uint64_t value(std::size_t column, std::size_t row);
  // The values of rows [first, last) of a column; borrowed until the next load().
  [[nodiscard]] const std::uint64_t* values(std::size_t column, std::size_t first, std::size_t last);
  // Copies rows [first, last) of a column.
  void copy(std::size_t column, std::size_t first, std::size_t last, std::uint64_t* out);

  // The first row of [first, last) that is not before `prefix`; `last` when there is none. Costs the logarithm of the
  // distance from `first`.
  [[nodiscard]] std::size_t lower_bound(std::span<const std::uint64_t> prefix, std::size_t first, std::size_t last);
  // The first row of [first, last) that is after `prefix`.
  [[nodiscard]] std::size_t upper_bound(std::span<const std::uint64_t> prefix, std::size_t first, std::size_t last);
  // How many of rows [first, last) have the delete mark, which stands in `column`.
  [[nodiscard]] std::uint64_t count_deletes(std::size_t column, std::size_t first, std::size_t last);

 private:
  static constexpr std::size_t kMaxSegments = (65'535 + kSegmentRows - 1) / kSegmentRows;
  struct Decoded {
    std::unique_ptr<std::uint64_t[]> values;
    std::size_t capacity = 0;
    std::bitset<kMaxSegments> segments;
    bool any = false;
  };

  void decode_segment(std::size_t column, std::size_t segment);
  [[nodiscard]] std::size_t partition_point(std::size_t column, std::uint64_t value, bool or_equal, std::size_t first,
                                            std::size_t last);
  [[nodiscard]] std::size_t bound(std::span<const std::uint64_t> prefix, bool upper, std::size_t first,
                                  std::size_t last);

  PinnedValue bytes_;
  BlockReader reader_;
  std::array<Decoded, kMaxColumns> decoded_;
  bool loaded_ = false;
};

}  // namespace akyn::storage
