// Checking a store against itself.
#pragma once

#include "engine/storage/progress.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Reads the whole store and checks that
//   - RocksDB's files have the checksums they were written with;
//   - every block agrees with what the directory says of it;
//   - the orders of each partition hold the same rows, in each run and in the records of commits, with Ids that may
//     stand in their places;
//   - every Id in a row, a triple term or a graph's name is known: to the dictionary, or as a blank node that was made;
//   - the dictionary's two directions are inverse, each Id has the type its term asks for, and no
//     term that fits into an Id is among them;
//   - the counters, and the sizes of the named graphs, are those of what is there.
// Terms that nothing refers to any more are allowed.
//
// Throws Error(corruption) saying what disagrees, Error(io), and what `progress` throws, which may be empty.
void verify_store(const Version& version, const WorkProgress& progress);

}  // namespace akyn::storage
