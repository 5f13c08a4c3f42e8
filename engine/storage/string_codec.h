// Short strings in few bytes, each readable on its own at memory speed.
//
// A SymbolTable holds up to 65,536 symbols, byte strings of 1 to 16 bytes, of which the first 256 are the single
// bytes. A string is encoded as the symbols that spell it, always the longest that fits next (but
// for a few that symbol_matcher.h cannot hold), two bytes each; decoding
// copies 16 bytes a symbol and steps on by its length. The table is trained on a sample by merging symbols that often
// stand side by side, as byte-pair encoding does, in one pass.
//
// Why not zstd: a block of strings has to be opened whole to read one of them (10 us for 4 KiB), and every REGEX or
// CONTAINS over a store's literals would wait for it. This reads one string in tens of nanoseconds and is as small.
//
// Stored form of a table:   count:2 of symbols beyond the single bytes, then for each: length:1, bytes
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/symbol_matcher.h"

namespace akyn::storage {

inline constexpr std::size_t kMaxSymbolLength = 16;

// Decodes. Immutable and thread-safe.
class SymbolTable {
 public:
  SymbolTable();  // the single bytes only
  // Reads the stored form. Throws Error(corruption).
  [[nodiscard]] static SymbolTable deserialize(std::string_view stored);
  [[nodiscard]] std::string serialize() const;

  [[nodiscard]] std::size_t size() const noexcept { return lengths_.size(); }
  [[nodiscard]] std::string_view symbol(std::size_t code) const noexcept {
    return {bytes_.data() + code * kMaxSymbolLength, lengths_[code]};
  }
  // The symbol's bytes, with zeros after them up to kMaxSymbolLength.
  [[nodiscard]] const char* bytes(std::size_t code) const noexcept { return bytes_.data() + code * kMaxSymbolLength; }
  // Precondition: size() < 65,536 and text has 2 to 16 bytes.
  std::uint16_t add(std::string_view text);

  // Appends the string that `codes`, two bytes a symbol, spell. Throws Error(corruption) for a code outside the table.
  void decode(std::string_view codes, std::string& out) const;
  [[nodiscard]] std::size_t decoded_size(std::string_view codes) const;

  struct Comparison {
    std::strong_ordering order;  // of the encoded string to the other, by bytes
    std::size_t common;          // leading bytes that are the same
  };
  // Compares the string that `codes` spell without decoding more of it than needed. Throws Error(corruption).
  [[nodiscard]] Comparison compare(std::string_view codes, std::string_view text) const;

 private:
  std::vector<char> bytes_;  // kMaxSymbolLength a symbol
  std::vector<std::uint8_t> lengths_;
};

// Encodes with a table. Immutable and thread-safe once made.
class StringEncoder {
 public:
  explicit StringEncoder(std::shared_ptr<const SymbolTable> table);
  StringEncoder(const StringEncoder&) = delete;
  StringEncoder& operator=(const StringEncoder&) = delete;

  [[nodiscard]] const SymbolTable& table() const noexcept { return *table_; }
  // Appends the codes of `text`.
  void encode(std::string_view text, std::string& out) const;

 private:
  // Appends the codes of the symbols that begin in the first part of `text`; returns how many bytes they spell.
  std::size_t encode_chunk(std::string_view text, std::string& out) const;
  // Of the symbols that the text at `window`, `rest` bytes, begins with.
  [[nodiscard]] SymbolMatch longest_exactly(const TextWindow& window, std::size_t rest) const noexcept;

  std::shared_ptr<const SymbolTable> table_;
  SymbolMatcher matcher_;
};

// A table for strings like those of the sample. Deterministic. A few megabytes of sample are enough; strings that
// are near each other in it should not be near each other in sort order, or the table fits the first ones best.
[[nodiscard]] SymbolTable train_symbols(std::span<const std::string_view> sample);

}  // namespace akyn::storage
