#include "engine/storage/lasting_directory.h"

#include <unistd.h>

#include <memory>
#include <system_error>

namespace akyn::storage {

namespace fs = std::filesystem;

std::vector<fs::path> missing_directories(const fs::path& directory) {
  std::vector<fs::path> missing;
  std::error_code error;
  fs::path path = fs::absolute(directory);
  if (!path.has_filename()) path = path.parent_path();  // a slash behind it
  for (; path.has_relative_path() && !fs::exists(path, error); path = path.parent_path()) missing.push_back(path);
  return missing;
}

rocksdb::Status make_directories(rocksdb::Env& files, const fs::path& directory) {
  const std::vector<fs::path> missing = missing_directories(directory);
  if (missing.empty()) return sync_name(files, directory);
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    rocksdb::Status status = files.CreateDirIfMissing(path->string());
    if (status.ok()) status = sync_name(files, *path);
    if (!status.ok()) return status;
  }
  return rocksdb::Status::OK();
}

rocksdb::Status sync_name(rocksdb::Env& files, const fs::path& directory) {
  // The name to keep is the one that the links on the way lead to.
  std::error_code error;
  const fs::path parent = fs::canonical(directory, error).parent_path();
  if (error) return rocksdb::Status::IOError(directory.string(), error.message());
  // What one may write to and not read cannot be opened, and so not be synced either.
  if (::access(parent.c_str(), R_OK) != 0) return rocksdb::Status::OK();
  std::unique_ptr<rocksdb::Directory> opened;
  const rocksdb::Status status = files.NewDirectory(parent.string(), &opened);
  return status.ok() ? opened->Fsync() : status;
}

}  // namespace akyn::storage
