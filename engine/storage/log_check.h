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
// their records to the first that is not whole. That is a write that was torn when the file ends before the record can,
// or has nothing but zeros from where its length would be - unless the record is whole with another length, of which
// one byte is another one, or the next batch comes after it. Everything else is damage. Checksums of whole records are
// left to RocksDB, which finds every one that is wrong.
//
// So one damaged byte is found wherever it is, and more of them nearly always. What is not found: damage to the length
// of a record and to more of it, in the last 32 KiB of a log with no batch after it, or in those of the list; the end
// of a file that has become zeros; and that a file has lost its end, which log_list.h finds of logs.
//
// All logs are looked at, also those that RocksDB needs no more. This may be done beside a process that writes: what
// has been appended to a file is seen in that order, and files that go meanwhile are of no matter. What comes later is
// not looked at. `directory`: the store's, which is named in messages; it need not have been made. Throws
// Error(corruption) with the file and the place, Error(io).
void check_logs(rocksdb::FileSystem& files, const std::string& directory);

}  // namespace akyn::storage
