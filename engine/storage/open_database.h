// Opening a database with sizes of one's own, for tests and benchmarks.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/storage/database.h"
#include "engine/storage/tuning.h"

namespace akyn::storage {

// As Database::open and Database::in_memory.
[[nodiscard]] std::shared_ptr<Database> open_database(const std::filesystem::path& path, const StoreOptions& options,
                                                      const Tuning& tuning);
[[nodiscard]] std::shared_ptr<Database> open_database_in_memory(const StoreOptions& options, const Tuning& tuning);

}  // namespace akyn::storage
