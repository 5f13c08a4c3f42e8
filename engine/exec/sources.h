// Operators that need no input.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/term/id.h"

namespace akyn::exec {

// Constant rows: those of VALUES, the one empty solution, or none.
class RowsOperator final : public Operator {
 public:
  // `rows` have as many cells as `slots` names; columns are some of these.
  RowsOperator(Run& run, const std::vector<Slot>& slots, std::shared_ptr<const std::vector<std::vector<Id>>> rows,
               std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;

  std::shared_ptr<const std::vector<std::vector<Id>>> rows_;
  std::vector<std::size_t> places_;
  std::size_t next_ = 0;
};

}  // namespace akyn::exec
