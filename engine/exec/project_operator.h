// Fewer columns, or others.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"

namespace akyn::exec {

// The input's solutions in other columns; those that the input does not have are unbound.
class ProjectOperator final : public Operator {
 public:
  ProjectOperator(Run& run, OperatorPtr input, std::vector<Slot> columns);

  void skip_to(std::uint64_t value) override { input_->skip_to(value); }

 private:
  bool produce(Batch& out) override;

  OperatorPtr input_;
  std::vector<std::optional<std::size_t>> places_;
  Batch batch_;
};

// Appends the rows of a batch in the columns `places` says, nothing: unbound.
void append_rows(const Batch& from, const std::vector<std::optional<std::size_t>>& places, std::size_t first,
                 std::size_t last, Batch& out);

}  // namespace akyn::exec
