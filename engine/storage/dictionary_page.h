// A page of a dictionary run: up to kPageTerms sorted strings, each readable without the others.
//
//     count:2  0:2
//     end:4 for each group                of the group, counted from the first group's start
//     groups of kGroupTerms strings:
//         head      size:varint, codes
//         others    shared:varint size:varint, codes      shared: leading bytes taken from the head
//
// `codes` are symbol codes (string_codec.h) of the string, or of what follows the shared bytes, `size` bytes of them.
// Sharing with the group's head instead of the string before costs 1 % in size and makes a read independent of its
// neighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/string_codec.h"

namespace akyn::storage {

inline constexpr std::size_t kPageTerms = 256;
inline constexpr std::size_t kGroupTerms = 16;

// Collects strings into a page. One thread at a time.
class DictionaryPageWriter {
 public:
  explicit DictionaryPageWriter(const StringEncoder& encoder) : encoder_(&encoder) {}

  // Precondition: !full(). The order of the strings is the caller's. Throws Error(limit) when the page exceeds 4 GiB.
  void add(std::string_view text);
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool full() const noexcept { return count_ == kPageTerms; }
  // The page's bytes; the writer is empty again. Precondition: size() > 0.
  [[nodiscard]] std::string finish();

 private:
  const StringEncoder* encoder_;
  std::size_t count_ = 0;
  std::string head_;
  std::vector<std::uint32_t> ends_;
  std::string groups_;
  std::string codes_;
};

// Reads a page in place; bytes and table must outlive it. Thread-safe.
class DictionaryPage {
 public:
  // Throws Error(corruption), as do the members.
  DictionaryPage(std::string_view bytes, const SymbolTable& table);

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  // Appends string `index` to out.
  void append(std::size_t index, std::string& out) const;
  // Calls visit(index, string) for the strings [first, last) in order; the string is valid during the call.
  void for_each(std::size_t first, std::size_t last,
                const std::function<void(std::size_t, std::string_view)>& visit) const;
  // Calls visit(number, string) for strings `number - base`, by ascending numbers.
  void visit(std::span<const std::uint64_t> numbers, std::uint64_t base,
             const std::function<void(std::uint64_t, std::string_view)>& visit) const;
  // The first index whose string is not before what is sought: `before(string)` tells, true for a first part only.
  [[nodiscard]] std::size_t partition_point(const std::function<bool(std::string_view)>& before) const;

  struct Place {
    std::size_t index = 0;
    bool equal = false;
  };
  // The first index whose string is not less than `text`, and whether it is equal; faster than partition_point().
  // Precondition: the strings are in byte order.
  [[nodiscard]] Place lower_bound(std::string_view text) const;

 private:
  struct Group;
  Group open_group(std::size_t group) const;
  Group open_group(std::size_t group, std::string& head) const;

  std::string_view ends_;
  std::string_view groups_;
  const SymbolTable* table_;
  std::size_t count_;
};

}  // namespace akyn::storage
