// What a run gives to whoever asked: solutions, batch by batch.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/algebra/variables.h"
#include "engine/exec/batch.h"
#include "engine/runtime/solutions.h"

namespace akyn::exec {

// A sequence of solutions that is computed as it is read, once. Its Ids are those of the LocalTerms of its run, which
// outlives it. One thread at a time.
class Answer {
 public:
  // `variables` are the names of `slots`, without '?'.
  Answer(std::vector<algebra::Slot> slots, std::vector<std::string> variables)
      : slots_(std::move(slots)), variables_(std::move(variables)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  virtual ~Answer() = default;

  // The columns of its batches.
  [[nodiscard]] const std::vector<algebra::Slot>& slots() const noexcept { return slots_; }
  [[nodiscard]] const std::vector<std::string>& variables() const noexcept { return variables_; }

  // Replaces `out` by the next rows, at least one; false, with `out` empty, at the end. Throws what Budget::check() and
  // storage throw; after an error the answer must not be asked again.
  [[nodiscard]] virtual bool next(Batch& out) = 0;

 private:
  std::vector<algebra::Slot> slots_;
  std::vector<std::string> variables_;
};

// Solutions that were computed before.
class ComputedAnswer final : public Answer {
 public:
  explicit ComputedAnswer(runtime::Solutions solutions);

  [[nodiscard]] bool next(Batch& out) override;

 private:
  runtime::Solutions solutions_;
  std::size_t position_ = 0;
};

}  // namespace akyn::exec
