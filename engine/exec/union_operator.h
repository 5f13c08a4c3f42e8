// UNION.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"

namespace akyn::exec {

// The solutions of all inputs, one input after the other; columns that an input does not have are unbound in its rows.
class UnionOperator final : public Operator {
 public:
  UnionOperator(Run& run, std::vector<OperatorPtr> inputs, std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;

  std::vector<OperatorPtr> inputs_;
  std::size_t current_ = 0;
  Batch batch_;
};

// The same of inputs that are sorted by one variable, sorted by it.
class SortedUnionOperator final : public Operator {
 public:
  // All inputs have the column `key`, bound in every row.
  SortedUnionOperator(Run& run, std::vector<OperatorPtr> inputs, Slot key, std::vector<Slot> columns);

  void skip_to(std::uint64_t value) override;

 private:
  struct Input {
    OperatorPtr rows;
    std::size_t key = 0;
    std::vector<std::optional<std::size_t>> places;
    Batch batch;
    std::size_t row = 0;
    bool ended = false;

    [[nodiscard]] std::uint64_t value() const { return batch.column(key)[row]; }
  };

  bool produce(Batch& out) override;
  bool fill(Input& input);

  std::vector<Input> inputs_;
};

}  // namespace akyn::exec
