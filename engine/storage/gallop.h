// Search from where one is: for answers that are near, most of the time.
#pragma once

#include <algorithm>
#include <cstddef>

namespace akyn::storage {

// The first number in [first, last) for which `before` does not hold; `last` when it holds for all. `before` holds for
// all numbers up to some point and for none after it. Asks 2 log2(distance) times at most.
template <class Before>
[[nodiscard]] std::size_t gallop(std::size_t first, std::size_t last, Before before) {
  std::size_t probe = first;
  for (std::size_t step = 1; probe < last && before(probe); step *= 2) {
    first = probe + 1;
    probe += step;
  }
  std::size_t end = std::min(probe, last);
  while (first < end) {
    const std::size_t middle = first + (end - first) / 2;
    if (before(middle)) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  return first;
}

}  // namespace akyn::storage
