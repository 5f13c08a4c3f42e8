// Patterns that form cycles, which are better joined all at once than two by two.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/plan/join_order.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

// The parts that are left when, as long as there are any, variables that only one part has are taken off, and parts
// whose variables another one has, too (the reduction of Graham, Yu and Ozsoyoglu): ascending; none when there are no
// cycles.
[[nodiscard]] std::vector<std::size_t> cyclic_parts(const std::vector<SlotSet>& parts);

// The same problem with a cycle in it as one part, a Leapfrog, which other patterns about the same variables belong to.
// Nothing when there is no cycle, or not of triple patterns alone, or when `bytes` are too few to hold them.
[[nodiscard]] std::optional<JoinProblem> with_cycle_at_once(const JoinProblem& problem, std::size_t bytes);

}  // namespace akyn::plan
