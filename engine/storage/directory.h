// What is at a path: a store, room for one, or something else.
#pragma once

#include <filesystem>

#include <akyn/options.h>
#include "engine/storage/holder_lock.h"

namespace akyn::storage {

// Makes sure that RocksDB may be opened at `directory` as `options` say: creates the directory when
// allowed, and takes the lock unless read-only. Nothing in a directory that is not a store is touched.
//
// Throws Error: not_found, not_a_store, format_version, locked, corruption, io.
[[nodiscard]] HolderLock prepare_directory(const std::filesystem::path& directory, const StoreOptions& options);

// Throws Error(format_version) for a version that is not kFormatVersion.
void check_format_version(std::uint32_t version, const std::string& name);

}  // namespace akyn::storage
