#include "engine/storage/backup.h"

#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>

#include <akyn/error.h>
#include "engine/storage/status.h"

namespace akyn::storage {

void back_up(VersionStore& store, const std::filesystem::path& directory) {
  Rocks& rocks = store.rocks();
  if (rocks.is_in_memory()) {
    throw Error(ErrorCode::unsupported, "a store in memory has no files to copy: write a dump instead");
  }
  std::error_code error;
  if (std::filesystem::symlink_status(directory, error).type() != std::filesystem::file_type::not_found) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot back up to '{}': there is something there already", directory.string()));
  }
  const std::filesystem::path parent = std::filesystem::absolute(directory).lexically_normal().parent_path();
  std::filesystem::create_directories(parent, error);
  if (error) {
    throw Error(ErrorCode::io, fmt::format("cannot back up to '{}': {}", directory.string(), error.message()));
  }
  rocksdb::Checkpoint* created = nullptr;
  check(rocksdb::Checkpoint::Create(&rocks.db(), &created), rocks.name());
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
  // Nothing may come between the list of files and the log that says which of them count.
  const auto structure = store.lock_structure();
  const auto changes = store.lock_changes();
  const rocksdb::Status status = checkpoint->CreateCheckpoint(std::filesystem::absolute(directory).string());
  if (!status.ok()) std::filesystem::remove_all(directory, error);
  check(status, rocks.name());
}

}  // namespace akyn::storage
