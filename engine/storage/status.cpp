#include "engine/storage/status.h"

#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

// RocksDB (7.8) says that a store is damaged when it cannot find out how long its files are. Of a file that is missing,
// or has another length, that is true.
bool cannot_be_looked_at(std::string_view text) {
  const auto says = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  return says("Can't access ") && says("IO error: ") && !says("No such file or directory") && !says("size mismatch");
}

ErrorCode code_of(const rocksdb::Status& status, const std::string& text) {
  if (status.IsCorruption()) return cannot_be_looked_at(text) ? ErrorCode::io : ErrorCode::corruption;
  // A file that the manifest lists and the directory lacks: somebody removed part of the store.
  if (status.IsPathNotFound()) return ErrorCode::corruption;
  // RocksDB gives its lock no code of its own; both of its messages end with the lock file's name.
  if (status.IsIOError() && text.find("/LOCK: ") != std::string::npos &&
      (text.find("lock hold by current process") != std::string::npos ||
       text.find("While lock file") != std::string::npos)) {
    return ErrorCode::locked;
  }
  if (status.IsIOError() || status.IsNoSpace() || status.IsTimedOut() || status.IsTryAgain()) return ErrorCode::io;
  if (status.IsMemoryLimit()) return ErrorCode::limit;
  return ErrorCode::internal;
}

}  // namespace

void throw_status(const rocksdb::Status& status, std::string_view where, std::string_view then) {
  const std::string text = status.ToString();
  const ErrorCode code = code_of(status, text);
  switch (code) {
    case ErrorCode::corruption:
      throw Error(code, fmt::format("store '{}' is damaged: {}{}", where, text, then));
    case ErrorCode::locked:
      throw Error(code, fmt::format("store '{}' is open in another program: {}{}", where, text, then));
    default:
      throw Error(code, fmt::format("store '{}': {}{}", where, text, then));
  }
}

void throw_corruption(std::string_view where, std::string_view what) {
  throw Error(ErrorCode::corruption, fmt::format("store '{}' is damaged: {}", where, what));
}

}  // namespace akyn::storage
