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
// Inputs that are joined go into the same partitions, each as a side of its own, whose batches have columns of their
// own: what the keys of one side have to be compared with on the other one is in the same partition.
//
// One thread at a time; the Run must outlive it. Throws what RowFile throws, and Error(limit).
class RowPartitions {
 public:
  // `keys`: places in the batches.
  RowPartitions(Run& run, std::vector<std::size_t> keys);
  // By side.
  RowPartitions(Run& run, std::vector<std::vector<std::size_t>> keys);

  // Adds some rows of a batch.
  void add(const Batch& batch, std::span<const std::uint32_t> rows, std::size_t side = 0);
  // Goes on to the next partition; false when there is none any more.
  [[nodiscard]] bool open_next();
  // The next rows of the partition that is open.
  [[nodiscard]] bool read(Batch& out, std::size_t side = 0);
  // How often the rows of the open partition have been divided.
  [[nodiscard]] std::uint64_t level() const noexcept { return open_.level; }

 private:
  static constexpr std::size_t kParts = 16;
  struct Partition {
    std::vector<std::vector<std::uint64_t>> frames;  // in the file, by side
    std::uint64_t level = 0;                         // of partition within partition
  };
  struct Side {
    std::vector<std::size_t> keys;
    std::size_t frame_rows = 0;
    std::array<Batch, kParts> buffers;
    std::size_t next_frame = 0;  // of open_
  };

  void start(Side& side, std::size_t width);
  void flush(std::size_t side, std::size_t part);

  Run& run_;
  std::vector<Side> sides_;
  std::optional<RowFile> file_;  // made when first needed
  Charge charge_;
  std::array<Partition, kParts> parts_;  // being written
  std::vector<Partition> waiting_;
  Partition open_;
  std::vector<std::uint64_t> hashes_;
};

}  // namespace akyn::exec
