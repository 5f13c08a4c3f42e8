// An expression as a tree of computations on whole columns.
//
// Columns hold Ids as bits; 0 is an error, or an unbound variable. Nodes work on Ids alone where those say enough:
// numbers, dates and booleans are in them, and equal terms have equal ones. For rows where they do not, a column has
// kAsk; whoever needs to know asks ScalarNode, which evaluates the whole expression for such rows, from the terms. So
// an intermediate value that is no inlined term never gets an Id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/exec/scalar_expression.h"
#include "engine/plan/truth_map.h"

namespace akyn::exec {

using plan::kError;
using plan::kFalse;
using plan::kTrue;
using plan::Truths;

using IdColumn = std::vector<std::uint64_t>;
using TruthColumn = std::vector<Truths>;

// No Id: what a column of values has where they can be said in no Id yet.
inline constexpr std::uint64_t kAsk = 1;

// Rows to evaluate for. Borrowed.
struct Frame {
  std::size_t rows = 0;
  std::span<const std::span<const std::uint64_t>> columns;  // those of the batch; some may be missing: empty
  std::span<const std::uint32_t> numbers;                   // the rows' numbers in the batch; empty: 0, 1, 2 ...
  std::uint64_t first_solution = 0;                         // of row 0 of the batch

  [[nodiscard]] std::uint64_t solution(std::size_t row) const noexcept {
    return first_solution + (numbers.empty() ? row : numbers[row]);
  }
};

// Some rows of a frame, as a frame.
class SubFrame {
 public:
  // `needed`: the columns that are wanted.
  [[nodiscard]] const Frame& gather(const Frame& from, std::span<const std::uint32_t> rows,
                                    const std::vector<std::size_t>& needed);

 private:
  std::vector<IdColumn> values_;
  std::vector<std::span<const std::uint64_t>> columns_;
  std::vector<std::uint32_t> numbers_;
  Frame frame_;
};

// Replaces the contents of the columns it is given. One thread at a time.
class ColumnNode {
 public:
  explicit ColumnNode(std::vector<std::size_t> needed) : needed_(std::move(needed)) {}
  ColumnNode(const ColumnNode&) = delete;
  ColumnNode& operator=(const ColumnNode&) = delete;
  virtual ~ColumnNode() = default;

  // The columns of the batch that it reads, ascending.
  [[nodiscard]] const std::vector<std::size_t>& needed() const noexcept { return needed_; }

  // Ids, 0 and kAsk.
  virtual void values(const Frame& frame, IdColumn& out) = 0;
  // Ids and 0.
  virtual void ids(const Frame& frame, IdColumn& out) = 0;
  // Effective boolean values: one of kTrue, kFalse and kError each.
  virtual void truths(const Frame& frame, TruthColumn& out) = 0;
  // Whether it costs no more to evaluate it for a row than to leave the row out.
  [[nodiscard]] virtual bool is_cheap() const noexcept { return false; }

 private:
  std::vector<std::size_t> needed_;
};
using ColumnNodePtr = std::unique_ptr<ColumnNode>;

// What the nodes of one ColumnExpressions share.
struct ColumnContext {
  ScalarContext& scalar;
  const std::vector<Slot>& columns;
};

// The context and the expression must outlive it.
[[nodiscard]] ColumnNodePtr compile_columns(const algebra::ExpressionNode& expression, ColumnContext& context);

}  // namespace akyn::exec
