// Rows put off until there is memory for them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/exec/batch.h"
#include "engine/exec/row_file.h"
#include "engine/exec/run.h"

namespace akyn::exec {

// A hash table that is full puts rows with new keys off, into partitions by the hash of the keys: equal keys in one
// partition, rows in the order they came. When it is through with its input it is emptied and takes one partition after
// another for input; what is put off then goes to partitions of partitions.
//
//     partitions.add(batch, rows);               // as often as needed
//     while (partitions.open_next()) {
//       while (partitions.read(batch)) ...;      // add() is allowed
//     }
//
// One thread at a time; the Run must outlive it. Throws what RowFile throws, and Error(limit).
class RowPartitions {
 public:
  // `keys`: places in the batches.
  RowPartitions(Run& run, std::vector<std::size_t> keys);

  // Adds some rows of a batch.
  void add(const Batch& batch, std::span<const std::uint32_t> rows);
  // Goes on to the next partition; false when there is none any more.
  [[nodiscard]] bool open_next();
  // The next rows of the partition that is open.
  [[nodiscard]] bool read(Batch& out);

 private:
  static constexpr std::size_t kParts = 16;
  struct Partition {
    std::vector<std::uint64_t> frames;  // in the file
    std::uint64_t level = 0;            // of partition within partition
  };

  void start(std::size_t width);
  void flush(std::size_t part);

  Run& run_;
  std::vector<std::size_t> keys_;
  std::optional<RowFile> file_;  // made when first needed
  Charge charge_;
  std::size_t frame_rows_ = 0;
  std::array<Batch, kParts> buffers_;
  std::array<Partition, kParts> parts_;  // being written
  std::vector<Partition> waiting_;
  Partition open_;
  std::size_t next_frame_ = 0;  // of open_
  std::vector<std::uint64_t> hashes_;
};

}  // namespace akyn::exec
