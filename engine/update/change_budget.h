// What bounds the changes of an update, beside its queries.
#pragma once

#include <cstdint>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/runtime/limits.h"
#include "engine/storage/database.h"

namespace akyn::update {

// The deadline and the flag of a run's limits, and its memory, which holds for the changes that are pending, too. One
// thread at a time.
class ChangeBudget {
 public:
  // Both must outlive it.
  ChangeBudget(storage::Writer& writer, const runtime::ExecutionLimits& limits)
      : writer_(writer), terms_(writer.state()), budget_(limits, terms_) {}

  // To be called for each change. Throws as check() does, every so often.
  void step() {
    constexpr std::uint64_t kStepsBetweenChecks = 1024;
    if (++steps_ % kStepsBetweenChecks == 0) check();
  }
  // Throws Error(cancelled), Error(timeout) or Error(limit).
  void check() {
    budget_.check();
    const std::size_t most = budget_.limits().max_bytes;
    if (writer_.memory() <= most) return;
    throw Error(ErrorCode::limit, fmt::format("the changes take more than the memory limit of {} bytes", most));
  }

 private:
  storage::Writer& writer_;
  runtime::LocalTerms terms_;  // none
  runtime::Budget budget_;
  std::uint64_t steps_ = 0;
};

}  // namespace akyn::update
