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

// The accounts of one run. One thread at a time, but for parts, which may be used beside the whole. `terms` must
// outlive it.
class Budget {
  using TimePoint = std::chrono::steady_clock::time_point;

 public:
  Budget(const ExecutionLimits& limits, const LocalTerms& terms) : limits_(limits), terms_(&terms), shared_(&own_) {
    if (limits.deadline) own_.deadline = *limits.deadline;
  }
  // The part of it that another thread uses, which has terms of its own: both count as the whole's. Once `stopped` is
  // set the thread's work ends with Error(cancelled). Made by the whole's thread; whole and `stopped` must outlive it.
  Budget(const Budget& whole, const std::atomic<bool>& stopped, const LocalTerms& terms)
      : limits_(whole.limits_), terms_(&terms), stopped_(&stopped), shared_(whole.shared_), others_(whole.terms()) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  ~Budget() { release(counted_terms_); }

  // To be called once for every unit of work: a row, a look-up. Throws as check() does, every so often.
  void step() {
    if (++steps_ % kStepsBetweenChecks == 0) check();
  }
  // Throws Error(cancelled), Error(timeout) or Error(limit).
  void check();

  void charge(std::size_t bytes) {
    if (shared_->used.fetch_add(bytes, std::memory_order_relaxed) + bytes > limits_.max_bytes) check();
  }
  void release(std::size_t bytes) noexcept { shared_->used.fetch_sub(bytes, std::memory_order_relaxed); }
  // Throws Error(limit) when so many bytes more, or what has been computed already, are too many. For single values,
  // which may be large.
  void check_room(std::size_t bytes) const {
    if (bytes > available() || available() == 0) fail_for_memory();
  }

  [[nodiscard]] const ExecutionLimits& limits() const noexcept { return limits_; }
  // In between, the run waits for whoever reads its answer: the deadline moves by as much. Of a whole.
  void pause() noexcept;
  void resume() noexcept;
  // Bytes left of the limit.
  [[nodiscard]] std::size_t available() const noexcept {
    const std::size_t bytes = held();
    return bytes < limits_.max_bytes ? limits_.max_bytes - bytes : 0;
  }

 private:
  [[noreturn]] void fail_for_memory() const;
  [[nodiscard]] std::size_t held() const noexcept {
    return shared_->used.load(std::memory_order_relaxed) + others_ + terms();
  }
  // Bytes of the terms that have not been charged.
  [[nodiscard]] std::size_t terms() const noexcept { return terms_->memory() - counted_terms_; }

  static constexpr std::uint64_t kStepsBetweenChecks = 1024;

  // By whole and parts.
  struct Shared {
    std::atomic<std::size_t> used = 0;  // bytes charged
    std::atomic<TimePoint> deadline = TimePoint::max();
  };

  ExecutionLimits limits_;
  const LocalTerms* terms_;
  const std::atomic<bool>* stopped_ = nullptr;  // of a part
  std::uint64_t steps_ = 0;
  Shared own_;  // of a whole
  Shared* shared_;
  std::optional<TimePoint> paused_;
  std::size_t others_ = 0;         // of a part: bytes of the whole's terms when it was made
  std::size_t counted_terms_ = 0;  // of a part: bytes of its own terms that have been charged
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
