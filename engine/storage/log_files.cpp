#include "engine/storage/log_files.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace akyn::storage {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class LogFiles::Log final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  Log(std::shared_ptr<Newest> newest, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), newest_(std::move(newest)) {}
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() override { leave(); }

  void SetPreallocationBlockSize(std::size_t bytes) override {
    constexpr std::size_t kMost = std::size_t{1} << 20;
    FSWritableFileOwnerWrapper::SetPreallocationBlockSize(std::min(bytes, kMost));
  }

  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    leave();
    return FSWritableFileOwnerWrapper::Close(options, context);
  }

 private:
  void leave() noexcept {
    const std::lock_guard lock(newest_->mutex);
    if (newest_->log == this) newest_->log = nullptr;
  }

  std::shared_ptr<Newest> newest_;
};

LogFiles::LogFiles(std::shared_ptr<rocksdb::FileSystem> files)
    : FileSystemWrapper(std::move(files)), newest_(std::make_shared<Newest>()) {}

LogFiles::~LogFiles() = default;

IOStatus LogFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  if (!name.ends_with(".log")) return FileSystemWrapper::NewWritableFile(name, options, file, context);
  // Held while the older one is synced, which must not be closed meanwhile.
  const std::lock_guard lock(newest_->mutex);
  if (newest_->log != nullptr) {
    IOStatus status = newest_->log->Sync(IOOptions(), context);
    if (!status.ok()) return status;
  }
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
  if (!status.ok()) return status;
  auto log = std::make_unique<Log>(newest_, std::move(*file));
  newest_->log = log.get();
  *file = std::move(log);
  return status;
}

}  // namespace akyn::storage
