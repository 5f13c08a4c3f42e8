// Standard output and the terminal.
#pragma once

#include <cstddef>
#include <ostream>
#include <streambuf>
#include <vector>

namespace akyn::shell {

[[nodiscard]] bool is_terminal(int file);
// Columns of the terminal that standard output is; 0 when it is none.
[[nodiscard]] std::size_t terminal_width();

// Thrown by Output when whoever read it has gone, as `akyn ... | head` does. Not an error to speak of.
struct ClosedPipe {};

class OutputBuffer final : public std::streambuf {
 public:
  OutputBuffer();

 private:
  int_type overflow(int_type c) override;
  int sync() override;
  void write_out();

  std::vector<char> buffer_;
};

// Standard output, buffered. Throws ClosedPipe, or Error(io) when the text cannot be written, from the
// call that finds out; the last one should be flush().
class Output final : public std::ostream {
 public:
  Output();

 private:
  OutputBuffer buffer_;
};

}  // namespace akyn::shell
