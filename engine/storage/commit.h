// Writing a transaction's net changes, all or nothing.
#pragma once

#include <akyn/options.h>
#include "engine/storage/rocks.h"
#include "engine/storage/snapshot.h"

namespace akyn::storage {

// Makes the changes the newest committed state. Does nothing when nothing would change.
//
// Up to kLargestBatch changes go into one write batch: one entry of the log, synced as `durability`
// says. More are written as table files, sorted, which RocksDB then takes in together: that needs
// no memory for the rows, no log and no compaction, and is always synced.
//
// New terms are written when a net insertion uses them, directly or inside a triple term. The others
// are left out, and a commit that changes anything leaves their Ids unused for good.
//
// Throws Error(io); then nothing has changed.
// Precondition: the caller holds the writer slot since before `pending.base` was taken.
void write_commit(Rocks& rocks, const Pending& pending, Durability durability);

inline constexpr std::size_t kLargestBatch = 100'000;

}  // namespace akyn::storage
