// A hash table of tuples of Ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace akyn::exec {

// Gives each different key a number: 0, 1, 2 ... A value; not thread-safe.
class KeyTable {
 public:
  explicit KeyTable(std::size_t width) : width_(width), slots_(kFirstSlots, kNone) {}

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const std::uint64_t* key(std::uint32_t number) const noexcept { return keys_.data() + number * width_; }

  // The key's number; kNone when it is not there.
  [[nodiscard]] std::uint32_t find(const std::uint64_t* key) const noexcept {
    std::size_t slot = hash(key) & (slots_.size() - 1);
    while (slots_[slot] != kNone && !equal(slots_[slot], key)) slot = (slot + 1) & (slots_.size() - 1);
    return slots_[slot];
  }
  // The same, made when new; then the second is true.
  std::pair<std::uint32_t, bool> insert(const std::uint64_t* key);

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return slots_.capacity() * sizeof(std::uint32_t) + keys_.capacity() * sizeof(std::uint64_t);
  }

 private:
  static constexpr std::size_t kFirstSlots = 64;

  [[nodiscard]] std::uint64_t hash(const std::uint64_t* key) const noexcept {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < width_; ++i) {
      hash = (hash ^ key[i]) * 0x9e3779b97f4a7c15ULL;
      hash ^= hash >> 32;
    }
    return hash;
  }
  [[nodiscard]] bool equal(std::uint32_t number, const std::uint64_t* wanted) const noexcept {
    const std::uint64_t* const stored = key(number);
    for (std::size_t i = 0; i < width_; ++i) {
      if (stored[i] != wanted[i]) return false;
    }
    return true;
  }
  void grow();

  std::size_t width_;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> keys_;   // one after the other
  std::vector<std::uint32_t> slots_;  // numbers of keys; a power of two, at most half full
};

}  // namespace akyn::exec
