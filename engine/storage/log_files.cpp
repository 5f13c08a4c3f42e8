#include "engine/storage/log_files.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
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

IOStatus LogFiles::sync() {
  const std::lock_guard lock(newest_->mutex);
  if (newest_->log == nullptr) return IOStatus::OK();  // the older ones were synced when it began
  IOStatus status = newest_->log->Sync(IOOptions(), nullptr);
  if (!status.ok() || newest_->is_name_synced) return status;
  std::unique_ptr<rocksdb::FSDirectory> directory;
  status = NewDirectory(newest_->directory, IOOptions(), &directory, nullptr);
  if (status.ok()) status = directory->Fsync(IOOptions(), nullptr);
  newest_->is_name_synced = status.ok();
  return status;
}

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
  newest_->directory = name.substr(0, name.rfind('/'));
  newest_->is_name_synced = false;
  *file = std::move(log);
  return status;
}

IOStatus list_logs(rocksdb::FileSystem& files, const std::string& directory, std::vector<std::string>& names) {
  names.clear();
  IOStatus status = files.GetChildren(directory, IOOptions(), &names, nullptr);
  if (status.IsPathNotFound() || status.IsNotFound()) status = IOStatus::OK();
  std::erase_if(names, [](std::string_view name) {
    constexpr std::string_view kEnd = ".log";
    return !name.ends_with(kEnd) || name.find_first_not_of("0123456789") != name.size() - kEnd.size();
  });
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
