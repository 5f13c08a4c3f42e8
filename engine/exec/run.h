// One run of one query: what all its operators share.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/algebra/algebra.h"
#include "engine/expr/functions.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/environment.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"

namespace akyn::exec {

using algebra::Slot;
using runtime::Budget;
using runtime::Charge;
using runtime::LocalTerms;

// One thread at a time, but for parts, which may be used beside the whole. Query, terms and environment must outlive
// it.
class Run {
 public:
  // Throws as Budget::check() does.
  Run(const algebra::Query& query, LocalTerms& terms, const runtime::Environment& environment);
  // The part of it that another thread runs, with terms of its own: whatever Ids it computes are to be translated
  // before anybody else sees them. It knows nothing of solutions' numbers, nor of what the whole does from here on. See
  // Budget for `stopped`. Made by the whole's thread; the whole must outlive it.
  Run(Run& whole, const std::atomic<bool>& stopped, LocalTerms& terms);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] const algebra::VariableTable& variables() const noexcept { return query_.variables; }
  [[nodiscard]] const runtime::Environment& environment() const noexcept { return environment_; }
  [[nodiscard]] const runtime::Dataset& dataset() const noexcept { return dataset_; }
  [[nodiscard]] const storage::Snapshot& snapshot() const noexcept { return terms_.snapshot(); }
  [[nodiscard]] LocalTerms& terms() noexcept { return terms_; }
  [[nodiscard]] Budget& budget() noexcept { return budget_; }
  // What functions depend on. Its `solution` is set by those who evaluate expressions for a solution, from
  // number_solutions().
  [[nodiscard]] expr::Context& functions() noexcept { return functions_; }
  // Numbers for `count` solutions that expressions are evaluated for; the first of them.
  [[nodiscard]] std::uint64_t number_solutions(std::uint64_t count) noexcept {
    const std::uint64_t first = next_solution_;
    next_solution_ += count;
    return first;
  }
  // Whether operators take their times.
  [[nodiscard]] bool profiling() const noexcept { return profiling_; }
  void set_profiling(bool profiling) noexcept { profiling_ = profiling; }

 private:
  void prepare_functions();

  const algebra::Query& query_;
  LocalTerms& terms_;
  const runtime::Environment& environment_;
  Budget budget_;
  runtime::Dataset dataset_;
  expr::Context functions_;
  std::uint64_t next_solution_ = 0;
  bool profiling_ = false;
};

}  // namespace akyn::exec
