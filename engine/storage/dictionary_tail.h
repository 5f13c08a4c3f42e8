// The tail of a dictionary: the terms of small commits, one by one, in the order they came.
//
// A dictionary's runs are sorted and immutable; what is added between two of them goes here, in the family `tail`:
//
//     tail:4 'i' number:8                 -> type:1 body              body as written (term_codec.h)
//     tail:4 't' type:1 folded body       -> number:8                 folded body of up to kLongestPlainKey bytes
//     tail:4 't' type|80:1 SHA-256:32     -> number:8                 of a longer one
//
// Numbers in keys and values are big-endian. A tail only grows: an entry is never changed, so that one tail serves all
// versions of the store that name it, each with the numbers below its own end. A new generation has a new tail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/storage/key_value.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Of a key: what tells the two kinds of one tail from each other, and from those of other tails.
inline constexpr std::size_t kTailKindBytes = 5;

[[nodiscard]] std::string tail_number_key(std::uint32_t tail, std::uint64_t number);
[[nodiscard]] std::string tail_term_key(std::uint32_t tail, IdType type, std::string_view folded_body);

// Put the two entries of a term: the first gives its body, which folds to `folded_body`, the second its number. `id` is
// of a dictionary type.
void write_tail_body(std::uint32_t tail, Id id, std::string_view body, KeyValueSink& sink);
void write_tail_number(std::uint32_t tail, Id id, std::string_view folded_body, KeyValueSink& sink);

// Immutable but for what others append behind the numbers that a caller may ask for; thread-safe. Functions throw
// Error(corruption) and what the source throws.
class DictionaryTail {
 public:
  // `tail` is the number under which the entries are written. `source` is the newest state of the family.
  DictionaryTail(std::uint32_t tail, std::shared_ptr<const KeyValueSource> source)
      : tail_(tail), source_(std::move(source)) {}

  [[nodiscard]] std::uint32_t tail() const noexcept { return tail_; }

  // The number of the term; nothing when there is none below `end`.
  [[nodiscard]] std::optional<std::uint64_t> find(IdType type, std::string_view folded_body, std::uint64_t end) const;
  // The body as written, which lives as long as `value`. Throws Error(corruption) when there is no such term.
  [[nodiscard]] std::string_view body(Id id, PinnedValue& value) const;

 private:
  std::uint32_t tail_;
  std::shared_ptr<const KeyValueSource> source_;
};

}  // namespace akyn::storage
