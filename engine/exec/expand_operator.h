// One row for each solution.
#pragma once

#include <cstdint>

#include "engine/exec/operator.h"

namespace akyn::exec {

// The input's solutions in batches that are not counted, for operators that must see each of them: what RAND() gives
// differs between solutions that are equal.
class ExpandOperator final : public Operator {
 public:
  ExpandOperator(Run& run, OperatorPtr input);

  void skip_to(std::uint64_t value) override { input_->skip_to(value); }

 protected:
  bool produce(Batch& out) override;

 private:
  OperatorPtr input_;
  Batch batch_;
  std::size_t row_ = 0;      // of batch_: the next one
  std::uint64_t given_ = 0;  // solutions of that row which have been given already
};

// The input itself, or where that is asked for an ExpandOperator of it.
[[nodiscard]] OperatorPtr expanded_if(bool needed, Run& run, OperatorPtr input);

}  // namespace akyn::exec
