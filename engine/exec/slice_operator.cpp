#include "engine/exec/slice_operator.h"

#include <algorithm>
#include <utility>

namespace akyn::exec {

SliceOperator::SliceOperator(Run& run, OperatorPtr input, std::uint64_t offset, std::optional<std::uint64_t> limit)
    : Operator(run, input->columns()), input_(std::move(input)), skip_(offset), take_(limit) {}

bool SliceOperator::produce(Batch& out) {
  while (!(take_ && *take_ == 0) && input_ != nullptr && input_->next(out)) {
    std::size_t first = 0;
    if (!out.counted()) {
      first = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, out.rows()));
      skip_ -= first;
      std::size_t last = out.rows();
      if (take_) {
        last = first + static_cast<std::size_t>(std::min<std::uint64_t>(*take_, last - first));
        *take_ -= last - first;
      }
      out.slice(first, last);
    } else {
      // The first and the last row that are left may stand for fewer solutions than before.
      std::vector<std::uint64_t>& counts = out.count_values();
      for (; first < out.rows() && skip_ >= counts[first]; ++first) skip_ -= counts[first];
      std::size_t last = out.rows();
      if (first < last) counts[first] -= std::exchange(skip_, 0);
      if (take_) {
        for (last = first; last < out.rows() && *take_ > 0; ++last) {
          counts[last] = std::min(counts[last], *take_);
          *take_ -= counts[last];
        }
      }
      out.slice(first, last);
    }
    if (out.rows() > 0) return true;
  }
  // Threads may be at work on more rows. For a profile the input is asked later on.
  if (!run().profiling()) input_ = nullptr;
  return false;
}

}  // namespace akyn::exec
