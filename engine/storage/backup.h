// Copies of a store: of an open one, and back again.
#pragma once

#include <filesystem>
#include <functional>

#include "engine/storage/progress.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

// Makes a store at `directory`, which must not exist, of the newest committed state. Files that never change are hard
// links where that is possible, copies on another file system. Commits wait meanwhile; readers do not. Until it is
// complete and on the device it is in ".NAME.backing-up-..." beside it.
//
// Throws Error: invalid_argument (something is there already, or it is inside the store), unsupported (a store in
// memory), io. Thread-safe.
void back_up(VersionStore& store, const std::filesystem::path& directory);

// Makes a store at `directory`, which must not exist, of a backup, by copying all of its files: nothing is shared
// between the two. The copy is checked, complete and on the device before it gets its name; until then it is called
// ".NAME.restoring-..." beside it. Calls `progress` with bytes, and `check_copy` with where the copy is.
//
// Throws Error: not_found (no such backup), invalid_argument (something is there already, or it is inside the backup),
// io; and what the two functions throw, which leaves nothing.
void copy_backup(const std::filesystem::path& backup, const std::filesystem::path& directory,
                 const std::function<void(const std::filesystem::path&)>& check_copy, const WorkProgress& progress);

}  // namespace akyn::storage
