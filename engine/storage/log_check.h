// Damage that RocksDB takes for the end of a log.
#pragma once

#include <string>

#include <rocksdb/file_system.h>

namespace akyn::storage {

// A log, and RocksDB's list of its files, which has the same form, ends where the last write to it was torn. RocksDB
// (7.8) takes more than that for such an end, and drops without a word what follows: a record whose length is damaged,
// so that it seems to end behind the end of the file; a record whose type is damaged, so that it seems to be left over
// from another log; a stretch of zeros.
//
// This looks at the logs of a store, and at the list that CURRENT names, before RocksDB does. It follows the headers of
// their records to the first that is not whole. That is a write that was torn when the file ends before the record
// does, as records go, or has nothing but zeros from there on; and when no whole record comes after it. Everything else
// is damage. Checksums of whole records are left to RocksDB, which finds every one that is wrong.
//
// Also beside a process that writes: what has been appended to a file is seen in that order. Files that go meanwhile
// are of no matter. `directory`: the store's, which is named in messages; it need not have been made. Throws
// Error(corruption) with the file and the place, Error(io).
void check_logs(rocksdb::FileSystem& files, const std::string& directory);

}  // namespace akyn::storage
