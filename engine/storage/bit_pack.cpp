#include "engine/storage/bit_pack.h"

#include <array>
#include <cstring>
#include <utility>

namespace akyn::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "packed arrays are read with little-endian loads");

std::uint64_t load64(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

template <unsigned Width>
constexpr std::uint64_t kMask = Width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << Width) - 1;

// One value, by its distance in bits from `group`. A value of more than 57 bits can begin so late in its first byte
// that it ends in a ninth.
template <unsigned Width>
std::uint64_t value_at(const char* group, unsigned bit) noexcept {
  const unsigned shift = bit % 8;
  std::uint64_t value = load64(group + bit / 8) >> shift;
  if constexpr (Width > 57) {
    if (shift != 0) value |= std::uint64_t{static_cast<unsigned char>(group[bit / 8 + 8])} << (64 - shift);
  }
  return value & kMask<Width>;
}

// Eight values fill exactly Width bytes, so that within a group every byte offset and shift is a constant.
template <unsigned Width>
void unpack(const char* packed, std::span<std::uint64_t> out) noexcept {
  if constexpr (Width == 0) {
    std::memset(out.data(), 0, out.size_bytes());
    return;
  }
  std::size_t i = 0;
  for (; i + 8 <= out.size(); i += 8, packed += Width) {
    std::uint64_t* to = out.data() + i;
    [&]<unsigned... Lane>(std::integer_sequence<unsigned, Lane...>) {
      ((to[Lane] = value_at<Width>(packed, Lane * Width)), ...);
    }(std::make_integer_sequence<unsigned, 8>{});
  }
  for (unsigned bit = 0; i < out.size(); ++i, bit += Width) out[i] = value_at<Width>(packed, bit);
}

using Unpack = void (*)(const char*, std::span<std::uint64_t>) noexcept;

template <unsigned... Width>
constexpr auto unpack_table(std::integer_sequence<unsigned, Width...> /*widths*/) {
  return std::array<Unpack, sizeof...(Width)>{&unpack<Width>...};
}

constexpr auto kUnpack = unpack_table(std::make_integer_sequence<unsigned, 65>{});

}  // namespace

void pack_bits(std::span<const std::uint64_t> values, unsigned width, std::string& out) {
  if (width == 0) return;
  const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  const std::size_t start = out.size();
  out.resize(start + packed_bytes(values.size(), width));
  char* to = out.data() + start;
  std::uint64_t pending = 0;  // bits not yet written, fewer than 8 between values
  unsigned pending_bits = 0;
  const auto flush_bytes = [&] {
    for (; pending_bits >= 8; pending_bits -= 8, pending >>= 8) *to++ = static_cast<char>(pending & 0xFF);
  };
  for (const std::uint64_t value : values) {
    const std::uint64_t bits = value & mask;
    const unsigned low = width < 56 ? width : 32;  // wide values go in two parts, so that pending never overflows
    pending |= (bits & (low == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << low) - 1)) << pending_bits;
    pending_bits += low;
    flush_bytes();
    if (low < width) {
      pending |= (bits >> low) << pending_bits;
      pending_bits += width - low;
      flush_bytes();
    }
  }
  if (pending_bits > 0) *to = static_cast<char>(pending);
}

void unpack_bits(const char* packed, unsigned width, std::span<std::uint64_t> out) noexcept {
  kUnpack[width](packed, out);
}

}  // namespace akyn::storage
