// A file for what a sort cannot hold in memory.
//
//     frame:  size:4  checksum:8  bytes         little-endian; checksum: hash_bytes(bytes, size)
//
// The file has no name once it is made: whatever ends the process, it is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace akyn::storage {

// What a sort may use. Without a directory it stays in memory, whatever the limit.
struct SortLimits {
  std::size_t memory_bytes = std::size_t{256} << 20U;
  std::string directory;
};

// One thread at a time. Throws Error(io).
class SpillFile {
 public:
  // Frames are written together when they are `buffer` bytes or more.
  explicit SpillFile(const std::string& directory, std::size_t buffer = std::size_t{1} << 20U);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // Appends a frame of less than 4 GiB.
  void append(std::string_view bytes);
  // Where the next frame will be.
  [[nodiscard]] std::uint64_t end() const noexcept { return written_ + buffer_.size(); }
  // Reads the frame at `offset` and moves the offset behind it. Throws Error(corruption) as well.
  void read(std::uint64_t& offset, std::string& bytes);

 private:
  void flush();
  void read_exactly(std::uint64_t offset, char* to, std::size_t size) const;

  int file_ = -1;
  std::string directory_;
  std::size_t buffer_bytes_;
  std::uint64_t written_ = 0;
  std::string buffer_;
};

}  // namespace akyn::storage
