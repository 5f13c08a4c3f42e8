// Keys and records of a dictionary run, as its writer makes them and its reader finds them.
//
// A run holds the terms of a dictionary sorted by type and body (body_order.h) under consecutive numbers. Pages of
// kPageTerms terms never mix types, so that the place of a term follows from its number:
//
//     run:4 page:4                page `page` (dictionary_page.h); all full but the last of each type
//     run:4 page:4 'f'            after the last page of each kFilterPages: the filter of their terms (bloom_filter.h)
//     run:4 ffff0000:4            meta record
//     run:4 ffff0001:4            symbol table (string_codec.h)
//     run:4 ffff0002+n:4          separators of pages [n, n+1) * kSeparatorPages
//
// Key numbers are big-endian. The filter holds hash_bytes(folded body, type).
//
// Separators: count:4, end:4 for each (of its bytes, counted from the first one's start), bytes. The separator of a
// page is the shortest string that is greater than the folded last body of the page before and not greater than the
// folded first body of this one; of a type's first page, empty; of a page of IdType::valued, the first body.
//
// Meta record: version:1 types:1 pages:4 first:8 bytes:8, then for each type: type:1 pages:4 terms:8, then for each
// record of separators: its first separator as size:varint and bytes. `bytes` is the sum of all values but this one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/dictionary_page.h"
#include "engine/term/id.h"

namespace akyn::storage {

inline constexpr std::uint32_t kFilterPages = 3072;  // 960 KiB of filter
inline constexpr std::uint32_t kSeparatorPages = 2048;

inline constexpr std::uint32_t kMetaPage = 0xffff'0000;
inline constexpr std::uint32_t kSymbolsPage = 0xffff'0001;
inline constexpr std::uint32_t kFirstSeparatorsPage = 0xffff'0002;
inline constexpr std::uint32_t kMaxSeparatorRecords = 0xffff'ffff - kFirstSeparatorsPage;
inline constexpr std::uint32_t kMaxRunPages = kMaxSeparatorRecords * kSeparatorPages;  // 34 thousand million terms

struct DictionaryKey {
  std::array<char, 9> bytes{};
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
};
[[nodiscard]] DictionaryKey dictionary_key(std::uint32_t run, std::uint32_t page) noexcept;
[[nodiscard]] DictionaryKey dictionary_filter_key(std::uint32_t run, std::uint32_t last_page) noexcept;

// The terms of one type; they may be none.
struct DictionaryType {
  std::uint64_t first_index = 0;  // the index of a term is its number minus the run's first
  std::uint64_t terms = 0;
  std::uint32_t first_page = 0;
  std::uint32_t pages = 0;
};

struct DictionaryMeta {
  std::uint64_t first = 0;  // number of the first term
  std::uint64_t terms = 0;
  std::uint64_t bytes = 0;
  std::uint32_t pages = 0;
  std::array<DictionaryType, 16> types{};  // by IdType
  std::vector<std::string> separators;     // the first of each record

  [[nodiscard]] DictionaryType& of(IdType type) noexcept { return types[static_cast<std::size_t>(type)]; }
  [[nodiscard]] const DictionaryType& of(IdType type) const noexcept { return types[static_cast<std::size_t>(type)]; }

  // Sets the first page and the first index of each type, terms and pages from the counts of the types.
  void add_up() noexcept;

  [[nodiscard]] std::string serialize() const;
  // Throws Error(corruption), Error(format_version).
  [[nodiscard]] static DictionaryMeta parse(std::string_view stored);
};

// Reads one record of separators in place.
class Separators {
 public:
  // Throws Error(corruption).
  explicit Separators(std::string_view stored);

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size() / 4; }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept;

 private:
  std::string_view ends_;
  std::string_view bytes_;
};

[[nodiscard]] std::string serialize_separators(const std::vector<std::string>& separators);

// The shortest string that is greater than `before` and not greater than `first`. Precondition: before < first.
[[nodiscard]] std::string_view shortest_separator(std::string_view before, std::string_view first) noexcept;

}  // namespace akyn::storage
