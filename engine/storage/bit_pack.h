// Arrays of unsigned integers in a fixed number of bits each.
//
// Value i occupies bits [i*width, (i+1)*width) of the bytes, least significant bit first. A packed array is followed
// by kPackPadding bytes that the reader may touch and whose content does not matter.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace akyn::storage {

inline constexpr std::size_t kPackPadding = 8;

// Bits needed to hold `value`: 0 for 0, 64 at most.
[[nodiscard]] constexpr unsigned bit_width(std::uint64_t value) noexcept {
  return static_cast<unsigned>(std::bit_width(value));
}

// Bytes of `count` values of `width` bits, without the padding.
[[nodiscard]] constexpr std::size_t packed_bytes(std::size_t count, unsigned width) noexcept {
  return (count * width + 7) / 8;
}

// Appends packed_bytes(values.size(), width) bytes. Bits of a value above `width` are dropped. width <= 64.
void pack_bits(std::span<const std::uint64_t> values, unsigned width, std::string& out);

// Reads out.size() values. Precondition: packed_bytes(out.size(), width) + kPackPadding bytes are readable; width
// <= 64.
void unpack_bits(const char* packed, unsigned width, std::span<std::uint64_t> out) noexcept;

}  // namespace akyn::storage
