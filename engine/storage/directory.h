// What is at a path: a store, room for one, or something else.
#pragma once

#include <filesystem>
#include <memory>

#include <rocksdb/env.h>

#include <akyn/options.h>
#include "engine/storage/holder_lock.h"

namespace akyn::storage {

// Inside a store: for files on their way into it.
inline constexpr const char* kStagingDirectory = "staging";

// The directory of a store, for as long as it is open: locked unless it is for reading. To be destroyed
// after RocksDB has closed.
class StoreDirectory {
 public:
  StoreDirectory();  // no directory
  // Makes sure that RocksDB may be opened at `directory` as `options` say: creates the directory when
  // allowed, in `files` and so that a power cut does not take it away, and takes the lock unless read-only. Nothing in
  // a directory that is not a store is touched.
  //
  // Throws Error: not_found, not_a_store, format_version, locked, corruption, io.
  StoreDirectory(const std::filesystem::path& directory, const StoreOptions& options,
                 rocksdb::Env& files = *rocksdb::Env::Default());
  StoreDirectory(StoreDirectory&& other) noexcept;
  StoreDirectory& operator=(StoreDirectory&& other) = delete;
  // With StoreOptions::discard_if_unused a store that is new goes, unless keep() has been called: RocksDB's
  // files, ours, and the directories that were made, as far as nobody else has put anything there.
  ~StoreDirectory();

  void keep() noexcept;

 private:
  struct New;

  HolderLock lock_;
  std::unique_ptr<New> new_;  // none: nothing would go. After the lock, which is to be let go of last.
};

// Throws Error(format_version) for a version that is not kFormatVersion.
void check_format_version(std::uint32_t version, const std::string& name);

}  // namespace akyn::storage
