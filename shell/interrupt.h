// Ctrl-C as a CancelToken.
#pragma once

#include <csignal>

#include <akyn/query.h>

namespace akyn::shell {

// While one of these lives, SIGINT cancels the token instead of ending the process; a second SIGINT ends it
// when `second_kills`. One at a time, in the main thread.
class Interrupt {
 public:
  explicit Interrupt(CancelToken token, bool second_kills);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

 private:
  CancelToken token_;
  struct sigaction previous_ {};
};

}  // namespace akyn::shell
