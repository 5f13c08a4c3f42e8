#include "shell/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <akyn/error.h>

namespace akyn::shell {

bool is_terminal(int file) {
  return isatty(file) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (!is_terminal(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

OutputBuffer::OutputBuffer() : buffer_(std::size_t{64} << 10) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

OutputBuffer::int_type OutputBuffer::overflow(int_type c) {
  write_out();
  if (c != traits_type::eof()) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int OutputBuffer::sync() {
  write_out();
  return 0;
}

void OutputBuffer::write_out() {
  const char* from = pbase();
  const char* const end = pptr();
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  while (from < end) {
    const ssize_t written = ::write(STDOUT_FILENO, from, static_cast<std::size_t>(end - from));
    if (written >= 0) {
      from += written;
    } else if (errno == EPIPE) {
      throw ClosedPipe();
    } else if (errno != EINTR) {
      throw Error(ErrorCode::io, std::string("standard output cannot be written: ") + std::strerror(errno));
    }
  }
}

Output::Output() : std::ostream(nullptr) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);
}

}  // namespace akyn::shell
