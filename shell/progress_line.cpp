#include "shell/progress_line.h"

#include <unistd.h>

#include <iostream>

#include "shell/terminal.h"

namespace akyn::shell {

ProgressLine::ProgressLine() : enabled_(is_terminal(STDERR_FILENO)) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::clear() {
  if (shown_) std::cerr << "\r\x1B[K" << std::flush;
  shown_ = false;
}

bool ProgressLine::is_due() const {
  return enabled_ && std::chrono::steady_clock::now() - last_ >= std::chrono::milliseconds(200);
}

void ProgressLine::show(std::string_view text) {
  last_ = std::chrono::steady_clock::now();
  shown_ = true;
  std::cerr << "\r\x1B[K" << text << std::flush;
}

}  // namespace akyn::shell
