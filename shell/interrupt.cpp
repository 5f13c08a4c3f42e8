#include "shell/interrupt.h"

#include <atomic>
#include <utility>

namespace akyn::shell {
namespace {

// A signal handler can reach nothing else. Lock-free, and cancelling is one lock-free store, so both
// are safe in a handler.
std::atomic<CancelToken*> active_token{nullptr};
static_assert(std::atomic<CancelToken*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_interrupt(int /*signal*/) {
  if (CancelToken* token = active_token.load()) token->cancel();
}

}  // namespace

Interrupt::Interrupt(CancelToken token, bool second_kills) : token_(std::move(token)) {
  active_token.store(&token_);
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  // The default action comes back with the first signal: the second one ends the process.
  action.sa_flags = second_kills ? static_cast<int>(SA_RESETHAND) : 0;
  sigaction(SIGINT, &action, &previous_);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &previous_, nullptr);
  active_token.store(nullptr);
}

}  // namespace akyn::shell
