// The join of many inputs at once, one variable after another: leapfrog triejoin (T. L. Veldhuizen, ICDT 2014).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/operator.h"

namespace akyn::exec {

// For cycles such as triangles, where any two inputs by themselves have far more in common than all of them have: of
// each variable only the values are gone through that all inputs which have it agree on, given the variables before.
// That is never more work, beyond a logarithm, than the largest result that inputs of these sizes can have.
//
// Inputs are read into memory, which is charged. Result: sorted by the variables; where some are no columns, or inputs
// are counted, it is counted.
class LeapfrogJoinOperator final : public Operator {
 public:
  // `variables`: all of them, in the sequence in which they are bound. Each input has some of them as columns, at least
  // one, in this sequence, and is sorted by all of its columns; nothing is unbound.
  LeapfrogJoinOperator(Run& run, std::vector<Slot> variables, std::vector<OperatorPtr> inputs,
                       std::vector<Slot> columns);

 private:
  // An input, as a tree: the values of a column between two rows whose columns before are the same.
  struct Trie {
    OperatorPtr input;
    std::vector<std::vector<std::uint64_t>> columns;
    std::vector<std::uint64_t> counts;  // empty: each row counts one
    std::size_t rows = 0;
  };
  struct Range {
    std::size_t first = 0;
    std::size_t last = 0;
  };
  // An input that has a variable: where it is at in that column.
  struct Walker {
    std::size_t trie = 0;
    std::size_t column = 0;
    Range rows;          // with the values of the variables before
    std::size_t at = 0;  // in rows
    Range found;         // with the value of this one
    // The walker of the same trie at its next column: its variable and place there.
    std::optional<std::pair<std::size_t, std::size_t>> next;
  };
  struct Variable {
    std::vector<Walker> walkers;
    std::uint64_t value = 0;
    std::uint64_t count = 1;            // solutions of the inputs that end at this variable or before it
    std::optional<std::size_t> column;  // of the result
  };

  bool produce(Batch& out) override;
  [[nodiscard]] bool read_inputs();
  // Goes on to the next value that all walkers of the variable have; false when there is none.
  [[nodiscard]] bool find(Variable& variable);
  // The solutions of the walkers whose inputs end here.
  [[nodiscard]] std::uint64_t count_found(const Variable& variable) const;
  // From the values of this variable to the next variable's.
  void descend(std::size_t variable);
  // All values of the last variable, until there are enough rows; false when there may be more.
  [[nodiscard]] bool give_last(Batch& out);
  void give(Batch& out, std::uint64_t count) const;

  std::vector<Variable> variables_;
  std::vector<Trie> tries_;
  bool counts_ = false;  // rows stand for more than one solution
  Charge charge_;
  bool read_ = false;
  bool ended_ = false;
  std::size_t depth_ = 0;  // the variable whose next value is sought
};

}  // namespace akyn::exec
