// The one exception type of Akyn.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include <akyn/export.h>

namespace akyn {

// What went wrong, for programs. People read Error::what().
enum class ErrorCode : std::uint8_t {
  syntax,            // a query, update or data file is not well formed
  invalid_argument,  // a call was made with values it cannot take
  not_found,         // a file, store, column or prefix does not exist
  not_a_store,       // the path exists and is something else
  format_version,    // the store was written by an incompatible version
  locked,            // another process or transaction holds the store
  read_only,         // a write was asked of a store opened for reading
  closed,            // the store was closed, or the transaction has ended
  io,                // the operating system refused: disk full, permission, ...
  corruption,        // stored bytes are damaged
  cancelled,         // the caller cancelled the work
  timeout,           // a deadline passed
  limit,             // a limit on memory, rows or nesting was reached
  unsupported,       // well formed, but switched off or outside what Akyn does
  internal,          // a broken invariant: a bug in Akyn
};

// A place in a text. Lines and columns count from 1; columns count Unicode code points.
struct SourceLocation {
  std::string source;  // file name, or "query", "stdin", ...
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::string line_text;     // the line itself, shortened around the column when very long; no line break
  std::uint64_t caret = 0;   // code points of line_text before the caret
  std::uint64_t length = 1;  // code points to underline, at least 1
};

// Thrown by every function of the library that fails, whatever the cause, std::bad_alloc aside.
//
// what() is ready to print, control characters as escapes (\u001B). With a location it reads as a compiler's
// diagnostic:
//
//     facts.ttl:3:17: error: unknown prefix 'foa'; did you mean 'foaf'?
//     3 | :Japarov foa:name "Sadyr Japarov" .
//       |          ^~~
class AKYN_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorCode code, std::string message);
  Error(ErrorCode code, std::string message, SourceLocation location);

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  // The message alone: no location, no source line, texts in it as they are.
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const std::optional<SourceLocation>& location() const noexcept { return location_; }

 private:
  ErrorCode code_;
  std::string message_;
  std::optional<SourceLocation> location_;
};

}  // namespace akyn
