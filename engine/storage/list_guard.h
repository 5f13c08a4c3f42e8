// RocksDB's files, of which none is deleted while its list of them is in doubt.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <rocksdb/file_system.h>

namespace akyn::storage {

// RocksDB's list of files is the MANIFEST that CURRENT names. What could not be written to it, or not synced, may be
// there all the same; and RocksDB (7.8) deletes at once what it could not add to the list, or the list itself that
// CURRENT still names, when it could not finish the next one. Whoever opened the store would miss a file.
//
// So the list is in doubt from an error on it, or the beginning of a new one, until CURRENT names a new one and that
// name is on the device. Until then what is to be deleted stays, and goes afterwards. What is left when the process
// ends goes as RocksDB opens the store again: it deletes all that its list does not name.
//
// Thread-safe.
class ListGuard final : public rocksdb::FileSystemWrapper {
 public:
  // `directory`: the store's.
  ListGuard(std::shared_ptr<rocksdb::FileSystem> files, std::string directory);

  static const char* kClassName() { return "ListGuard"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  [[nodiscard]] bool is_in_doubt();

  // Called by the files and directories that it hands out.
  void list_in_doubt();
  void directory_synced(const rocksdb::DirFsyncOptions& why);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

 private:
  std::string directory_;
  std::mutex mutex_;
  // Whichever list there is when the store is opened, RocksDB writes a new one.
  bool is_in_doubt_ = true;
  std::set<std::string> held_back_;  // names in the store that are to be deleted
};

}  // namespace akyn::storage
