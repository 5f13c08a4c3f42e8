// Terms on their way into a vocabulary.
//
// A vocabulary is larger than the processor's caches, and to look a term up is to wait for memory three times, each
// time for what the last one has told: slot, entry, body. So terms are collected and looked up many at a time
// (BulkVocabulary::number_all), which waits for all of them at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/bulk_vocabulary.h"
#include "engine/term/id.h"

namespace akyn::storage {

// One thread at a time.
class TermQueue {
 public:
  // Copies a term, and says its place in the queue. As BulkVocabulary::number has it, with the folded body in two
  // parts.
  std::uint32_t add(IdType type, std::string_view head, std::string_view text, std::string_view behind = {}) {
    const std::size_t begin = bytes_.size();
    bytes_.append(head).append(text).append(behind);
    begins_.push_back(begin);
    const std::string_view body = std::string_view(bytes_).substr(begin, head.size() + text.size());
    terms_.push_back({BulkVocabulary::hash(type, body), body, behind, type, kNoNumber});
    return static_cast<std::uint32_t>(terms_.size() - 1);
  }
  // One whose number is known.
  std::uint32_t add(std::uint32_t number) {
    begins_.push_back(bytes_.size());
    terms_.push_back({0, {}, {}, IdType::unbound, number});
    return static_cast<std::uint32_t>(terms_.size() - 1);
  }
  [[nodiscard]] bool is_empty() const noexcept { return terms_.empty(); }
  [[nodiscard]] bool is_full() const noexcept { return terms_.size() >= kTerms || bytes_.size() >= kBytes; }

  // Gives all of them the numbers that they have in the vocabulary.
  void number_by(BulkVocabulary& vocabulary) {
    // The bytes have moved when they became more.
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      SoughtTerm& term = terms_[i];
      const char* const body = bytes_.data() + begins_[i];
      term.behind = {body + term.body.size(), term.behind.size()};
      term.body = {body, term.body.size()};
    }
    vocabulary.number_all(terms_);
  }
  // After number_by(): the number of the term at this place.
  [[nodiscard]] std::uint32_t number_at(std::uint32_t place) const noexcept { return terms_[place].number; }

  void clear() {
    terms_.clear();
    begins_.clear();
    if (bytes_.capacity() > 2 * kBytes) bytes_ = {};
    bytes_.clear();
  }

 private:
  static constexpr std::size_t kTerms = 96;
  static constexpr std::size_t kBytes = std::size_t{64} << 10U;

  std::vector<SoughtTerm> terms_;
  std::vector<std::size_t> begins_;  // in `bytes_`
  std::string bytes_;
};

}  // namespace akyn::storage
