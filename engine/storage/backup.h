// Copying an open store.
#pragma once

#include <filesystem>

#include "engine/storage/version_store.h"

namespace akyn::storage {

// Makes a store at `directory`, which must not exist, of the newest committed state. Files that never change are hard
// links where that is possible, copies on another file system. Commits wait meanwhile; readers do not.
//
// Throws Error: invalid_argument (something is there already), unsupported (a store in memory), io. Thread-safe.
void back_up(VersionStore& store, const std::filesystem::path& directory);

}  // namespace akyn::storage
