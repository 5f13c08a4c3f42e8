// The terms that one thread of a load has met, numbered in the order they came.
//
// A load has one vocabulary a thread, so that no thread waits for another; what several of them have is found out when
// they are merged (bulk_terms.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/page_memory.h"
#include "engine/storage/term_sorter.h"
#include "engine/term/id.h"

namespace akyn::storage {

// The type under which a vocabulary has what is an Id already: an inlined value, a node of the store. Its body is the
// Id, eight bytes, big-endian.
inline constexpr IdType kIdAsItIs = IdType::unbound;

// A number that no term has.
inline constexpr std::uint32_t kNoNumber = 0xffff'ffff;

// A term that is looked for, and the number it has.
struct SoughtTerm {
  std::uint64_t hash = 0;
  std::string_view body;    // folded
  std::string_view behind;  // comes behind it in memory
  IdType type = IdType::unbound;
  std::uint32_t number = kNoNumber;
};

// The parts of a new triple term, by their numbers in the same vocabulary.
struct BulkTriple {
  std::uint32_t number = 0;  // of the whole, which is greater than those of the parts
  std::uint32_t subject = 0;
  std::uint32_t predicate = 0;
  std::uint32_t object = 0;
  std::uint32_t depth = 0;  // 1 of one without triple terms in it
};

// One thread at a time. Functions throw std::bad_alloc, and Error(limit) for a term of 4 GiB.
class BulkVocabulary {
 public:
  BulkVocabulary();
  BulkVocabulary(const BulkVocabulary&) = delete;
  BulkVocabulary& operator=(const BulkVocabulary&) = delete;

  [[nodiscard]] static std::uint64_t hash(IdType type, std::string_view body) noexcept;
  // Gives each term its number, unless it has one: a new one when it is new. The body is the folded one (term_codec.h);
  // that of a blank node is what tells its document, then its label. Behind that of a term with a language tag there
  // are the head as written and the place where it stands: of several forms the first one that comes is kept.
  void number_all(std::span<SoughtTerm> terms);
  std::uint32_t number_triple(std::uint32_t subject, std::uint32_t predicate, std::uint32_t object);

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  // With what sorting it will take.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  // Remembers that a term is a predicate, or names a graph.
  void mark_predicate(std::uint32_t number) { mark(number, kPredicate, predicates_); }
  void mark_graph(std::uint32_t number) { mark(number, kGraph, graphs_); }
  [[nodiscard]] const std::vector<std::uint32_t>& predicates() const noexcept { return predicates_; }
  [[nodiscard]] const std::vector<std::uint32_t>& graphs() const noexcept { return graphs_; }
  // In the order of their numbers: parts come before the whole.
  [[nodiscard]] const std::vector<BulkTriple>& triples() const noexcept { return triples_; }
  // The same, for keeps: when no more terms come.
  [[nodiscard]] std::vector<BulkTriple> take_triples() noexcept { return std::exchange(triples_, {}); }

  [[nodiscard]] IdType type_of(std::uint32_t number) const noexcept { return entry(number).type; }
  [[nodiscard]] std::string_view folded_body(std::uint32_t number) const noexcept {
    const Entry& found = entry(number);
    return {found.body, found.size};
  }
  // As written.
  void append_body(std::uint32_t number, std::string& out) const;
  // Where a term with a language tag stands.
  [[nodiscard]] std::uint64_t place_of(std::uint32_t number) const noexcept;

  // All terms but triple terms, sorted: by type, then as sort_bodies() does. The vocabulary takes no more afterwards.
  std::array<std::vector<BodyEntry>, 16> sort();

 private:
  struct Entry {
    const char* body;  // `size` bytes, folded; with a language tag, the head as written and the place behind them
    std::uint32_t size;
    IdType type;
    std::uint8_t marks;
  };
  enum Mark : std::uint8_t { kPredicate = 1, kGraph = 2 };
  static constexpr std::size_t kEntriesBits = 16;  // of a piece

  [[nodiscard]] Entry& entry(std::uint32_t number) const noexcept {
    return entries_[number >> kEntriesBits].as<Entry>()[number & ((1U << kEntriesBits) - 1)];
  }
  // How deep the triple terms in a term nest: 0 when it is none.
  [[nodiscard]] std::uint32_t depth_of(std::uint32_t number) const noexcept;
  void mark(std::uint32_t number, Mark mark, std::vector<std::uint32_t>& list);
  [[nodiscard]] std::size_t home_of(std::uint64_t hash) const noexcept { return (hash >> 32U) & mask_; }
  // The slot of a term: an entry's, or a free one.
  [[nodiscard]] std::uint64_t* find(const SoughtTerm& term) const noexcept;
  std::uint32_t number(const SoughtTerm& term);
  [[nodiscard]] char* allocate(std::size_t size);
  void grow();

  std::uint32_t size_ = 0;
  std::vector<PageMemory> entries_;
  PageMemory slots_;  // the upper half of a hash, and number + 1; 0 when free
  std::size_t mask_ = 0;
  std::vector<PageMemory> pieces_;  // of text
  char* free_ = nullptr;
  std::size_t free_size_ = 0;
  std::size_t text_bytes_ = 0;
  std::vector<std::uint32_t> predicates_;
  std::vector<std::uint32_t> graphs_;
  std::vector<BulkTriple> triples_;
};

// Bytes of the head of a body with a language tag: direction, length and tag.
[[nodiscard]] std::size_t tagged_head_size(std::string_view body) noexcept;

}  // namespace akyn::storage
