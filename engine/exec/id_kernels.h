// Comparisons and arithmetic on columns of Ids, without looking at terms.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/exec/column_node.h"
#include "engine/plan/truth_map.h"
#include "parser/sparql/ast.h"

namespace akyn::exec {

// A TruthMap, ready to be looked up for columns.
class TruthKernel {
 public:
  explicit TruthKernel(const plan::TruthMap& map);

  // Whether it is certain for every Id.
  [[nodiscard]] bool is_certain() const noexcept { return certain_; }
  // Replaces `out` by the truths of each, which may be several; true when none is.
  bool apply(std::span<const std::uint64_t> ids, TruthColumn& out) const;

 private:
  std::vector<std::uint64_t> starts_;  // of the pieces
  std::vector<Truths> truths_;
  bool certain_ = true;
};

// Whether `left op right` holds (equal ... greater_equal), as far as the Ids say: all truths that are possible.
class ComparisonKernel {
 public:
  explicit ComparisonKernel(sparql::BinaryOperator op);

  void apply(std::span<const std::uint64_t> left, std::span<const std::uint64_t> right, TruthColumn& out) const;

 private:
  [[nodiscard]] Truths of(std::uint64_t left, std::uint64_t right) const noexcept;
  [[nodiscard]] Truths of_numbers(Id left, Id right) const noexcept;
  [[nodiscard]] Truths of_moments(Id left, Id right) const noexcept;

  bool equality_;
  Truths less_;
  Truths equal_;
  Truths greater_;
  Truths different_;  // of terms that are known to be of different values, but have no order
};

// add ... multiply on inlined integers in place: `left` becomes left op right; 0 where an operand is 0, kAsk where it
// takes more than that.
void apply_arithmetic(sparql::BinaryOperator op, std::span<const std::uint64_t> right, IdColumn& left);

}  // namespace akyn::exec
