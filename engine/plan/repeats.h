// Plans for those who do not count.
#pragma once

#include "engine/plan/plan.h"

namespace akyn::plan {

// The plan in which searches for paths that nobody looks at find no more than whether there is one between two ends,
// where it cannot be seen how often a solution comes: in what EXISTS and MINUS compare with, and under DISTINCT. With
// `uncounted`, everywhere.
[[nodiscard]] NodePtr without_repeats(const NodePtr& plan, bool uncounted);

}  // namespace akyn::plan
