// Random numbers that are the same everywhere: integer arithmetic alone, unlike the distributions of <random>.
#pragma once

#include <bit>
#include <cstdint>

namespace akyn::newsgraph {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
 public:
  // A stream of its own for each thing of each kind, so that one does not depend on how many there are of another.
  Random(std::uint64_t seed, std::uint64_t kind, std::uint64_t index)
      : state_(mixed(mixed(seed + kGamma * (kind + 1)) + kGamma * (index + 1))) {}

  std::uint64_t next() {
    state_ += kGamma;
    return mixed(state_);
  }

  // 0 ... bound - 1; the bound is under 2^32 and not 0.
  std::uint64_t below(std::uint64_t bound) { return ((next() >> 32) * bound) >> 32; }
  // first ... last
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
  }
  bool percent(std::uint64_t share) { return below(100) < share; }

  // 1 ... last, each k with a probability of about 1/k: as many from 1 as from 2 to 3 as from 4 to 7.
  std::uint64_t zipf(std::uint64_t last) {
    const auto octaves = static_cast<std::uint64_t>(std::bit_width(last));
    while (true) {
      const std::uint64_t low = std::uint64_t{1} << below(octaves);
      const std::uint64_t k = low + (next() & (low - 1));
      if (k <= last) return k;
    }
  }

 private:
  static constexpr std::uint64_t kGamma = 0x9E3779B97F4A7C15;

  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace akyn::newsgraph
