#include "engine/storage/log_files.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "engine/storage/file_names.h"

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

  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*context*/) override {
    const std::lock_guard lock(newest_->mutex);
    return sync();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }

  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    leave();
    return FSWritableFileOwnerWrapper::Close(options, context);
  }

  // Under the mutex.
  IOStatus sync() {
    IOStatus& failure = newest_->failure;
    if (failure.ok()) failure = FSWritableFileOwnerWrapper::Sync(IOOptions(), nullptr);
    return failure;
  }

 private:
  void leave() {
    const std::lock_guard lock(newest_->mutex);
    if (newest_->log != this) return;
    sync().PermitUncheckedError();
    newest_->log = nullptr;
  }

  std::shared_ptr<Newest> newest_;
};

LogFiles::LogFiles(std::shared_ptr<rocksdb::FileSystem> files, std::string directory)
    : FileSystemWrapper(std::move(files)), directory_(std::move(directory)), newest_(std::make_shared<Newest>()) {}

LogFiles::~LogFiles() = default;

IOStatus LogFiles::sync() {
  const std::lock_guard lock(newest_->mutex);
  if (newest_->log == nullptr) return newest_->failure;
  IOStatus status = newest_->log->sync();
  if (!status.ok() || newest_->is_name_synced) return status;
  newest_->failure = newest_->directory->Fsync(IOOptions(), nullptr);
  newest_->is_name_synced = newest_->failure.ok();
  return newest_->failure;
}

IOStatus LogFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  if (!is_log(name_in(directory_, name))) return FileSystemWrapper::NewWritableFile(name, options, file, context);
  // Held while the older one is synced, which must not be closed meanwhile.
  const std::lock_guard lock(newest_->mutex);
  IOStatus status = newest_->log == nullptr ? newest_->failure : newest_->log->sync();
  if (status.ok() && newest_->directory == nullptr) {
    status = NewDirectory(directory_, IOOptions(), &newest_->directory, context);
  }
  if (status.ok()) status = FileSystemWrapper::NewWritableFile(name, options, file, context);
  if (!status.ok()) return status;
  auto log = std::make_unique<Log>(newest_, std::move(*file));
  newest_->log = log.get();
  newest_->is_name_synced = false;
  *file = std::move(log);
  return status;
}

IOStatus list_logs(rocksdb::FileSystem& files, const std::string& directory, std::vector<std::string>& names) {
  names.clear();
  IOStatus status = files.GetChildren(directory, IOOptions(), &names, nullptr);
  if (status.IsPathNotFound() || status.IsNotFound()) status = IOStatus::OK();
  std::erase_if(names, [](std::string_view name) { return !is_log(name); });
  // Numbers have six digits at least, and those with more come later.
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  });
  return status;
}

IOStatus sync_logs(rocksdb::FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  IOStatus status = list_logs(files, directory, names);
  for (const std::string& name : names) {
    std::unique_ptr<rocksdb::FSWritableFile> log;
    if (status.ok()) status = files.ReopenWritableFile(directory + '/' + name, rocksdb::FileOptions(), &log, nullptr);
    if (status.ok()) status = log->Sync(IOOptions(), nullptr);
    if (status.ok()) status = log->Close(IOOptions(), nullptr);
  }
  return status;
}

}  // namespace akyn::storage
