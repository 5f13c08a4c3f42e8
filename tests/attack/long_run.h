// How long the tests are that can go on for any time, and where their chance begins.
#pragma once

#include <cstdlib>
#include <random>
#include <string>

namespace akyn::storage::test {

// The number in an environment variable, or this one.
[[nodiscard]] inline unsigned number_from(const char* variable, unsigned otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

// AKYN_SEED, or a new one each time. Tests show it when they fail.
[[nodiscard]] inline unsigned chosen_seed() {
  return number_from("AKYN_SEED", std::random_device()() % 1'000'000'000U);
}

}  // namespace akyn::storage::test
