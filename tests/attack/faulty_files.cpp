#include "tests/attack/faulty_files.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace akyn::storage::test {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// RocksDB writes some names with two slashes.
std::string cleaned(const std::string& name) {
  return fs::path(name).lexically_normal().string();
}

std::string parent_of(const std::string& name) {
  return fs::path(name).parent_path().string();
}

class ReadFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  ReadFile(const FaultyFiles& files, std::unique_ptr<rocksdb::FSSequentialFile> file)
      : FSSequentialFileOwnerWrapper(std::move(file)), files_(files) {}
  IOStatus Read(std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) override {
    const FaultyFiles::Operation operation(files_);
    return operation.fails() ? operation.status()
                             : FSSequentialFileOwnerWrapper::Read(n, options, result, scratch, context);
  }

 private:
  const FaultyFiles& files_;
};

class RandomFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomFile(const FaultyFiles& files, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), files_(files) {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    const FaultyFiles::Operation operation(files_);
    return operation.fails() ? operation.status()
                             : FSRandomAccessFileOwnerWrapper::Read(offset, n, options, result, scratch, context);
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    const FaultyFiles::Operation operation(files_);
    return operation.fails() ? operation.status()
                             : FSRandomAccessFileOwnerWrapper::MultiRead(requests, count, options, context);
  }

 private:
  const FaultyFiles& files_;
};

class WrittenFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WrittenFile(FaultyFiles& files, std::shared_ptr<FaultyFiles::File> state,
              std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), files_(files), state_(std::move(state)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    const FaultyFiles::Operation operation(files_);
    if (operation.fails()) return operation.status();
    IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, context);
    if (status.ok()) files_.appended(*state_, files_.written(*state_) + data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& /*verification*/,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* context) override {
    const FaultyFiles::Operation operation(files_);
    return operation.fails() ? operation.status() : FSWritableFileOwnerWrapper::Truncate(size, options, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    const std::uint64_t bytes = files_.written(*state_);  // appends may go on meanwhile
    const FaultyFiles::Operation operation(files_);
    if (operation.fails()) return operation.status();
    if (files_.sync_fails(*state_)) return IOStatus::IOError("a sync fails, as the test wants it");
    IOStatus status = FSWritableFileOwnerWrapper::Sync(options, context);
    if (status.ok()) files_.synced(*state_, bytes);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }
  // Not a promise: neither the system's nor RocksDB's.
  IOStatus RangeSync(std::uint64_t /*offset*/, std::uint64_t /*bytes*/, const IOOptions& /*options*/,
                     IODebugContext* /*context*/) override {
    return IOStatus::OK();
  }

 private:
  FaultyFiles& files_;
  std::shared_ptr<FaultyFiles::File> state_;
};

class SyncedDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  SyncedDirectory(FaultyFiles& files, std::string name, std::unique_ptr<rocksdb::FSDirectory> directory)
      : FSDirectoryWrapper(std::move(directory)), files_(files), name_(std::move(name)) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    const FaultyFiles::Operation operation(files_);
    if (operation.fails()) return operation.status();
    IOStatus status = FSDirectoryWrapper::Fsync(options, context);
    if (status.ok()) files_.directory_synced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions& /*which*/) override {
    return Fsync(options, context);
  }

 private:
  FaultyFiles& files_;
  std::string name_;
};

}  // namespace

FaultyFiles::FaultyFiles(fs::path spare, unsigned seed)
    : FileSystemWrapper(rocksdb::FileSystem::Default()), spare_(std::move(spare)), random_(seed) {}

void FaultyFiles::fail(std::uint64_t operation, Fault fault) {
  const std::lock_guard lock(mutex_);
  failing_ = operation;
  fault_ = fault;
}

std::uint64_t FaultyFiles::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

FaultyFiles::Operation::Operation(const FaultyFiles& files)
    : running_(files.running_), status_(files.next_operation()) {
  if (!files.power_is_gone()) return;
  running_.unlock();
  files.cut_power();
}

IOStatus FaultyFiles::next_operation() const {
  const std::lock_guard lock(mutex_);
  ++operations_;
  if (operations_ != failing_) return IOStatus::OK();
  if (fault_ == Fault::io_error) return IOStatus::IOError("an operation fails, as the test wants it");
  if (fault_ == Fault::no_space) return IOStatus::NoSpace("no room, as the test wants it");
  return IOStatus::OK();
}

bool FaultyFiles::sync_fails(const File& file) {
  const std::lock_guard lock(mutex_);
  if (!file.is_list) return false;
  ++list_syncs_;
  return (fault_ == Fault::list_sync && list_syncs_ == failing_) ||
         (fault_ == Fault::list_syncs && list_syncs_ >= failing_);
}

bool FaultyFiles::power_is_gone() const {
  const std::lock_guard lock(mutex_);
  return fault_ == Fault::power_cut && failing_ != 0 && operations_ >= failing_;
}

// By whoever comes first, once the operations that have begun are done.
void FaultyFiles::cut_power() const {
  const std::lock_guard alone(running_);
  lose_unsynced();
  ::_exit(137);
}

void FaultyFiles::appended(File& file, std::uint64_t end) {
  const std::lock_guard lock(mutex_);
  file.written = end;
}

std::uint64_t FaultyFiles::written(const File& file) const {
  const std::lock_guard lock(mutex_);
  return file.written;
}

void FaultyFiles::synced(File& file, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  file.synced = std::max(file.synced, bytes);
}

void FaultyFiles::directory_synced(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  std::error_code ignored;
  for (const Change& change : unsynced_[directory]) {
    if (!change.before.empty()) fs::remove(change.before, ignored);
  }
  unsynced_.erase(directory);
}

// A file that was there before is one that was synced.
std::shared_ptr<FaultyFiles::File> FaultyFiles::file_of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<File>& file = files_[name];
  if (file == nullptr) {
    file = std::make_shared<File>();
    std::error_code error;
    const std::uintmax_t size = fs::file_size(name, error);
    if (!error) file->written = file->synced = size;
  }
  return file;
}

FaultyFiles::Change FaultyFiles::change_of(const std::string& name) {
  Change change;
  change.name = name;
  if (!fs::exists(name)) return change;
  change.file_before = file_of(name);
  const std::lock_guard lock(mutex_);
  change.before = spare_ / std::to_string(++spares_);
  fs::create_hard_link(name, change.before);
  return change;
}

void FaultyFiles::remember(Change change) {
  const std::lock_guard lock(mutex_);
  unsynced_[parent_of(change.name)].push_back(std::move(change));
}

void FaultyFiles::undo(const Change& change) const {
  std::error_code ignored;
  if (!change.from.empty() && fs::exists(change.name)) {
    fs::rename(change.name, change.from);
    files_[change.from] = files_[change.name];
  }
  fs::remove_all(change.name, ignored);
  files_.erase(change.name);
  if (change.before.empty()) return;
  fs::rename(change.before, change.name);
  files_[change.name] = change.file_before;
}

void FaultyFiles::lose_unsynced() const {
  // What is in a directory goes before the directory itself.
  for (auto of_directory = unsynced_.rbegin(); of_directory != unsynced_.rend(); ++of_directory) {
    std::vector<Change>& changes = of_directory->second;
    const std::size_t kept = random_() % (changes.size() + 1);
    while (changes.size() > kept) {
      undo(changes.back());
      changes.pop_back();
    }
  }
  unsynced_.clear();
  for (const auto& [name, file] : files_) {
    if (file->written == file->synced || !fs::exists(name)) continue;
    std::uint64_t kept = file->synced;
    // All, nothing, or a part that ends anywhere.
    switch (random_() % 3) {
      case 0:
        kept = file->written;
        break;
      case 1:
        kept += random_() % (file->written - file->synced + 1);
        break;
      default:
        break;
    }
    fs::resize_file(name, kept);
    file->written = file->synced = kept;
  }
}

IOStatus FaultyFiles::NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  IOStatus status = FileSystemWrapper::NewSequentialFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<ReadFile>(*this, std::move(*file));
  return status;
}

IOStatus FaultyFiles::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  IOStatus status = FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<RandomFile>(*this, std::move(*file));
  return status;
}

IOStatus FaultyFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  const std::string path = cleaned(name);
  Change change = change_of(path);
  // What has another name, too, is not to be emptied with it.
  std::error_code ignored;
  fs::remove(path, ignored);
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
  if (!status.ok()) return status;
  remember(std::move(change));
  {
    const std::lock_guard lock(mutex_);
    const auto state = std::make_shared<File>();
    state->is_list = fs::path(path).filename().string().starts_with("MANIFEST");
    files_[path] = state;
  }
  *file = std::make_unique<WrittenFile>(*this, file_of(path), std::move(*file));
  return status;
}

IOStatus FaultyFiles::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  std::shared_ptr<File> state = file_of(cleaned(name));
  IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<WrittenFile>(*this, std::move(state), std::move(*file));
  return status;
}

IOStatus FaultyFiles::NewDirectory(const std::string& name, const IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, directory, context);
  if (status.ok()) *directory = std::make_unique<SyncedDirectory>(*this, cleaned(name), std::move(*directory));
  return status;
}

IOStatus FaultyFiles::GetChildren(const std::string& name, const IOOptions& options, std::vector<std::string>* children,
                                  IODebugContext* context) {
  const Operation operation(*this);
  return operation.fails() ? operation.status() : FileSystemWrapper::GetChildren(name, options, children, context);
}

IOStatus FaultyFiles::GetFileSize(const std::string& name, const IOOptions& options, std::uint64_t* size,
                                  IODebugContext* context) {
  const Operation operation(*this);
  return operation.fails() ? operation.status() : FileSystemWrapper::GetFileSize(name, options, size, context);
}

IOStatus FaultyFiles::CreateDirIfMissing(const std::string& name, const IOOptions& options, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  const std::string path = cleaned(name);
  const bool is_new = !fs::exists(path);
  IOStatus status = FileSystemWrapper::CreateDirIfMissing(name, options, context);
  if (status.ok() && is_new) {
    Change change;
    change.name = path;
    remember(std::move(change));
  }
  return status;
}

IOStatus FaultyFiles::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  const std::string path = cleaned(name);
  Change change = change_of(path);
  IOStatus status = FileSystemWrapper::DeleteFile(name, options, context);
  if (!status.ok()) return status;
  remember(std::move(change));
  const std::lock_guard lock(mutex_);
  files_.erase(path);
  return status;
}

IOStatus FaultyFiles::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                 IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  const std::string source = cleaned(from);
  const std::string target = cleaned(to);
  std::shared_ptr<File> file = file_of(source);
  Change change = change_of(target);
  change.from = source;
  IOStatus status = FileSystemWrapper::RenameFile(from, to, options, context);
  if (!status.ok()) return status;
  remember(std::move(change));
  const std::lock_guard lock(mutex_);
  files_[target] = std::move(file);
  files_.erase(source);
  return status;
}

IOStatus FaultyFiles::LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                               IODebugContext* context) {
  const Operation operation(*this);
  if (operation.fails()) return operation.status();
  std::shared_ptr<File> file = file_of(cleaned(from));
  const std::string target = cleaned(to);
  Change change = change_of(target);
  IOStatus status = FileSystemWrapper::LinkFile(from, to, options, context);
  if (!status.ok()) return status;
  remember(std::move(change));
  const std::lock_guard lock(mutex_);
  files_[target] = std::move(file);
  return status;
}

}  // namespace akyn::storage::test
