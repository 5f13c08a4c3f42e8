#include "engine/storage/symbol_matcher.h"

#include <algorithm>
#include <utility>

namespace akyn::storage {
namespace {

constexpr unsigned kBucketBits = 14;
constexpr unsigned kFilterBits = 18;
constexpr int kMaxBuckets = 12;  // in which a symbol may stand, from its own one on
constexpr std::uint32_t kTagMask = 0xFFF0'0000;
constexpr std::uint32_t kLengthMask = 0x000F'0000;

// Precondition: 1 <= count <= 8.
constexpr std::uint64_t first_bytes(std::uint64_t word, std::size_t count) noexcept {
  return word & (~std::uint64_t{0} >> (64 - count * 8));
}

// Of the first `count` bytes, 1 to 8, that symbols are kept under. Use the leftmost bits: the more a bit of a product
// is to the left, the more bytes have a say in it.
inline std::uint64_t home_of(const TextWindow& window, std::size_t count) noexcept {
  return first_bytes(window.low, count) * 0x9e3779b97f4a7c15;
}

// How many bytes of a symbol choose its bucket.
constexpr std::size_t home_bytes(std::size_t length) noexcept {
  return length > 8 ? 8 : length > 4 ? 5 : 3;
}

// What the entry of a symbol with these bytes has besides its code.
inline std::uint32_t tag_of(const TextWindow& window, std::size_t length) noexcept {
  std::uint64_t hash = first_bytes(window.low, length < 8 ? length : 8) * 0xd6e8feb86659fd93;
  if (length > 8) hash += first_bytes(window.high, length - 8) * 0xc2b2ae3d27d4eb4f;
  return (static_cast<std::uint32_t>(hash >> 32) & kTagMask) | static_cast<std::uint32_t>(length - 1) << 16;
}

// Four entries, as one machine word where there are such. Compared with their tags cut off, they are positive.
using Four [[gnu::vector_size(16)]] = std::uint32_t;
using FourSigned [[gnu::vector_size(16)]] = std::int32_t;

inline Four larger(Four a, Four b) noexcept {
  const auto mask = reinterpret_cast<Four>(reinterpret_cast<FourSigned>(a) > reinterpret_cast<FourSigned>(b));
  return (a & mask) | (b & ~mask);
}

inline bool test(const std::vector<std::uint64_t>& bits, std::uint64_t i) noexcept {
  return (bits[i / 64] >> (i % 64) & 1U) != 0;
}

inline void set(std::vector<std::uint64_t>& bits, std::uint64_t i) noexcept {
  bits[i / 64] |= std::uint64_t{1} << (i % 64);
}

}  // namespace

SymbolMatcher::SymbolMatcher()
    : buckets_(std::size_t{1} << kBucketBits),
      overflown_(buckets_.size() / 64),
      begin_five_((std::size_t{1} << kFilterBits) / 64),
      begin_eight_(begin_five_.size()),
      pairs_(std::size_t{1} << 16) {}

bool SymbolMatcher::add(std::string_view symbol, std::uint16_t code) noexcept {
  const TextWindow window(symbol);
  if (symbol.size() == 2) {
    pairs_[window.low] = code;
    return true;
  }
  const std::uint64_t home = home_of(window, home_bytes(symbol.size()));
  const std::uint32_t tag = tag_of(window, symbol.size());
  const auto find_place = [&]() -> std::uint32_t* {
    std::uint64_t bucket = home >> (64 - kBucketBits);
    for (int i = 0; i < kMaxBuckets; ++i, bucket = (bucket + 1) % buckets_.size()) {
      for (std::uint32_t& entry : buckets_[bucket].entries) {
        if (entry == 0) return &entry;
        if (((entry ^ tag) & (kTagMask | kLengthMask)) == 0) return nullptr;
      }
      if (i + 1 < kMaxBuckets) set(overflown_, bucket);
    }
    return nullptr;
  };
  std::uint32_t* const place = find_place();
  if (place == nullptr) return false;
  *place = tag | code;
  if (symbol.size() > 4) set(symbol.size() > 8 ? begin_eight_ : begin_five_, home >> (64 - kFilterBits));
  return true;
}

template <std::size_t shortest, std::size_t longest>
inline SymbolMatch SymbolMatcher::look_up(std::uint64_t home, const TextWindow& window) const noexcept {
  using Lengths = std::make_index_sequence<longest - shortest + 1>;
  std::array<Four, longest - shortest + 1> tags;
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    ((tags[i] = Four{} + tag_of(window, shortest + i)), ...);
  }(Lengths());
  // Without a branch on what is found, which could not be predicted. The largest entry is the longest symbol.
  Four best{};
  std::uint64_t bucket = home >> (64 - kBucketBits);
  for (int i = 0; i < kMaxBuckets; ++i, bucket = (bucket + 1) % buckets_.size()) {
    for (std::size_t half = 0; half < kBucketEntries; half += 4) {
      Four entries;
      std::memcpy(&entries, buckets_[bucket].entries.data() + half, sizeof entries);
      const Four found = entries & (kTagMask | kLengthMask);
      Four equal{};
      [&]<std::size_t... i>(std::index_sequence<i...>) {
        ((equal |= reinterpret_cast<Four>(found == tags[i])), ...);
      }(Lengths());
      best = larger(best, entries & equal & ~kTagMask);
    }
    if (!test(overflown_, bucket)) break;
  }
  best = larger(best, Four{best[2], best[3], best[0], best[1]});
  const std::uint32_t entry = std::max(best[0], best[1]);
  return entry == 0 ? SymbolMatch() : SymbolMatch(static_cast<std::uint16_t>(entry), (entry >> 16) + 1);
}

SymbolMatch SymbolMatcher::exactly(const TextWindow& window, std::size_t length) const noexcept {
  if (length == 2) {
    const std::uint16_t code = pairs_[first_bytes(window.low, 2)];
    return code == 0 ? SymbolMatch() : SymbolMatch(code, 2);
  }
  const std::uint64_t home = home_of(window, home_bytes(length));
  const std::uint32_t tag = tag_of(window, length);
  std::uint64_t bucket = home >> (64 - kBucketBits);
  for (int i = 0; i < kMaxBuckets; ++i, bucket = (bucket + 1) % buckets_.size()) {
    for (const std::uint32_t entry : buckets_[bucket].entries) {
      if (entry != 0 && ((entry ^ tag) & (kTagMask | kLengthMask)) == 0) {
        return SymbolMatch(static_cast<std::uint16_t>(entry), length);
      }
    }
    if (!test(overflown_, bucket)) break;
  }
  return {};
}

inline SymbolMatch SymbolMatcher::short_match(const TextWindow& window) const noexcept {
  if (const SymbolMatch match = look_up<3, 4>(home_of(window, 3), window)) return match;
  const std::uint16_t code = pairs_[first_bytes(window.low, 2)];
  return code != 0 ? SymbolMatch(code, 2) : SymbolMatch(static_cast<unsigned char>(window.low), 1);
}

void SymbolMatcher::search(std::span<const TextWindow> windows, std::span<SymbolMatch> matches) const noexcept {
  struct Lane {
    std::uint64_t five;
    std::uint64_t eight;
    bool may_be_long;
    bool may_be_middle;
  };
  std::array<Lane, kMaxLanes> lanes;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    Lane& lane = lanes[i];
    lane.five = home_of(windows[i], 5);
    lane.eight = home_of(windows[i], 8);
    lane.may_be_middle = test(begin_five_, lane.five >> (64 - kFilterBits));
    lane.may_be_long = test(begin_eight_, lane.eight >> (64 - kFilterBits));
    const std::uint64_t home = lane.may_be_middle ? lane.five : home_of(windows[i], 3);
    __builtin_prefetch(&buckets_[home >> (64 - kBucketBits)]);
    __builtin_prefetch(&buckets_[(lane.may_be_long ? lane.eight : home) >> (64 - kBucketBits)]);
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Lane& lane = lanes[i];
    SymbolMatch match;
    if (lane.may_be_long) match = look_up<9, 16>(lane.eight, windows[i]);
    if (!match && lane.may_be_middle) match = look_up<5, 8>(lane.five, windows[i]);
    matches[i] = match ? match : short_match(windows[i]);
  }
}

}  // namespace akyn::storage
