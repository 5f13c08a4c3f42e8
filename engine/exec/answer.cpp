#include "engine/exec/answer.h"

#include <algorithm>

namespace akyn::exec {

ComputedAnswer::ComputedAnswer(runtime::Solutions solutions)
    : Answer(solutions.slots(), solutions.variables()), solutions_(std::move(solutions)) {}

bool ComputedAnswer::next(Batch& out) {
  const std::size_t width = slots().size();
  const std::size_t rows = std::min(kBatchRows, solutions_.size() - position_);
  out.reset(width);
  for (std::size_t column = 0; column < width; ++column) {
    std::vector<std::uint64_t>& values = out.values(column);
    values.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) values[i] = solutions_.row(position_ + i)[column].bits();
  }
  out.set_rows(rows);
  position_ += rows;
  return rows > 0;
}

}  // namespace akyn::exec
