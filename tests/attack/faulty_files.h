// A file system for tests, over the real one: it can lose power, and one of its operations can fail.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <string>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace akyn::storage::test {

// It remembers what of its files has not been synced: bytes appended, and names made, changed and removed since their
// directory was synced. When the power goes it leaves what a device might have kept, and ends the process, with status
// 137: of each file, what was synced and any number of the bytes after it, so that the last write is whole, torn or not
// there; of the names in a directory, the changes up to any one of them.
//
// Thread-safe.
class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
  // `spare` is an empty directory of the same file system, for files that a power cut may bring back. `seed`: of what
  // it leaves.
  FaultyFiles(std::filesystem::path spare, unsigned seed);

  static const char* kClassName() { return "FaultyFiles"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  enum class Fault : std::uint8_t {
    io_error,   // the operation fails; those after it do not
    no_space,   // the same for want of room
    power_cut,  // neither it nor any other takes place; those that have begun do
    // Of the syncs of RocksDB's list of its files, which are counted alone. What it was to sync is written.
    list_sync,
    list_syncs,  // that one and all after it
  };
  // What happens to the operation of that number, counted from 1 over all: opening, reading, writing and syncing
  // files; making, changing and removing names.
  void fail(std::uint64_t operation, Fault fault);
  [[nodiscard]] std::uint64_t operations() const;

  // For the files and directories that it opens.
  struct File {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
    bool is_list = false;  // of RocksDB's files
  };
  // An operation, as long as it takes. It does not begin when its status is not ok.
  class Operation {
   public:
    explicit Operation(const FaultyFiles& files);
    [[nodiscard]] const rocksdb::IOStatus& status() const noexcept { return status_; }
    [[nodiscard]] bool fails() const noexcept { return !status_.ok(); }

   private:
    std::shared_lock<std::shared_mutex> running_;
    rocksdb::IOStatus status_;
  };
  void appended(File& file, std::uint64_t end);
  [[nodiscard]] std::uint64_t written(const File& file) const;
  void synced(File& file, std::uint64_t bytes);
  [[nodiscard]] bool sync_fails(const File& file);
  void directory_synced(const std::string& directory);

  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus GetChildren(const std::string& name, const rocksdb::IOOptions& options,
                                std::vector<std::string>* children, rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus GetFileSize(const std::string& name, const rocksdb::IOOptions& options, std::uint64_t* size,
                                rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& name, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override;

 private:
  // A change of names in a directory: `name` now is what it was not before.
  struct Change {
    std::string name;
    std::string from;              // a rename's
    std::filesystem::path before;  // what had the name before, in the spare directory; empty when nothing had
    std::shared_ptr<File> file_before;
  };

  [[nodiscard]] rocksdb::IOStatus next_operation() const;
  [[nodiscard]] bool power_is_gone() const;
  [[noreturn]] void cut_power() const;
  void lose_unsynced() const;
  // Keeps what has this name, for the case that the change which is about to happen does not last.
  Change change_of(const std::string& name);
  void remember(Change change);
  void undo(const Change& change) const;
  [[nodiscard]] std::shared_ptr<File> file_of(const std::string& name);

  std::filesystem::path spare_;
  mutable std::shared_mutex running_;  // shared by operations, had alone by a power cut
  mutable std::mutex mutex_;           // for all that follows
  mutable std::uint64_t operations_ = 0;
  std::uint64_t failing_ = 0;
  Fault fault_ = Fault::io_error;
  std::uint64_t list_syncs_ = 0;
  std::uint64_t spares_ = 0;
  mutable std::mt19937 random_;
  mutable std::map<std::string, std::shared_ptr<File>> files_;   // by name
  mutable std::map<std::string, std::vector<Change>> unsynced_;  // by directory, in order
};

}  // namespace akyn::storage::test
