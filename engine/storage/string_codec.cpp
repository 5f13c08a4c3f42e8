#include "engine/storage/string_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

constexpr std::size_t kMaxSymbols = std::size_t{1} << 16;
constexpr std::size_t kShortSymbol = 8;  // up to this length a symbol is one machine word

std::uint64_t load_up_to_8(std::string_view text) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data(), std::min<std::size_t>(text.size(), 8));
  return word;
}

constexpr std::uint64_t first_bytes(std::uint64_t word, std::size_t count) noexcept {
  return count >= 8 ? word : word & ((std::uint64_t{1} << (count * 8)) - 1);
}

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

}  // namespace

// Finds the longest symbol at the start of a text.
//
// Symbols of up to 8 bytes stand in a hash table keyed by (bytes, length). Longer ones hang in a list on their first 8
// bytes, longest first. Two small filters, by the first two and by the first four bytes, say which lengths can exist
// at all, so that most look-ups in the large tables, each a cache miss, find something.
class StringEncoder::Matcher {
 public:
  explicit Matcher(const SymbolTable& table) {
    for (std::size_t code = 256; code < table.size(); ++code) {
      add(table.symbol(code), static_cast<std::uint16_t>(code));
    }
  }

  void add(std::string_view symbol, std::uint16_t code) {
    const std::uint64_t word = load_up_to_8(symbol);
    if (symbol.size() > kShortSymbol) {
      by_four_[four_of(word)] |= kLongBit;
      add_long(word, {load_up_to_8(symbol.substr(8)), static_cast<std::uint8_t>(symbol.size() - 8), code, kNone});
      return;
    }
    const auto bit = static_cast<std::uint8_t>(1U << (symbol.size() - 1));
    (symbol.size() <= 4 ? by_two_[first_bytes(word, 2)] : by_four_[four_of(word)]) |= bit;
    short_[short_place(word, symbol.size())] = {word, static_cast<std::uint8_t>(symbol.size()), code};
  }

  struct Match {
    std::uint16_t code;
    std::size_t length;
  };

  // Precondition: text is not empty.
  [[nodiscard]] Match longest(std::string_view text) const noexcept {
    const std::uint64_t word = load_up_to_8(text);
    std::uint32_t lengths = by_two_[first_bytes(word, 2)];
    if (text.size() > 4) {
      const std::uint8_t longer = by_four_[four_of(word)];
      lengths |= longer & ~kLongBit;
      if ((longer & kLongBit) != 0 && text.size() > kShortSymbol) {
        if (const LongSymbol* found = find_long(word, text)) return {found->code, found->length + kShortSymbol};
      }
    }
    if (text.size() < kShortSymbol) lengths &= (1U << text.size()) - 1;
    while (lengths != 0) {
      const auto length = static_cast<std::size_t>(std::bit_width(lengths));
      const std::uint64_t bytes = first_bytes(word, length);
      const ShortSymbol& entry = short_[short_place(bytes, length)];
      if (entry.length != 0) return {entry.code, length};
      lengths &= ~(1U << (length - 1));
    }
    return {static_cast<unsigned char>(text[0]), 1};
  }

 private:
  struct ShortSymbol {
    std::uint64_t bytes = 0;
    std::uint8_t length = 0;  // 0: an empty place
    std::uint16_t code = 0;
  };
  struct LongSymbol {
    std::uint64_t rest;   // the bytes from the ninth on
    std::uint8_t length;  // ... and how many they are
    std::uint16_t code;
    std::uint32_t next;  // in long_, the next shorter one with the same first 8 bytes
  };
  struct LongHead {
    std::uint64_t prefix = 0;
    std::uint32_t first = kNone;  // in long_; kNone: an empty place
  };
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static constexpr std::size_t kPlaces = kMaxSymbols * 2;  // linear probing, at most half full
  static constexpr std::uint8_t kLongBit = 1;              // of by_four_; single bytes need no bit
  static constexpr std::size_t kFours = std::size_t{1} << 17;

  static std::size_t four_of(std::uint64_t word) noexcept { return spread(first_bytes(word, 4)) % kFours; }

  // Where the symbol is, or the empty place where it would be.
  [[nodiscard]] std::size_t short_place(std::uint64_t bytes, std::size_t length) const noexcept {
    std::size_t place = spread(bytes + length) % kPlaces;
    while (short_[place].length != 0 && (short_[place].bytes != bytes || short_[place].length != length)) {
      place = (place + 1) % kPlaces;
    }
    return place;
  }

  [[nodiscard]] std::size_t head_place(std::uint64_t prefix) const noexcept {
    std::size_t place = spread(prefix) % kPlaces;
    while (heads_[place].first != kNone && heads_[place].prefix != prefix) place = (place + 1) % kPlaces;
    return place;
  }

  void add_long(std::uint64_t prefix, LongSymbol symbol) {
    LongHead& head = heads_[head_place(prefix)];
    head.prefix = prefix;
    std::uint32_t* link = &head.first;
    while (*link != kNone && long_[*link].length > symbol.length) link = &long_[*link].next;
    symbol.next = std::exchange(*link, static_cast<std::uint32_t>(long_.size()));
    long_.push_back(symbol);
  }

  [[nodiscard]] const LongSymbol* find_long(std::uint64_t prefix, std::string_view text) const noexcept {
    const std::uint64_t rest = load_up_to_8(text.substr(8));
    for (std::uint32_t i = heads_[head_place(prefix)].first; i != kNone; i = long_[i].next) {
      const LongSymbol& symbol = long_[i];
      if (symbol.length <= text.size() - 8 && first_bytes(rest, symbol.length) == symbol.rest) return &symbol;
    }
    return nullptr;
  }

  std::vector<ShortSymbol> short_ = std::vector<ShortSymbol>(kPlaces);
  std::vector<LongHead> heads_ = std::vector<LongHead>(kPlaces);
  std::vector<LongSymbol> long_;
  std::vector<std::uint8_t> by_two_ = std::vector<std::uint8_t>(std::size_t{1} << 16);  // bit n-1: length n, 2 to 4
  std::vector<std::uint8_t> by_four_ = std::vector<std::uint8_t>(kFours);               // ... 5 to 8, and kLongBit
};

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

StringEncoder::StringEncoder(std::shared_ptr<const SymbolTable> table)
    : table_(std::move(table)), matcher_(std::make_unique<Matcher>(*table_)) {}

StringEncoder::~StringEncoder() = default;

void StringEncoder::encode(std::string_view text, std::string& out) const {
  while (!text.empty()) {
    const auto [code, length] = matcher_->longest(text);
    out += static_cast<char>(code & 0xFF);
    out += static_cast<char>(code >> 8);
    text.remove_prefix(length);
  }
}

SymbolTable train_symbols(std::span<const std::string_view> sample) {
  std::size_t sample_bytes = 0;
  for (const std::string_view text : sample) sample_bytes += text.size();
  // A pair becomes a symbol when it has been seen this often: the larger the sample, the choosier.
  const auto threshold = std::max<std::uint32_t>(2, static_cast<std::uint32_t>(std::bit_width(sample_bytes >> 19)));

  SymbolTable table;
  StringEncoder::Matcher matcher(table);
  PairCounts seen;
  std::string merged;
  for (std::string_view text : sample) {
    std::size_t previous_code = 0;
    std::size_t previous_length = 0;  // 0: none
    while (!text.empty() && table.size() < kMaxSymbols) {
      const auto [code, length] = matcher.longest(text);
      text.remove_prefix(length);
      if (previous_length != 0 && previous_length + length <= kMaxSymbolLength) {
        const auto pair = static_cast<std::uint32_t>(previous_code << 16 | code);
        if (seen.increment(pair) == threshold) {
          merged.assign(table.symbol(previous_code)).append(table.symbol(code));
          const std::uint16_t added = table.add(merged);
          matcher.add(merged, added);
          previous_code = added;
          previous_length += length;
          continue;
        }
      }
      previous_code = code;
      previous_length = length;
    }
    if (table.size() == kMaxSymbols) break;
  }
  return table;
}

}  // namespace akyn::storage
