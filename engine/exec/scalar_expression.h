// Expressions over one solution, on light values: what is done for each distinct solution that columns have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/exec/datum.h"
#include "engine/exec/exists_evaluator.h"
#include "engine/exec/run.h"

namespace akyn::exec {

// What a ScalarExpression is evaluated for.
struct ScalarRow {
  std::span<const Datum> variables;  // as compile_scalar() numbered them
  // For EXISTS alone.
  std::span<const Id> row;
  const std::vector<Slot>* columns = nullptr;
};

// What evaluations share. `texts` may be cleared between two of them.
struct ScalarContext {
  Run& run;
  ExistsEvaluator* exists;
  TextArena texts;
};

// An expression, ready to be evaluated many times. The context and the expression must outlive it. One thread at a
// time.
class ScalarExpression {
 public:
  ScalarExpression() = default;
  ScalarExpression(const ScalarExpression&) = delete;
  ScalarExpression& operator=(const ScalarExpression&) = delete;
  virtual ~ScalarExpression() = default;

  // Valid until the next call, and as long as the row and the context's texts are left alone.
  [[nodiscard]] virtual const Datum& evaluate(const ScalarRow& row) = 0;
};
using ScalarPtr = std::unique_ptr<ScalarExpression>;

// Charges a long text for as long as it is the result of a call: several may be in the making at once.
class HeldText {
 public:
  explicit HeldText(Budget& budget) : charge_(budget) {}
  // Throws Error(limit).
  void hold(const Datum& result) {
    const bool is_long = result.is_string_literal() && result.text.size() > kShort;
    if (is_long || charge_.held() != 0) charge_.set(is_long ? result.text.size() : 0);
  }

 private:
  static constexpr std::size_t kShort = 4096;

  Charge charge_;
};

// Looks at the budget as often as calls of functions are long: these go through texts byte by byte, some of them
// slowly.
class CallSteps {
 public:
  explicit CallSteps(Budget& budget) : budget_(budget) {}
  void add(const Datum& argument) noexcept {
    constexpr std::size_t kBytesOfStep = 16;
    if (argument.is_string_literal()) steps_ += argument.text.size() / kBytesOfStep;
  }
  // Once for each call, its arguments added. Throws as Budget::check() does, every so often.
  void call() {
    constexpr std::uint64_t kStepsBetweenChecks = 1024;
    if (++steps_ < kStepsBetweenChecks) return;
    steps_ = 0;
    budget_.check();
  }

 private:
  Budget& budget_;
  std::uint64_t steps_ = 0;  // since the last check
};

// `variables`: those that a row gives values for; others are unbound.
[[nodiscard]] ScalarPtr compile_scalar(const algebra::ExpressionNode& expression, const std::vector<Slot>& variables,
                                       ScalarContext& context);

// A call of a built-in function or a cast that works on light values and takes the arguments; null, which leaves them
// alone, when there is no such way.
[[nodiscard]] ScalarPtr compile_light_call(const algebra::CallOperator& op, std::vector<ScalarPtr>& arguments,
                                           ScalarContext& context);

}  // namespace akyn::exec
