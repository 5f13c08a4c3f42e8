// The logs that RocksDB writes.
#pragma once

#include <memory>
#include <string>

#include <rocksdb/file_system.h>

namespace akyn::storage {

// What RocksDB (7.8) has no option for:
//
// - Little room is set aside for each. It would be 64 MiB, as soon as a log is written to, which a small device may not
//   have left for anything else then.
// - What a log has is on the device before the next one begins. RocksDB would sync it some time later; if the power
//   went before that, the end of the older log might be lost and the newer one be there, and the store would come back
//   with some commits and without others before them.
// - They are listed (log_list.h), so that one that somebody removes or cuts is missed.
// - They can be synced while a write to them fails. RocksDB's own way to sync them ends the process then, when it has
//   been built with assertions.
//
// A sync that has failed is the last one, of any log and of their names: the system may say the next time that all is
// well, and does not try again. No log begins after it, and none is deleted. What the log that was begun last has when
// it is closed is on the device, too.
//
// Thread-safe.
class LogFiles final : public rocksdb::FileSystemWrapper {
 public:
  // `directory`: the store's. Logs elsewhere, as of a backup, are not looked at.
  LogFiles(std::shared_ptr<rocksdb::FileSystem> files, std::string directory);
  ~LogFiles() override;

  static const char* kClassName() { return "LogFiles"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  // Before RocksDB opens the store: the logs that earlier openings have left. What they have is on the device then. An
  // earlier process need not have seen to that, and RocksDB does not: it reads them, keeps them, and syncs none but its
  // own.
  [[nodiscard]] rocksdb::IOStatus take_over();

  // Returns when everything that has been appended to logs is on the device. Appends may go on meanwhile.
  [[nodiscard]] rocksdb::IOStatus sync();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

 private:
  class Log;
  struct State;
  std::shared_ptr<State> state_;  // shared with the logs, which RocksDB may close at any time
};

}  // namespace akyn::storage
