// Makes one sorted dictionary run of what the lanes of a load have met, and says what Ids their terms have got.
//
// The vocabularies of all segments are merged. A term that the store has keeps its Id; the others are the run, in the
// order of a run, and get the numbers from `first_term` on. New blank nodes get theirs in the order of documents and
// labels. So what a load makes of its input does not depend on how the input was shared out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/storage/bulk_lane.h"
#include "engine/storage/dictionary.h"
#include "engine/storage/dictionary_run_format.h"
#include "engine/storage/key_value.h"
#include "engine/storage/page_memory.h"
#include "engine/storage/progress.h"
#include "engine/storage/spill_file.h"

namespace akyn::storage {

// The Ids of the terms of each segment, by their numbers: in memory when they fit there, else in a file.
class SegmentIds {
 public:
  // `terms` of each segment.
  SegmentIds(std::vector<std::uint32_t> terms, const SortLimits& limits);

  // A number may be given an Id again; the last one counts.
  void set(std::size_t segment, std::uint32_t number, Id id);
  // Triple terms whose numbers come later have Ids Id::local(IdType::triple, index) until then.
  void set_triples(std::vector<std::uint64_t> numbers) { triples_ = std::move(numbers); }

  // All of a segment: the array stays with the caller. When they are in memory each segment can be had once after
  // the last set(). Thread-safe for different segments when they are in memory.
  [[nodiscard]] bool in_memory() const noexcept { return file_ == nullptr; }
  [[nodiscard]] PageMemory load(std::size_t segment);
  // Of some numbers, none of them a triple term's.
  [[nodiscard]] std::vector<std::uint64_t> pick(std::size_t segment, std::span<const std::uint32_t> numbers);
  // As load(), leaving it where it is.
  [[nodiscard]] PageMemory copy(std::size_t segment);

 private:
  struct Pending {
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint64_t> ids;
    std::vector<std::uint64_t> frames;
  };
  void flush(Pending& pending);
  void finish(PageMemory& ids, std::size_t count) const;

  std::vector<std::uint32_t> terms_;
  std::vector<PageMemory> ids_;
  std::unique_ptr<SpillFile> file_;
  std::vector<Pending> pending_;
  std::vector<std::uint64_t> triples_;
};

struct BulkTermsInput {
  std::span<BulkSegment* const> segments;
  const Dictionary& base;
  std::uint32_t run;
  std::uint64_t first_term;
  std::uint64_t first_blank;
  // So many new terms are worth a run; fewer are given back instead.
  std::size_t fewest_run_terms;
  std::shared_ptr<const SymbolTable> symbols;
  KeyValueSink& sink;  // keys come ascending
  SortLimits limits;
  std::size_t threads = 1;
  const WorkProgress& progress;
};

struct BulkTerms {
  DictionaryMeta meta;  // without terms: there is no run
  // New terms that are not worth a run, with their bodies as written.
  std::vector<std::pair<Id, std::string>> few;
  std::unique_ptr<SegmentIds> ids;
  std::uint64_t next_blank = 0;
  std::uint64_t next_term = 0;
  // Ids that the load uses and that are not the run's and not new blank nodes: ascending, each once.
  std::vector<std::uint64_t> other;
};

// Throws what the sink and the sorters throw, Error(limit), Error(corruption), and what `progress` throws.
[[nodiscard]] BulkTerms merge_bulk_terms(const BulkTermsInput& input);

}  // namespace akyn::storage
