// Puts the new terms of a transaction into the dictionary, when it commits.
//
//   few     into the tail: every term keeps the Id it has had in the transaction
//   many    into a run of their own: sorted, hence renumbered, and the transaction's rows have to be renumbered too
//
// Only terms that a committed row, or a graph's name, uses are written. Both ways write into sinks: what has been
// written counts when the version that names it is published.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/storage/dictionary_run_format.h"
#include "engine/storage/key_value.h"
#include "engine/storage/pending_terms.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Which terms of a transaction its commit uses.
class UsedTerms {
 public:
  // `terms` must outlive this and get no more terms.
  explicit UsedTerms(const PendingTerms& terms) : terms_(&terms), used_(terms.size()) {}

  // For the Ids of every row that the commit inserts, and of the names of its graphs. Any Id will do.
  void mark(Id id) {
    if (terms_->owns(id)) used_[terms_->index_of(id)] = true;
  }
  // When all have been marked: marks the parts of triple terms, and counts. Throws Error(internal) for a triple term
  // that is made of terms made after it.
  void finish();

  [[nodiscard]] const PendingTerms& terms() const noexcept { return *terms_; }
  [[nodiscard]] bool contains(std::size_t index) const noexcept { return used_[index]; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }  // after finish()

 private:
  const PendingTerms* terms_;
  std::vector<bool> used_;
  std::size_t count_ = 0;
};

// Writes them into a tail, each kind of key ascending or nearly so: neighbours go into a table of sorted keys several
// times as fast. The dictionary afterwards is Dictionary::with_tail(used.count(), used.terms().next_term()).
void write_to_tail(std::uint32_t tail, const UsedTerms& used, KeyValueSink& sink);

// The Ids that pending terms have got in a run.
class PendingRenumbering {
 public:
  explicit PendingRenumbering(const PendingTerms& terms) : terms_(&terms), numbers_(terms.size()) {}

  // Of a used pending term, the final Id; any other Id as it is.
  [[nodiscard]] Id operator()(Id id) const noexcept {
    return terms_->owns(id) ? Id(id.type(), numbers_[terms_->index_of(id)]) : id;
  }
  void set(std::size_t index, std::uint64_t number) noexcept { numbers_[index] = number; }
  [[nodiscard]] std::uint64_t number(std::size_t index) const noexcept { return numbers_[index]; }

 private:
  const PendingTerms* terms_;
  std::vector<std::uint64_t> numbers_;  // 0: not used
};

struct WrittenRun {
  DictionaryMeta meta;
  PendingRenumbering ids;
};

// Writes them as a run, keys ascending. Its numbers begin with used.terms().next_term(): no Id that the transaction has
// given out means another term afterwards. Takes about 60 bytes a term besides what PendingTerms has. Throws what the
// sink throws, Error(limit).
[[nodiscard]] WrittenRun write_as_run(std::uint32_t run, const UsedTerms& used, KeyValueSink& sink);

}  // namespace akyn::storage
