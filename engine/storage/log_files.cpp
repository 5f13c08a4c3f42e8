#include "engine/storage/log_files.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <utility>

#include "engine/storage/file_names.h"
#include "engine/storage/log_list.h"

namespace akyn::storage {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

struct LogFiles::State {
  State(std::shared_ptr<rocksdb::FileSystem> files_, std::string directory_)
      : files(std::move(files_)), directory(std::move(directory_)) {}

  const std::shared_ptr<rocksdb::FileSystem> files;
  const std::string directory;

  std::mutex mutex;                             // for all that follows
  Log* newest = nullptr;                        // the one begun last, as long as it is open
  LogLengths lengths;                           // of the logs that are there, as the next list has them
  std::unique_ptr<rocksdb::FSDirectory> names;  // opened when it is first to be synced
  IOStatus failure;                             // of the first sync that failed

  // Under the mutex.
  IOStatus sync_names() {
    IOStatus status = failure;
    if (status.ok() && names == nullptr) status = files->NewDirectory(directory, IOOptions(), &names, nullptr);
    if (status.ok()) status = failure = names->Fsync(IOOptions(), nullptr);
    return status;
  }

  // Under the mutex. Keeps `wanted` when that is what the device has.
  IOStatus list(LogLengths wanted) {
    IOStatus status = failure;
    if (status.ok()) status = replace_log_list(*files, directory, wanted);
    if (status.ok()) status = sync_names();
    if (status.ok()) lengths = std::move(wanted);
    return status;
  }
};

class LogFiles::Log final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  Log(std::shared_ptr<State> state, std::string_view name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), state_(std::move(state)), name_(name) {}
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() override { leave(); }

  void SetPreallocationBlockSize(std::size_t bytes) override {
    constexpr std::size_t kMost = std::size_t{1} << 20;
    FSWritableFileOwnerWrapper::SetPreallocationBlockSize(std::min(bytes, kMost));
  }

  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*context*/) override {
    const std::lock_guard lock(state_->mutex);
    return sync();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }

  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    leave();
    return FSWritableFileOwnerWrapper::Close(options, context);
  }

  // Under the mutex.
  IOStatus sync() {
    IOStatus& failure = state_->failure;
    if (failure.ok()) failure = FSWritableFileOwnerWrapper::Sync(IOOptions(), nullptr);
    return failure;
  }

  // Under the mutex, when nothing more will be appended: syncs it, and writes down its length.
  IOStatus finish(LogLengths& lengths) {
    const std::uint64_t length = FSWritableFileOwnerWrapper::GetFileSize(IOOptions(), nullptr);
    IOStatus status = sync();
    const auto listed = lengths.find(name_);
    if (status.ok() && listed != lengths.end()) listed->second = length;  // none of one that has been deleted
    return status;
  }

 private:
  void leave() {
    const std::lock_guard lock(state_->mutex);
    if (state_->newest != this) return;
    state_->newest = nullptr;
    LogLengths lengths = state_->lengths;
    if (finish(lengths).ok() && lengths != state_->lengths) {
      state_->list(std::move(lengths)).PermitUncheckedError();  // then it is listed without its length
    }
  }

  std::shared_ptr<State> state_;
  std::string name_;
};

LogFiles::LogFiles(std::shared_ptr<rocksdb::FileSystem> files, std::string directory)
    : FileSystemWrapper(files), state_(std::make_shared<State>(std::move(files), std::move(directory))) {}

LogFiles::~LogFiles() = default;

IOStatus LogFiles::take_over() {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> names;
  IOStatus status = logs_in(*target(), state_->directory, names);
  for (const std::string& name : names) {
    const std::string path = state_->directory + '/' + name;
    std::unique_ptr<rocksdb::FSWritableFile> log;
    if (status.ok()) status = ReopenWritableFile(path, rocksdb::FileOptions(), &log, nullptr);
    if (status.ok()) status = log->Sync(IOOptions(), nullptr);
    if (status.ok()) status = log->Close(IOOptions(), nullptr);
    if (status.ok()) status = GetFileSize(path, IOOptions(), &state_->lengths[name], nullptr);
  }
  return status;
}

IOStatus LogFiles::sync() {
  const std::lock_guard lock(state_->mutex);
  return state_->newest == nullptr ? state_->failure : state_->newest->sync();
}

IOStatus LogFiles::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  const std::string name(name_in(state_->directory, path));
  if (!is_log(name)) return FileSystemWrapper::NewWritableFile(path, options, file, context);
  file->reset();  // it may be a log, whose end waits for the lock
  // Held while the older one is synced, which must not be closed meanwhile.
  const std::lock_guard lock(state_->mutex);
  LogLengths lengths = state_->lengths;
  IOStatus status = state_->newest == nullptr ? state_->failure : state_->newest->finish(lengths);
  if (status.ok()) status = FileSystemWrapper::NewWritableFile(path, options, file, context);
  // What is listed has to be there. An empty log that is not listed is of no matter, so it stays when that fails.
  if (status.ok()) status = state_->sync_names();
  lengths[name] = 0;
  if (status.ok()) status = state_->list(std::move(lengths));
  if (!status.ok()) {
    file->reset();
    return status;
  }
  auto log = std::make_unique<Log>(state_, name, std::move(*file));
  state_->newest = log.get();
  *file = std::move(log);
  return status;
}

IOStatus LogFiles::DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* context) {
  const std::string name(name_in(state_->directory, path));
  if (is_log(name)) {
    const std::lock_guard lock(state_->mutex);
    LogLengths rest = state_->lengths;
    rest.erase(name);
    IOStatus status = state_->list(std::move(rest));
    if (!status.ok()) return status;
  }
  return FileSystemWrapper::DeleteFile(path, options, context);
}

}  // namespace akyn::storage
