// The terms of a column as texts of any kind: each distinct one is fetched and written once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/term.h>
#include "engine/runtime/local_terms.h"
#include "engine/term/id.h"

namespace akyn::exec {

// Texts are kept from column to column, as those of one variable often repeat, until they are some megabytes. One
// thread at a time. `terms` must outlive it.
class TermTexts {
 public:
  // Appends the text of a term, which is one and not unbound.
  using Write = std::function<void(std::string& out, const TermView& term)>;

  TermTexts(const runtime::LocalTerms& terms, Write write);

  // Replaces the texts by those of these terms, Ids as bits; that of an unbound one is empty. Throws Error(corruption),
  // what storage throws, and what `write` throws; there are no texts then.
  void decode(std::span<const std::uint64_t> ids);

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  // Valid until decode() is called.
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const Text& text = texts_[places_[i]];
    return {bytes_.data() + text.begin, text.size};
  }
  // How many bytes of text the last decode() had to write.
  [[nodiscard]] std::size_t bytes_written() const noexcept { return bytes_written_; }

 private:
  struct Text {
    std::uint64_t id = 0;
    std::size_t begin = 0;  // in bytes_
    std::size_t size = 0;
  };

  // The place of an Id among texts_; one more when it is new.
  [[nodiscard]] std::uint32_t place_of(std::uint64_t id);
  [[nodiscard]] std::size_t slot_of(std::uint64_t id) const noexcept;
  void add(Id id, std::uint32_t place);
  void fetch_stored();
  void write(std::uint32_t place, const TermView& term);
  void forget();
  void grow();

  const runtime::LocalTerms& terms_;
  Write write_;
  std::string bytes_;
  std::vector<Text> texts_;  // the first: that of the unbound
  // An open hash table of places in texts_, 0 where it is empty; a power of two, never more than half full. Small, as
  // every term of a column looks into it.
  std::vector<std::uint32_t> slots_;
  unsigned shift_ = 0;                        // to a slot from 64 bits of hash
  std::vector<std::uint32_t> places_;         // of each term of the column, its text
  std::vector<Id> stored_;                    // still to be fetched,
  std::vector<std::uint32_t> stored_places_;  // and where their texts belong
  std::size_t bytes_written_ = 0;
  bool mostly_new_ = false;  // what the last decode() was asked for
};

}  // namespace akyn::exec
