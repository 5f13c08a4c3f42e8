// Ranges of Ids that a scan needs to read for a FILTER.
#pragma once

#include <cstdint>

namespace akyn::plan {

// [first, last], as bits.
struct IdRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const IdRange&, const IdRange&) = default;
};

}  // namespace akyn::plan
