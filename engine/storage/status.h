// The one place where a RocksDB status becomes an akyn::Error.
#pragma once

#include <string>
#include <string_view>

#include <rocksdb/status.h>

namespace akyn::storage {

// Throws the Error that `status` stands for; its message names the store, `where`, and ends with `then`.
[[noreturn]] void throw_status(const rocksdb::Status& status, std::string_view where, std::string_view then = {});

inline void check(const rocksdb::Status& status, std::string_view where) {
  if (!status.ok()) [[unlikely]]
    throw_status(status, where);
}

// Of an operation on a file or directory: there is none of that name.
[[nodiscard]] inline bool is_missing(const rocksdb::Status& status) {
  return status.IsPathNotFound() || status.IsNotFound();
}

// Throws Error(corruption) for stored bytes that cannot be what they should.
[[noreturn]] void throw_corruption(std::string_view where, std::string_view what);

}  // namespace akyn::storage
