// Standard input and output, and the terminal.
#pragma once

#include <cstddef>
#include <istream>
#include <ostream>
#include <streambuf>
#include <vector>

#include <akyn/error.h>
#include <akyn/query.h>

namespace akyn::shell {

[[nodiscard]] bool is_terminal(int file);
// Columns of the terminal that standard output is; 0 when it is none.
[[nodiscard]] std::size_t terminal_width();

// Opens what is closed of the descriptors 0, 1 and 2, in a way that reading or writing fails: else files of
// a store would get these numbers, and answers would be written into them. To be called first of all.
void reserve_standard_descriptors();

class InputBuffer final : public std::streambuf {
 public:
  explicit InputBuffer(CancelToken token);

 private:
  int_type underflow() override;

  CancelToken token_;
  std::vector<char> buffer_;
};

// Standard input. Reading throws Error(cancelled) when the token is cancelled before more has come, and
// Error(io) when it fails.
class Input final : public std::istream {
 public:
  explicit Input(CancelToken token);

 private:
  InputBuffer buffer_;
};

// Thrown by Output when whoever read it has gone, as `akyn ... | head` does. Not an error to speak of.
struct ClosedPipe {};
// Thrown by Output when the text cannot be written.
struct OutputFailure final : Error {
  using Error::Error;
};

class OutputBuffer final : public std::streambuf {
 public:
  OutputBuffer();

 private:
  int_type overflow(int_type c) override;
  int sync() override;
  void write_out();

  std::vector<char> buffer_;
};

// Standard output, buffered. Throws ClosedPipe or OutputFailure from the call that finds out; the last one
// should be flush().
class Output final : public std::ostream {
 public:
  Output();

 private:
  OutputBuffer buffer_;
};

}  // namespace akyn::shell
