// The logs that RocksDB writes.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <rocksdb/file_system.h>

namespace akyn::storage {

// Two things about them that RocksDB (7.8) has no option for:
//
// - Little room is set aside for each. It would be 64 MiB, as soon as a log is written to, which a small device may not
//   have left for anything else then.
// - A log is on the device before the next one begins. RocksDB would sync it some time later; if the power went before
//   that, the end of the older log might be lost and the newer one be there, and the store would come back with some
//   commits and without others before them.
//
// Thread-safe.
class LogFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit LogFiles(std::shared_ptr<rocksdb::FileSystem> files);
  ~LogFiles() override;

  static const char* kClassName() { return "LogFiles"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;

 private:
  class Log;

  // Shared with the logs, which RocksDB may close at any time.
  struct Newest {
    std::mutex mutex;
    Log* log = nullptr;  // the one begun last, as long as it is open
  };
  std::shared_ptr<Newest> newest_;
};

}  // namespace akyn::storage
