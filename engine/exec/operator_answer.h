// The answer that a tree of operators computes.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/exec/answer.h"
#include "engine/exec/operator.h"
#include "engine/exec/run.h"

namespace akyn::exec {

// The columns that were asked for, of the solutions of a root operator: a column that the operator does not have is
// unbound, that of a parameter of the query holds its constant.
//
// The time between two calls of next() is the reader's: the run's deadline moves by as much.
class OperatorAnswer final : public Answer {
 public:
  // `root` is an operator of `run`. Query and run must outlive the answer; `columns` are the query's columns, or
  // whichever of its slots a template needs.
  OperatorAnswer(const algebra::Query& query, std::vector<Slot> columns, Run& run, OperatorPtr root);

  [[nodiscard]] bool next(Batch& out) override;

  [[nodiscard]] Run& run() noexcept { return run_; }
  [[nodiscard]] const Operator& root() const noexcept { return *root_; }

 private:
  // Where a column comes from: a column of the root's, or the same value in all rows.
  struct Source {
    std::optional<std::size_t> column;
    std::optional<std::size_t> again;  // a column of the answer before this one, which has taken that of the root
    std::uint64_t value = 0;
  };

  Run& run_;
  OperatorPtr root_;
  std::vector<Source> sources_;  // of each column
  Batch batch_;                  // of the root
};

}  // namespace akyn::exec
