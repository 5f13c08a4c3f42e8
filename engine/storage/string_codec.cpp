#include "engine/storage/string_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

constexpr std::size_t kMaxSymbols = std::size_t{1} << 16;
constexpr std::size_t kChunk = 512;  // bytes encoded at a time
constexpr std::size_t kBytesPerLane = 28;

std::uint64_t spread(std::uint64_t x) noexcept {
  x *= 0x9e3779b97f4a7c15ULL;
  return x ^ (x >> 32);
}

[[noreturn]] void corrupt(const char* what) {
  throw Error(ErrorCode::corruption, std::string("the dictionary is damaged: ") + what);
}

// How often two symbols have stood side by side: an open hash table.
class PairCounts {
 public:
  void prefetch(std::uint32_t pair) const noexcept {
    __builtin_prefetch(&entries_[spread(pair) & (entries_.size() - 1)]);
  }

  // Counts one more; the new count.
  std::uint32_t increment(std::uint32_t pair) {
    if (used_ * 2 > entries_.size()) grow();
    Entry& entry = entries_[place_of(pair)];
    if (entry.count == 0) {
      entry.pair = pair;
      ++used_;
    }
    return ++entry.count;
  }

 private:
  struct Entry {
    std::uint32_t pair = 0;
    std::uint32_t count = 0;  // 0: an empty place
  };

  [[nodiscard]] std::size_t place_of(std::uint32_t pair) const noexcept {
    std::size_t place = spread(pair) & (entries_.size() - 1);
    while (entries_[place].count != 0 && entries_[place].pair != pair) place = (place + 1) & (entries_.size() - 1);
    return place;
  }

  void grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    for (const Entry& entry : old) {
      if (entry.count != 0) entries_[place_of(entry.pair)] = entry;
    }
  }

  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << 12);
  std::size_t used_ = 0;
};

// Whether a text begins with the symbol, whose bytes are padded with zeros.
inline bool begins_with(const TextWindow& text, const char* symbol, std::size_t length) noexcept {
  static constexpr auto kMasks = [] {
    std::array<std::uint64_t, 2 * kMaxSymbolLength + 1> masks{};  // of the first n - 8 bytes
    for (std::size_t n = 9; n < masks.size(); ++n)
      masks[n] = n < 16 ? ~std::uint64_t{0} >> (128 - n * 8) : ~std::uint64_t{0};
    return masks;
  }();
  const TextWindow bytes(symbol);
  return (((text.low & kMasks[length + 8]) ^ bytes.low) | ((text.high & kMasks[length]) ^ bytes.high)) == 0;
}

}  // namespace

SymbolTable::SymbolTable() {
  bytes_.resize(256 * kMaxSymbolLength);
  lengths_.assign(256, 1);
  for (std::size_t byte = 0; byte < 256; ++byte) bytes_[byte * kMaxSymbolLength] = static_cast<char>(byte);
}

std::uint16_t SymbolTable::add(std::string_view text) {
  const auto code = static_cast<std::uint16_t>(lengths_.size());
  lengths_.push_back(static_cast<std::uint8_t>(text.size()));
  bytes_.resize(bytes_.size() + kMaxSymbolLength);
  std::copy(text.begin(), text.end(), bytes_.end() - kMaxSymbolLength);
  return code;
}

std::string SymbolTable::serialize() const {
  const auto count = static_cast<std::uint16_t>(size() - 256);
  std::string stored;
  stored += static_cast<char>(count & 0xFF);
  stored += static_cast<char>(count >> 8);
  for (std::size_t code = 256; code < size(); ++code) {
    stored += static_cast<char>(lengths_[code]);
    stored += symbol(code);
  }
  return stored;
}

SymbolTable SymbolTable::deserialize(std::string_view stored) {
  if (stored.size() < 2) corrupt("symbol table cut short");
  const std::size_t count =
      static_cast<unsigned char>(stored[0]) | (static_cast<std::size_t>(static_cast<unsigned char>(stored[1])) << 8);
  stored.remove_prefix(2);
  SymbolTable table;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t length = stored.empty() ? 0 : static_cast<unsigned char>(stored[0]);
    if (length < 2 || length > kMaxSymbolLength || stored.size() <= length || table.size() == kMaxSymbols) {
      corrupt("wrong symbol");
    }
    table.add(stored.substr(1, length));
    stored.remove_prefix(1 + length);
  }
  if (!stored.empty()) corrupt("symbol table too long");
  return table;
}

std::size_t SymbolTable::decoded_size(std::string_view codes) const {
  std::size_t size = 0;
  for (std::size_t i = 0; i + 2 <= codes.size(); i += 2) {
    std::uint16_t code = 0;
    std::memcpy(&code, codes.data() + i, 2);
    if (code >= lengths_.size()) corrupt("wrong symbol code");
    size += lengths_[code];
  }
  return size;
}

void SymbolTable::decode(std::string_view codes, std::string& out) const {
  if (codes.size() % 2 != 0) corrupt("half a symbol code");
  const std::size_t start = out.size();
  out.resize(start + codes.size() / 2 * kMaxSymbolLength);
  char* to = out.data() + start;
  for (const char* at = codes.data(); at != codes.data() + codes.size(); at += 2) {
    std::uint16_t code = 0;
    std::memcpy(&code, at, 2);
    if (code >= lengths_.size()) corrupt("wrong symbol code");
    std::memcpy(to, bytes_.data() + std::size_t{code} * kMaxSymbolLength, kMaxSymbolLength);
    to += lengths_[code];
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

SymbolTable::Comparison SymbolTable::compare(std::string_view codes, std::string_view text) const {
  if (codes.size() % 2 != 0) corrupt("half a symbol code");
  std::size_t common = 0;
  for (std::size_t i = 0; i < codes.size(); i += 2) {
    std::uint16_t code = 0;
    std::memcpy(&code, codes.data() + i, 2);
    if (code >= lengths_.size()) corrupt("wrong symbol code");
    const std::string_view ours = symbol(code);
    const std::string_view theirs = text.substr(common, ours.size());
    if (ours != theirs) {
      const auto [at, _] = std::mismatch(theirs.begin(), theirs.end(), ours.begin(), ours.end());
      return {ours.compare(theirs) <=> 0, common + static_cast<std::size_t>(at - theirs.begin())};
    }
    common += ours.size();
  }
  return {common < text.size() ? std::strong_ordering::less : std::strong_ordering::equal, common};
}

StringEncoder::StringEncoder(std::shared_ptr<const SymbolTable> table) : table_(std::move(table)) {
  for (std::size_t code = 256; code < table_->size(); ++code) {
    matcher_.add(table_->symbol(code), static_cast<std::uint16_t>(code));
  }
}

void StringEncoder::encode(std::string_view text, std::string& out) const {
  while (!text.empty()) text.remove_prefix(encode_chunk(text, out));
}

std::size_t StringEncoder::encode_chunk(std::string_view text, std::string& out) const {
  // Padded, so that a window can be read anywhere. A symbol may reach beyond the chunk, not beyond the text.
  std::array<char, kChunk + kMaxSymbolLength> bytes;
  const std::size_t size = std::min(kChunk, text.size());
  const std::size_t copied = std::min(bytes.size(), text.size());
  if (copied != 0) std::memcpy(bytes.data(), text.data(), copied);
  std::memset(bytes.data() + copied, 0, std::min(bytes.size() - copied, kMaxSymbolLength));

  // What follows at a place does not depend on how the place was reached. So several lanes begin at once in different
  // parts of the chunk, and where one comes to a place that another has seen, which takes it a few symbols, it stops.
  std::array<SymbolMatch, kChunk> matches;
  std::fill_n(matches.begin(), size, SymbolMatch());
  std::array<std::size_t, SymbolMatcher::kMaxLanes> places;
  std::array<TextWindow, SymbolMatcher::kMaxLanes> windows;
  std::array<SymbolMatch, SymbolMatcher::kMaxLanes> found;
  std::size_t lanes = std::clamp<std::size_t>(size / kBytesPerLane, 1, SymbolMatcher::kMaxLanes);
  for (std::size_t i = 0; i < lanes; ++i) places[i] = size * i / lanes;
  while (lanes > 0) {
    for (std::size_t i = 0; i < lanes; ++i) windows[i] = TextWindow(bytes.data() + places[i]);
    matcher_.search({windows.data(), lanes}, {found.data(), lanes});
    std::size_t left = 0;
    for (std::size_t i = 0; i < lanes; ++i) {
      matches[places[i]] = found[i];
      __builtin_prefetch(table_->bytes(found[i].code()));
      const std::size_t next = places[i] + found[i].length();
      places[left] = next;
      if (next < size && !matches[next]) ++left;
    }
    lanes = left;
  }

  std::array<std::uint16_t, kChunk> codes;
  std::size_t count = 0;
  std::size_t at = 0;
  while (at < size) {
    const TextWindow window(bytes.data() + at);
    SymbolMatch match = matches[at];
    const std::size_t rest = text.size() - at;
    if (!match || match.length() > rest || !begins_with(window, table_->bytes(match.code()), match.length()))
        [[unlikely]] {
      match = longest_exactly(window, rest);
    }
    codes[count++] = match.code();
    at += match.length();
  }
  out.append(reinterpret_cast<const char*>(codes.data()), count * sizeof codes[0]);
  return at;
}

SymbolMatch StringEncoder::longest_exactly(const TextWindow& window, std::size_t rest) const noexcept {
  for (std::size_t length = std::min(rest, kMaxSymbolLength); length > 1; --length) {
    const SymbolMatch match = matcher_.exactly(window, length);
    if (match && begins_with(window, table_->bytes(match.code()), length)) return match;
  }
  return SymbolMatch(static_cast<unsigned char>(window.low), 1);
}

namespace {

// Learns symbols from texts read side by side.
class Trainer {
 public:
  explicit Trainer(std::span<const std::string_view> sample) : sample_(sample) {
    std::size_t bytes = 0;
    for (const std::string_view text : sample) bytes += text.size();
    // A pair becomes a symbol when it has been seen this often: the larger the sample, the choosier.
    threshold_ = std::max<std::uint32_t>(2, static_cast<std::uint32_t>(std::bit_width(bytes >> 19)));
  }

  SymbolTable run() {
    std::array<Lane, SymbolMatcher::kMaxLanes> lanes;
    std::array<TextWindow, SymbolMatcher::kMaxLanes> windows;
    std::array<SymbolMatch, SymbolMatcher::kMaxLanes> found;
    for (;;) {
      std::size_t live = 0;
      for (Lane& lane : lanes) {
        while (lane.at == lane.text.size() && next_ < sample_.size()) lane = {sample_[next_++]};
        if (lane.at == lane.text.size()) continue;
        if (&lanes[live] != &lane) std::swap(lanes[live], lane);
        windows[live] = TextWindow(lane.text.substr(lane.at));
        ++live;
      }
      if (live == 0) return std::move(table_);
      matcher_.search({windows.data(), live}, {found.data(), live});
      for (std::size_t i = 0; i < live; ++i) __builtin_prefetch(table_.bytes(found[i].code()));
      for (std::size_t i = 0; i < live; ++i) {
        SymbolMatch& match = found[i];
        if (match.length() > lanes[i].text.size() - lanes[i].at ||
            !begins_with(windows[i], table_.bytes(match.code()), match.length())) {
          match = SymbolMatch(static_cast<unsigned char>(windows[i].low), 1);
        }
        seen_.prefetch(pair_of(lanes[i].previous, match));
      }
      for (std::size_t i = 0; i < live; ++i) {
        step(lanes[i], found[i]);
        if (table_.size() == kMaxSymbols) return std::move(table_);
      }
    }
  }

 private:
  struct Lane {
    std::string_view text;
    std::size_t at = 0;
    SymbolMatch previous = {};  // the symbol before `at`
  };

  static std::uint32_t pair_of(SymbolMatch left, SymbolMatch right) noexcept {
    return static_cast<std::uint32_t>(left.code()) << 16 | right.code();
  }

  void step(Lane& lane, SymbolMatch match) {
    const std::size_t before = lane.previous ? lane.previous.length() : 0;
    const std::size_t start = lane.at - before;
    lane.at += match.length();
    const std::size_t length = lane.at - start;
    if (before == 0 || length > kMaxSymbolLength || seen_.increment(pair_of(lane.previous, match)) != threshold_) {
      lane.previous = match;
      return;
    }
    const std::string_view merged = lane.text.substr(start, length);
    lane.previous = match;
    if (!matcher_.add(merged, static_cast<std::uint16_t>(table_.size()))) return;
    lane.previous = SymbolMatch(table_.add(merged), length);
  }

  std::span<const std::string_view> sample_;
  std::size_t next_ = 0;  // of the sample
  std::uint32_t threshold_ = 0;
  SymbolTable table_;
  SymbolMatcher matcher_;
  PairCounts seen_;
};

}  // namespace

SymbolTable train_symbols(std::span<const std::string_view> sample) {
  return Trainer(sample).run();
}

}  // namespace akyn::storage
