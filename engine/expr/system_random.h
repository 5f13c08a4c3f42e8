// Random bits of the operating system.
#pragma once

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace akyn::expr {

// Costs one system call, however many: std::random_device takes ten times as long, which every query would feel.
// Throws std::system_error when the system has none.
template <std::size_t words>
[[nodiscard]] std::array<std::uint64_t, words> system_random() {
  static_assert(words * sizeof(std::uint64_t) <= 256);  // no more at once
  std::array<std::uint64_t, words> bits{};
  if (::getentropy(bits.data(), sizeof bits) != 0)
    throw std::system_error(errno, std::generic_category(), "getentropy");
  return bits;
}

}  // namespace akyn::expr
