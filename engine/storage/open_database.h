// Opening a database with sizes and a file system of one's own, for tests and benchmarks.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/storage/database.h"
#include "engine/storage/tuning.h"

namespace rocksdb {
class Env;
}

namespace akyn::storage {

// As Database::open and Database::in_memory. RocksDB, which has all that is to stay, reaches its files through `files`;
// the lock of the store and files without names are the system's.
[[nodiscard]] std::shared_ptr<Database> open_database(const std::filesystem::path& path, const StoreOptions& options,
                                                      const Tuning& tuning,
                                                      std::shared_ptr<rocksdb::Env> files = nullptr);
[[nodiscard]] std::shared_ptr<Database> open_database_in_memory(const StoreOptions& options, const Tuning& tuning);

}  // namespace akyn::storage
