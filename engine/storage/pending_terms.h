// Terms and blank nodes that a transaction has made and the store does not hold yet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/term/id.h"

namespace akyn::storage {

// A dictionary of new terms, numbered consecutively. Made for millions of them: about 40 bytes each
// besides their text. One thread at a time.
class PendingTerms {
 public:
  // The payloads that the first new term and the first new blank node get.
  PendingTerms(std::uint64_t first_term, std::uint64_t first_blank)
      : first_term_(first_term), first_blank_(first_blank), next_blank_(first_blank) {}

  // Unbound when there is no such new term.
  [[nodiscard]] Id find(IdType type, std::string_view folded_body) const;
  // Precondition: find() does not find it, and `body` folds to `folded_body`.
  [[nodiscard]] Id add(IdType type, std::string_view folded_body, std::string_view body);

  [[nodiscard]] bool owns(Id id) const noexcept {
    return id.is_dictionary() && id.type() != IdType::blank && !id.is_local() && id.payload() >= first_term_ &&
           id.payload() < next_term();
  }
  // The same, or a new blank node.
  [[nodiscard]] bool made(Id id) const noexcept {
    if (id.type() == IdType::blank) return id.payload() >= first_blank_ && id.payload() < next_blank_;
    return owns(id);
  }
  // Precondition: owns(id).
  [[nodiscard]] std::string_view body(Id id) const noexcept { return body_at(index_of(id)); }

  // New terms by their place, from 0 to size() - 1, in the order they were added.
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t index_of(Id id) const noexcept {
    return static_cast<std::size_t>(id.payload() - first_term_);
  }
  [[nodiscard]] Id id_at(std::size_t index) const noexcept { return Id(entries_[index].type, first_term_ + index); }
  [[nodiscard]] std::string_view body_at(std::size_t index) const noexcept;
  [[nodiscard]] std::string_view folded_body_at(std::size_t index) const noexcept;
  [[nodiscard]] std::uint64_t next_term() const noexcept { return first_term_ + entries_.size(); }

  // Its own label (term_codec.h) is not one that label() has given another node.
  [[nodiscard]] Id new_blank() noexcept {
    while (!foreign_labels_.empty() && foreign_labels_.contains(next_blank_)) ++next_blank_;
    return Id(IdType::blank, next_blank_++);
  }
  [[nodiscard]] std::uint64_t first_blank() const noexcept { return first_blank_; }
  [[nodiscard]] std::uint64_t next_blank() const noexcept { return next_blank_; }

  // The node a label has been given in this transaction; unbound when none.
  [[nodiscard]] Id labelled(std::string_view label) const;
  void label(std::string_view label, Id id);

  // Bytes held, about.
  [[nodiscard]] std::size_t memory() const noexcept {
    return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t) + chunk_bytes_;
  }

 private:
  struct Entry {
    const char* folded;  // `size` bytes; a term with a language tag has the body as written behind them
    std::uint64_t size;
    std::uint32_t hash;
    IdType type;
  };

  [[nodiscard]] char* allocate(std::size_t size);
  void grow();

  std::uint64_t first_term_;
  std::uint64_t first_blank_;
  std::uint64_t next_blank_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // open addressing by hash: index + 1, or 0 for an empty slot
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* free_ = nullptr;  // the unused end of the newest shared chunk
  std::size_t free_size_ = 0;
  std::size_t chunk_bytes_ = 0;
  std::unordered_map<std::string, Id> labels_;
  // Numbers of labels that look like a stored node's and are none: of another store's, perhaps.
  std::unordered_set<std::uint64_t> foreign_labels_;
};

}  // namespace akyn::storage
