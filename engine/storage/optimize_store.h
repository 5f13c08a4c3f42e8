// Rebuilding an open store as one run of terms and one run of rows.
#pragma once

#include "engine/storage/optimize.h"
#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"

namespace akyn::storage {

// Readers go on, on the versions they have; so do writers, whose commits are translated at the end, when the writer
// slot is taken for a moment (waiting for the transaction that is open then, however long it takes). Terms that nothing
// uses any more go. Afterwards the store has one run of rows and one of terms, and what was committed meanwhile.
//
// All or nothing: what ends it (`options.progress` throws, an error, a kill) leaves the store as it was. Durable when
// it returns. Ids of before mean nothing in snapshots taken afterwards.
//
// Thread-safe; one at a time, and the background worker waits for it. Throws Error(io), Error(corruption).
void optimize_store(VersionStore& store, WriterSlot& slot, const MergeOptions& options);

}  // namespace akyn::storage
