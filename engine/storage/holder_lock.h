// Says which process has a store open for writing.
#pragma once

#include <filesystem>
#include <string>

namespace akyn::storage {

// Name of the lock file inside a store. Its presence also marks a directory as a store whose creation has begun.
inline constexpr const char* kHolderFile = "akyn.pid";

// An exclusive flock on the store's akyn.pid, whose content is the holder's process id in decimal.
//
// RocksDB has a lock of its own but cannot say who holds it. flock rather than fcntl: it also
// refuses a second open within this process, and closing some other descriptor of the file does not
// drop it. The operating system drops it when the process ends, however it ends.
//
// Thread-safe only as a value: one thread at a time.
class HolderLock {
 public:
  HolderLock() = default;  // holds nothing
  // Throws Error(locked) naming the holder, Error(io).
  explicit HolderLock(const std::filesystem::path& directory);
  HolderLock(HolderLock&& other) noexcept;
  HolderLock& operator=(HolderLock&& other) noexcept;
  ~HolderLock();

 private:
  int descriptor_ = -1;
};

}  // namespace akyn::storage
