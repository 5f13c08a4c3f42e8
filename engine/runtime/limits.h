// What a query may use, and the accounts of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/runtime/local_terms.h"

namespace akyn::runtime {

struct ExecutionLimits {
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const std::atomic<bool>* cancelled = nullptr;  // may be null; must outlive the run
  std::size_t max_bytes = std::size_t{4} << 30;  // for intermediate results and computed terms
  std::uint64_t max_rows = 0;                    // solutions or triples of the answer; zero: no limit
};

// The accounts of one run. One thread at a time. `terms` must outlive it.
class Budget {
 public:
  Budget(const ExecutionLimits& limits, const LocalTerms& terms) : limits_(limits), terms_(&terms) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  // To be called once for every unit of work: a row, a look-up. Throws as check() does, every so often.
  void step() {
    if (++steps_ % kStepsBetweenChecks == 0) check();
  }
  // Throws Error(cancelled), Error(timeout) or Error(limit).
  void check() const;

  void charge(std::size_t bytes) {
    used_ += bytes;
    if (used_ > limits_.max_bytes) check();
  }
  void release(std::size_t bytes) noexcept { used_ -= bytes; }
  // Throws Error(limit) when so many bytes more, or what has been computed already, are too many. For single values,
  // which may be large.
  void check_room(std::size_t bytes) const {
    if (bytes > available() || available() == 0) fail_for_memory();
  }

  [[nodiscard]] const ExecutionLimits& limits() const noexcept { return limits_; }
  // Moves the deadline: the run has waited so long for whoever reads its answer.
  void postpone_deadline(std::chrono::steady_clock::duration waited) {
    if (limits_.deadline) *limits_.deadline += waited;
  }
  // Bytes left of the limit.
  [[nodiscard]] std::size_t available() const noexcept {
    const std::size_t held = used_ + terms_->memory();
    return held < limits_.max_bytes ? limits_.max_bytes - held : 0;
  }

 private:
  [[noreturn]] void fail_for_memory() const;

  static constexpr std::uint64_t kStepsBetweenChecks = 1024;

  ExecutionLimits limits_;
  const LocalTerms* terms_;
  std::uint64_t steps_ = 0;
  std::size_t used_ = 0;
};

// Bytes charged as long as it lives.
class Charge {
 public:
  explicit Charge(Budget& budget) : budget_(budget) {}
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;
  ~Charge() { clear(); }

  void add(std::size_t bytes) {
    held_ += bytes;
    budget_.charge(bytes);
  }
  // Holds so many bytes from here on, more or less than before.
  void set(std::size_t bytes) {
    if (bytes > held_) return add(bytes - held_);
    budget_.release(held_ - bytes);
    held_ = bytes;
  }
  [[nodiscard]] std::size_t held() const noexcept { return held_; }
  void clear() noexcept {
    budget_.release(held_);
    held_ = 0;
  }

 private:
  Budget& budget_;
  std::size_t held_ = 0;
};

}  // namespace akyn::runtime
