// Sorting rows by numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/runtime/limits.h"

namespace akyn::exec {

struct KeyedRow {
  std::uint64_t key = 0;
  std::uint32_t row = 0;
};

// Sorts by `key`, ascending and stable, in time that goes with the number of rows times the bytes in which their keys
// differ. `spare` is overwritten. Checks the budget on the way.
void radix_sort(std::vector<KeyedRow>& rows, std::vector<KeyedRow>& spare, runtime::Budget& budget);

}  // namespace akyn::exec
