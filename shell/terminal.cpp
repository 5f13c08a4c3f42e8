#include "shell/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace akyn::shell {

bool is_terminal(int file) {
  return isatty(file) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (!is_terminal(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

void reserve_standard_descriptors() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest number that is free is the one that is given.
    if (fcntl(file, F_GETFD) < 0) (void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

InputBuffer::InputBuffer(CancelToken token) : token_(std::move(token)), buffer_(std::size_t{64} << 10) {}

InputBuffer::int_type InputBuffer::underflow() {
  // A signal that comes just before the wait does not end it.
  constexpr int kWaitMilliseconds = 100;
  while (true) {
    if (token_.cancelled()) throw Error(ErrorCode::cancelled, "reading was cancelled");
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = poll(&input, 1, kWaitMilliseconds);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t count = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
    if (count > 0) {
      setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
      return traits_type::to_int_type(buffer_[0]);
    }
    if (count == 0) return traits_type::eof();
    if (errno != EINTR && errno != EAGAIN) {
      throw Error(ErrorCode::io, std::string("standard input cannot be read: ") + std::strerror(errno));
    }
  }
}

Input::Input(CancelToken token) : std::istream(nullptr), buffer_(std::move(token)) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);
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
      throw OutputFailure(ErrorCode::io, std::string("standard output cannot be written: ") + std::strerror(errno));
    }
  }
}

Output::Output() : std::ostream(nullptr) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);
}

}  // namespace akyn::shell
