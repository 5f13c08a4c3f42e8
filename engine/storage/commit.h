// Writing a transaction's net changes, all or nothing.
#pragma once

#include <akyn/options.h>
#include "engine/storage/pending.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

// Makes the changes the newest committed state (change_set.h says in what form). Does nothing when nothing would
// change. Not synced: VersionStore::sync() makes it durable, and then it is the commit's turn to be told. A commit that
// changes anything leaves the Ids of new terms that no row uses unused for good.
//
// Throws Error(io): then nobody sees anything of it, and what the disk holds shows when the store is next opened.
// Precondition: the caller holds the writer slot since before pending's base was taken.
[[nodiscard]] CommitFeed::Turn write_commit(VersionStore& store, const Pending& pending);
// What is left of a commit, with the writer slot given back, so that the next writer may begin: makes it durable if it
// is to be, tells of it, counts what the first one has brought. When it cannot be made durable it is there and told of
// all the same: only the device may not have it. Throws Error(io), and what listeners throw.
void finish_commit(VersionStore& store, CommitFeed::Turn& turn, Durability durability);

}  // namespace akyn::storage
