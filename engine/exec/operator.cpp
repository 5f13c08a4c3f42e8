#include "engine/exec/operator.h"

#include <algorithm>

namespace akyn::exec {

std::optional<std::size_t> Operator::column_of(Slot slot) const noexcept {
  const auto found = std::find(columns_.begin(), columns_.end(), slot);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

bool Operator::next(Batch& out) {
  run_.budget().check();
  const bool timed = run_.profiling();
  const auto start = timed ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point();
  out.reset(columns_.size());
  const bool more = produce(out);
  run_.budget().check_room(0);
  if (!more) out.reset(columns_.size());
  if (timed) {
    profile_.time += std::chrono::steady_clock::now() - start;
    profile_.solutions += out.solutions();
  }
  profile_.rows += out.rows();
  profile_.batches += more ? 1 : 0;
  return more;
}

std::vector<std::size_t> places_of(const std::vector<Slot>& slots, const std::vector<Slot>& columns) {
  std::vector<std::size_t> places;
  places.reserve(slots.size());
  for (const Slot slot : slots) {
    places.push_back(static_cast<std::size_t>(std::find(columns.begin(), columns.end(), slot) - columns.begin()));
  }
  return places;
}

}  // namespace akyn::exec
