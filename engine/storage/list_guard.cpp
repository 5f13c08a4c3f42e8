#include "engine/storage/list_guard.h"

#include <string_view>
#include <utility>

#include "engine/storage/file_names.h"

namespace akyn::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

bool is_list(std::string_view name) {
  return name.starts_with("MANIFEST-");
}

// Lists, what they name, and logs, which an older list may need longer than a newer one.
bool is_listed(std::string_view name) {
  return is_list(name) || name.ends_with(".sst") || name.ends_with(".log");
}

class ListFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  ListFile(ListGuard& guard, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), guard_(guard) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    return watched(FSWritableFileOwnerWrapper::Append(data, options, context));
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& verification,
                  IODebugContext* context) override {
    return watched(FSWritableFileOwnerWrapper::Append(data, options, verification, context));
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    return watched(FSWritableFileOwnerWrapper::Flush(options, context));
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return watched(FSWritableFileOwnerWrapper::Sync(options, context));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return watched(FSWritableFileOwnerWrapper::Fsync(options, context));
  }

 private:
  // Before RocksDB knows of the error, and does something about it.
  IOStatus watched(IOStatus status) {
    if (!status.ok()) guard_.list_in_doubt();
    return status;
  }

  ListGuard& guard_;
};

class WatchedDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  WatchedDirectory(ListGuard& guard, std::unique_ptr<rocksdb::FSDirectory> directory)
      : FSDirectoryWrapper(std::move(directory)), guard_(guard) {}

  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions& why) override {
    IOStatus status = FSDirectoryWrapper::FsyncWithDirOptions(options, context, why);
    if (status.ok()) guard_.directory_synced(why);
    return status;
  }

 private:
  ListGuard& guard_;
};

}  // namespace

ListGuard::ListGuard(std::shared_ptr<rocksdb::FileSystem> files, std::string directory)
    : FileSystemWrapper(std::move(files)), directory_(std::move(directory)) {}

bool ListGuard::is_in_doubt() {
  const std::lock_guard lock(mutex_);
  return is_in_doubt_;
}

void ListGuard::list_in_doubt() {
  const std::lock_guard lock(mutex_);
  is_in_doubt_ = true;
}

void ListGuard::directory_synced(const rocksdb::DirFsyncOptions& why) {
  const bool is_list_in_place =
      why.reason == rocksdb::DirFsyncOptions::kFileRenamed && name_in(directory_, why.renamed_new_name) == "CURRENT";
  if (!is_list_in_place) return;
  std::set<std::string> due;
  {
    const std::lock_guard lock(mutex_);
    is_in_doubt_ = false;
    due.swap(held_back_);
  }
  for (const std::string& name : due) {
    const std::string path = directory_ + '/' + name;
    FileSystemWrapper::DeleteFile(path, IOOptions(), nullptr).PermitUncheckedError();  // goes at the next opening
  }
}

IOStatus ListGuard::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  const std::string listed(name_in(directory_, name));
  const bool makes_list = is_list(listed);
  {
    const std::lock_guard lock(mutex_);
    if (makes_list) is_in_doubt_ = true;
    held_back_.erase(listed);  // the first list of a store whose making has failed before
  }
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
  if (status.ok() && makes_list) *file = std::make_unique<ListFile>(*this, std::move(*file));
  return status;
}

IOStatus ListGuard::NewDirectory(const std::string& name, const IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, directory, context);
  if (status.ok()) *directory = std::make_unique<WatchedDirectory>(*this, std::move(*directory));
  return status;
}

IOStatus ListGuard::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) {
  const std::string_view listed = name_in(directory_, name);
  if (is_listed(listed)) {
    const std::lock_guard lock(mutex_);
    if (is_in_doubt_) {
      held_back_.emplace(listed);
      return IOStatus::OK();
    }
  }
  return FileSystemWrapper::DeleteFile(name, options, context);
}

}  // namespace akyn::storage
