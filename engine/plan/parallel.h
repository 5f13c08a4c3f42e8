// Which parts of a plan several threads share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/plan/plan.h"
#include "engine/storage/version.h"

namespace akyn::plan {

struct ParallelOptions {
  std::size_t threads = 1;
  double work = 0;  // PlannerOptions::parallel_work
};

// The plan with Parallel operators where so many threads pay: rows, and their order, are the same.
//
// What can be cut by ranges of Ids is whatever reads scans from front to back: a scan; filters and BINDs over what can;
// joins of it with what is searched, with little or, by the very variable that is cut, with another one; groups and
// DISTINCT that have this variable among their keys, so that no group is in two parts. Other groups, where they are
// few, are grouped in parts and then once more. Where scans are cut is read from the directory of their blocks.
// Expressions that are not the same whenever they are evaluated, that run patterns or a program's own functions stay
// with one thread, and so does what gives its rows one by one to somebody who skips many or asks for few: below LIMIT,
// or a merge join that is not cut itself. `limit`: no more rows of the plan are asked for.
//
// Throws Error(io), Error(corruption).
[[nodiscard]] NodePtr parallelized(NodePtr plan, const storage::Version& version, const ParallelOptions& options,
                                   std::optional<std::uint64_t> limit);

}  // namespace akyn::plan
