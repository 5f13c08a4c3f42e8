// Rebuilding an open store, or its later part, with new numbers for its terms.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/storage/optimize.h"
#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"

namespace akyn::storage {

// Readers go on, on the versions they have; so do writers, and the background worker. What they commit is translated
// while more is coming (later_commits.h), and the writer slot is taken for the end (waiting for the transaction that is
// open then, however long it takes), when few rows are left, or as much comes as is translated meanwhile. Writers wait
// for as long as it takes to write these once more, and to give the named graphs their new Ids. Terms that nothing uses
// any more go.
//
// All or nothing: what ends it (`options.progress` throws, an error, a kill) leaves the store as it was. Durable when
// it returns. Ids of before mean nothing in snapshots taken afterwards.
//
// Thread-safe; one at a time. The caller holds none of the store's locks. Throws Error(io), Error(corruption).

// Makes it one run of rows and one of terms, and what was committed meanwhile. Begins anew when that is too much for
// the memory there is.
void optimize_store(VersionStore& store, WriterSlot& slot, const MergeOptions& options);

// The background worker's part: when there are more than Tuning::most_term_runs, or more terms in the tail than
// Tuning::tail_terms, merges neighbours; with MergeGoal::rest also when the older of two is not much larger than all
// that is newer, and a tail as long as a run would be. False when there is nothing to do, somebody else is rebuilding
// the store, or what was committed meanwhile is too much for the memory there is.
//
// Runs are merged from the newest on, as long as one is not much larger than all that is newer, so that every term is
// renumbered as often as the sum doubles; rows are rewritten from the oldest run on that uses one of these terms. When
// that is all of them, or what is merged is a quarter of the oldest run of terms, or, with MergeGoal::rest, all rows
// are to become one run anyway, everything is.
bool merge_terms(VersionStore& store, WriterSlot& slot, const MergeOptions& options,
                 MergeGoal goal = MergeGoal::enough);

// Which terms that would be, by their first number; nothing when they are fine as they are. 1: all.
[[nodiscard]] std::optional<std::uint64_t> choose_terms(const Version& version, const Tuning& tuning,
                                                        MergeGoal goal = MergeGoal::enough);

}  // namespace akyn::storage
