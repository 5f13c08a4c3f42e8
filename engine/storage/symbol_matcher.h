// Finds the longest symbol at a place of a text, for many places at a time.
//
// With 65,536 symbols whatever structure holds them is larger than the fast caches, and what a look-up costs is the
// wait for memory. So a search touches as little memory as possible, and searches run side by side: what each needs is
// asked for in advance, before the first one looks at anything.
//
// Symbols of 9 to 16 bytes stand in a hash table under their first 8 bytes, those of 5 to 8 under their first 5, those
// of 3 and 4 under their first 3, so that a bucket of one cache line holds nearly all that begin alike. Two bitmaps
// that fit the first-level cache tell whether there is any symbol with these 8 or 5 bytes. Pairs have a table of their
// own.
//
// Entries do not hold their bytes but 12 bits of their hash, so that a match has to be checked against the text by the
// caller, who asks exactly() for shorter ones when it was wrong. Of two symbols in one bucket that these bits do not
// tell apart the second one is left out (less than one in a thousand), and so are those that begin like a hundred
// others, which would make searches slow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace akyn::storage {

// The next 16 bytes of a text as two little-endian words; zero beyond its end.
struct TextWindow {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  TextWindow() = default;
  // Precondition: 16 bytes are readable.
  explicit TextWindow(const char* text) noexcept {
    std::memcpy(&low, text, 8);
    std::memcpy(&high, text + 8, 8);
  }
  explicit TextWindow(std::string_view text) noexcept {
    if (text.size() >= 16) {
      *this = TextWindow(text.data());
    } else {
      std::array<char, 16> padded{};
      std::memcpy(padded.data(), text.data(), text.size());
      *this = TextWindow(padded.data());
    }
  }
};

// A symbol and its length, or nothing.
struct SymbolMatch {
  std::uint32_t bits = 0;  // nothing: 0, otherwise a bit that is always set, then length - 1:4 and code:16

  SymbolMatch() = default;
  constexpr SymbolMatch(std::uint16_t code, std::size_t length) noexcept
      : bits(std::uint32_t{1} << 20 | static_cast<std::uint32_t>(length - 1) << 16 | code) {}

  [[nodiscard]] explicit operator bool() const noexcept { return bits != 0; }
  [[nodiscard]] std::uint16_t code() const noexcept { return static_cast<std::uint16_t>(bits); }
  [[nodiscard]] std::size_t length() const noexcept { return (bits >> 16 & 15U) + 1; }
};

// Thread-safe while nothing is added.
class SymbolMatcher {
 public:
  SymbolMatcher();

  // A new symbol, of 2 to 16 bytes; false when it will not be found. Precondition: code >= 256.
  bool add(std::string_view symbol, std::uint16_t code) noexcept;

  static constexpr std::size_t kMaxLanes = 16;
  // The longest symbols at the beginning of each window, at most kMaxLanes of them: always something, if only the
  // single byte, whose code it is itself.
  void search(std::span<const TextWindow> windows, std::span<SymbolMatch> matches) const noexcept;
  // The symbol that is exactly the first `length` bytes, 2 to 16, of the window; to be checked as well.
  [[nodiscard]] SymbolMatch exactly(const TextWindow& window, std::size_t length) const noexcept;

 private:
  static constexpr std::size_t kBucketEntries = 8;
  // Entry: 12 bits of hash, then length - 1:4 and code:16 as in SymbolMatch; 0 when empty.
  struct alignas(32) Bucket {
    std::array<std::uint32_t, kBucketEntries> entries{};
  };
  using Bits = std::vector<std::uint64_t>;

  // The longest symbol of a length in [shortest, longest], all kept under the same first bytes, whose hash is `home`.
  template <std::size_t shortest, std::size_t longest>
  [[nodiscard]] SymbolMatch look_up(std::uint64_t home, const TextWindow& window) const noexcept;
  [[nodiscard]] SymbolMatch short_match(const TextWindow& window) const noexcept;

  std::vector<Bucket> buckets_;
  Bits overflown_;                    // buckets that have been full, so that the next one has to be looked at as well
  Bits begin_five_;                   // by hash of 5 bytes: some symbol of 5 to 8 bytes may begin with them
  Bits begin_eight_;                  // by hash of 8 bytes, for longer ones
  std::vector<std::uint16_t> pairs_;  // the code of each two bytes, 0 for none
};

}  // namespace akyn::storage
