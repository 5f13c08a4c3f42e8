// The list of a store's logs, by which one is missed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <rocksdb/file_system.h>

namespace akyn::storage {

// In a store, of its write-ahead logs. Not called by the name that they have, which "rm *.log*" takes. A line for each
// log: its name, and its length in bytes as far as it has been written down, which is 0 for the one that is being
// written to. Then the checksum of these lines, CRC-32C in hexadecimal.
//
//     000012.log 68102
//     000015.log 0
//     crc32c 8f3a2b1c
//
// RocksDB (7.8) takes the logs that it finds, each as far as it goes: of one that somebody has removed or cut the
// commits are gone without a word, and those of later logs are there. So a log is in the list before anything is
// written to it, with its length before the next one begins or when the store is closed, and until it is to be deleted.
// A store that has no list, as a backup has none, misses no log.
inline constexpr const char* kLogListFile = "akyn.wals";
// What becomes the list. Of no use when a process has left it.
inline constexpr const char* kNextLogListFile = "akyn.wals.new";

using LogLengths = std::map<std::string, std::uint64_t>;  // by name

// The names of the logs that are in a directory, in the order in which they were begun; none where there is no such
// directory.
[[nodiscard]] rocksdb::IOStatus logs_in(rocksdb::FileSystem& files, const std::string& directory,
                                        std::vector<std::string>& names);

// Puts another list in the place of the one that is there. Which of the two the device has is open until `directory`
// has been synced; it has one of them.
[[nodiscard]] rocksdb::IOStatus replace_log_list(rocksdb::FileSystem& files, const std::string& directory,
                                                 const LogLengths& lengths);

// Before RocksDB opens a store: every log that is listed is there, as long as it was or longer. This may be done beside
// processes that write, and make and discard the store. `directory`: the store's, which is named in messages; it need
// not have been made. Throws Error(corruption) with the file that is wrong, Error(io).
void check_log_list(rocksdb::FileSystem& files, const std::string& directory);

}  // namespace akyn::storage
