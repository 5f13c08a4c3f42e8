// What those who make nodes have in common.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

[[nodiscard]] inline bool contains(const std::vector<Slot>& slots, Slot slot) noexcept {
  return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

// Rows when equal ones are counted, where some variable is not a column.
[[nodiscard]] inline double counted_rows(const Node& node) {
  double combinations = 1;
  for (const double distinct : node.distinct) {
    combinations *= std::max(1.0, distinct);
    if (combinations >= node.solutions) return node.solutions;
  }
  return std::min(combinations, node.solutions);
}

// Keeps of a sorting what is still there.
[[nodiscard]] inline std::vector<Slot> leading(const std::vector<Slot>& sorted, const std::vector<Slot>& columns) {
  std::vector<Slot> result;
  for (const Slot slot : sorted) {
    if (!contains(columns, slot)) break;
    result.push_back(slot);
  }
  return result;
}

// Those of them that are needed.
[[nodiscard]] inline std::vector<Slot> needed_of(const std::vector<Slot>& slots, const SlotSet& needed) {
  std::vector<Slot> result;
  for (const Slot slot : slots) {
    if (needed.has(slot)) result.push_back(slot);
  }
  return result;
}

// No column has more different values than there are solutions.
inline void cap_distinct(Node& node) {
  for (double& distinct : node.distinct)
    distinct = std::clamp(distinct, std::min(1.0, node.solutions), std::max(1.0, node.solutions));
}

}  // namespace akyn::plan
