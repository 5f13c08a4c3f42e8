// A set of hashes that may say yes for what is not in it (about one time in a hundred), never no for what is.
//
// Blocked: one hash sets kProbes bits in one block of 64 bytes, so that asking costs one cache miss. A filter is a
// plain string of blocks; at kBitsPerTerm bits a hash. The hash function is part of the stored format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace akyn::storage {

// 64 well mixed bits of `text`; other bits for another `seed`.
[[nodiscard]] inline std::uint64_t hash_bytes(std::string_view text, std::uint64_t seed) noexcept {
  __extension__ using Wide = unsigned __int128;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  // The first digits of pi, sqrt(2) and e after the point.
  constexpr std::uint64_t kPi = 0x243f6a8885a308d3;
  constexpr std::uint64_t kRoot = 0x6a09e667f3bcc909;
  constexpr std::uint64_t kE = 0xb7e151628aed2a6b;
  std::uint64_t words[2];
  std::uint64_t state = mix(seed ^ kPi, text.size() ^ kRoot);
  std::size_t at = 0;
  for (; text.size() - at > sizeof words; at += sizeof words) {
    std::memcpy(words, text.data() + at, sizeof words);
    state = mix(words[0] ^ kE, words[1] ^ state);
  }
  words[0] = words[1] = 0;
  if (at < text.size()) std::memcpy(words, text.data() + at, text.size() - at);
  state = mix(words[0] ^ kRoot, words[1] ^ state);
  return mix(state ^ kE, kPi);
}

class BloomFilter {
 public:
  static constexpr std::size_t kBlockBytes = 64;
  static constexpr std::size_t kBitsPerTerm = 10;
  static constexpr int kProbes = 7;  // nine bits of a hash each

  // The filter of these hashes: a whole number of blocks, at least one.
  [[nodiscard]] static std::string build(std::span<const std::uint64_t> hashes) {
    const std::size_t blocks = hashes.size() * kBitsPerTerm / (kBlockBytes * 8) + 1;
    std::string bytes(blocks * kBlockBytes, '\0');
    for (const std::uint64_t hash : hashes) {
      char* block = bytes.data() + block_of(hash, blocks) * kBlockBytes;
      std::uint64_t bits = bits_of(hash);
      for (int i = 0; i < kProbes; ++i, bits >>= 9) {
        char& byte = block[(bits & 511U) / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | 1U << (bits & 7U));
      }
    }
    return bytes;
  }

  // Borrows what build() made. Of other bytes, whole blocks are used; without one everything may be in the set.
  explicit BloomFilter(std::string_view bytes) noexcept : bytes_(bytes.data()), blocks_(bytes.size() / kBlockBytes) {}

  [[nodiscard]] bool may_contain(std::uint64_t hash) const noexcept {
    if (blocks_ == 0) return true;
    const char* block = bytes_ + block_of(hash, blocks_) * kBlockBytes;
    std::uint64_t bits = bits_of(hash);
    for (int i = 0; i < kProbes; ++i, bits >>= 9) {
      if ((static_cast<unsigned char>(block[(bits & 511U) / 8]) >> (bits & 7U) & 1U) == 0) return false;
    }
    return true;
  }

 private:
  // The upper half of a hash chooses the block, a remix of all of it the bits.
  static std::size_t block_of(std::uint64_t hash, std::size_t blocks) noexcept {
    return static_cast<std::size_t>((hash >> 32) * blocks >> 32);
  }
  static std::uint64_t bits_of(std::uint64_t hash) noexcept { return hash * 0x9e3779b97f4a7c15 >> 1; }

  const char* bytes_;
  std::size_t blocks_;
};

}  // namespace akyn::storage
