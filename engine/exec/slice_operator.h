// OFFSET and LIMIT (SPARQL 1.1 Query 15.4, 15.5).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/exec/operator.h"

namespace akyn::exec {

// Solutions [offset, offset + limit) of the input, which is not asked for more than that.
class SliceOperator final : public Operator {
 public:
  // Without `limit`: all from `offset` on.
  SliceOperator(Run& run, OperatorPtr input, std::uint64_t offset, std::optional<std::uint64_t> limit);

 protected:
  bool produce(Batch& out) override;

 private:
  OperatorPtr input_;
  std::uint64_t skip_;  // solutions, still
  std::optional<std::uint64_t> take_;
};

}  // namespace akyn::exec
