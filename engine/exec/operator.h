// The pull interface of operators.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/batch.h"
#include "engine/exec/run.h"
#include "engine/storage/row_cursor.h"

namespace akyn::exec {

// What EXPLAIN ANALYZE says of an operator; of those of several threads, the sum.
struct OperatorProfile {
  std::uint64_t rows = 0;
  std::uint64_t solutions = 0;  // more than rows where batches are counted
  std::uint64_t batches = 0;
  std::chrono::nanoseconds time{0};  // its inputs' included; only measured when the run says so
  storage::ScanStatistics scan;      // of scans

  OperatorProfile& operator+=(const OperatorProfile& other) noexcept {
    rows += other.rows;
    solutions += other.solutions;
    batches += other.batches;
    time += other.time;
    scan += other.scan;
    return *this;
  }
};

// Gives a sequence of solutions, batch by batch, and is then used up. One thread at a time; the Run must outlive it.
//
// Between two batches the run's budget is checked; whoever works long within one batch without asking another operator
// calls budget().step() or check() on the way. What an operator holds is charged to the budget. Everything may throw
// what Budget::check() and storage throw; after an error the operator must not be used.
class Operator {
 public:
  // `columns`: the variables of its batches, each once.
  Operator(Run& run, std::vector<Slot> columns) : run_(run), columns_(std::move(columns)) {}
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;
  virtual ~Operator() = default;

  [[nodiscard]] const std::vector<Slot>& columns() const noexcept { return columns_; }
  [[nodiscard]] std::optional<std::size_t> column_of(Slot slot) const noexcept;
  // Whether terms of its rows are gone when it is asked for more (see LocalTerms). Whoever makes rows of such rows
  // gives all of them away before it asks for more, and so gives passing rows, too.
  [[nodiscard]] bool is_passing() const noexcept { return passing_; }
  void set_passing() noexcept { passing_ = true; }

  // Replaces `out` by the next rows, at least one; false, with `out` empty, at the end.
  bool next(Batch& out);

  // For operators that the plan calls sorted: rows whose first sorting column is below `value` are not wanted any more.
  // Only a wish, and never one to go back.
  virtual void skip_to(std::uint64_t value) { static_cast<void>(value); }

  // No more rows are asked for: other threads that work for it end.
  virtual void finish() noexcept {}
  // While no other thread works for it.
  [[nodiscard]] virtual OperatorProfile profile() const { return profile_; }

 protected:
  // As next(), with `out` reset to the operator's width.
  virtual bool produce(Batch& out) = 0;

  [[nodiscard]] Run& run() const noexcept { return run_; }

 private:
  Run& run_;
  std::vector<Slot> columns_;
  bool passing_ = false;
  OperatorProfile profile_;
};

using OperatorPtr = std::unique_ptr<Operator>;

// Places of `slots` among the columns. Precondition: they are there.
[[nodiscard]] std::vector<std::size_t> places_of(const std::vector<Slot>& slots, const std::vector<Slot>& columns);

}  // namespace akyn::exec
