#include "engine/runtime/limits.h"

#include <string>

#include <akyn/error.h>

namespace akyn::runtime {

void Budget::check() {
  if (stopped_ != nullptr) {
    if (stopped_->load(std::memory_order_relaxed)) throw Error(ErrorCode::cancelled, "the query has ended");
    shared_->used.fetch_add(terms(), std::memory_order_relaxed);
    counted_terms_ = terms_->memory();
  }
  if (limits_.cancelled != nullptr && limits_.cancelled->load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::cancelled, "the query was cancelled");
  }
  if (limits_.deadline && std::chrono::steady_clock::now() >= shared_->deadline.load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::timeout, "the query did not finish within its time limit");
  }
  if (held() > limits_.max_bytes) fail_for_memory();
}

void Budget::pause() noexcept {
  if (!limits_.deadline) return;
  paused_ = std::chrono::steady_clock::now();
  shared_->deadline = TimePoint::max();
}

void Budget::resume() noexcept {
  if (!paused_) return;
  *limits_.deadline += std::chrono::steady_clock::now() - *paused_;
  paused_.reset();
  shared_->deadline = *limits_.deadline;
}

void Budget::fail_for_memory() const {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  const std::string limit = limits_.max_bytes < kMebibyte ? std::to_string(limits_.max_bytes) + " bytes"
                                                          : std::to_string(limits_.max_bytes / kMebibyte) + " MiB";
  throw Error(ErrorCode::limit, "the query needs more than its memory limit of " + limit + " for intermediate results");
}

}  // namespace akyn::runtime
