// What one thread of a load collects.
//
// Statements become rows of numbers of the lane's vocabulary. When the vocabulary has outgrown its share of the memory
// it is sorted and put into a file, and another one is begun: a *segment* is such a vocabulary and the rows made with
// it. Rows that outgrow their share go to the file, too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <akyn/term.h>
#include "engine/storage/bulk_vocabulary.h"
#include "engine/storage/local_rows.h"
#include "engine/storage/spill_file.h"
#include "engine/storage/symbol_sample.h"
#include "engine/storage/term_queue.h"
#include "engine/storage/term_stream.h"

namespace akyn::storage {

// A vocabulary and the rows made with it.
struct BulkSegment {
  // The sorted terms: in memory as long as there is a vocabulary, else in the file.
  std::unique_ptr<BulkVocabulary> vocabulary;
  std::array<std::vector<BodyEntry>, 16> sorted;
  std::uint64_t first_frame = 0;
  std::uint64_t last_frame = 0;

  std::uint32_t terms = 0;
  std::vector<std::uint32_t> predicates;
  std::vector<std::uint32_t> graphs;
  // The triple terms, in the order of their numbers: in memory or, with the other terms, in the file.
  std::vector<BulkTriple> triples;
  std::uint64_t first_triple_frame = 0;
  std::uint64_t last_triple_frame = 0;
  std::uint32_t deepest = 0;  // BulkTriple::depth
  LocalRows<3> rows;          // of the default graph
  LocalRows<4> named_rows;    // of named graphs, with the graph's name in the last place
  SpillFile* file = nullptr;  // of the lane; null when nothing is in it
};

// Calls visit(triple) for each of the segment's triple terms.
void for_each_triple(const BulkSegment& segment, const std::function<void(const BulkTriple&)>& visit);

// The terms of a segment but its triple terms; SortedTerm::number is the vocabulary's. Blank nodes have what tells
// their document, and their label, as a body.
class SegmentTerms final : public TermStream {
 public:
  explicit SegmentTerms(BulkSegment& segment) : segment_(segment), frame_(segment.first_frame) {}
  const SortedTerm* next() override;
  // Where the term that next() gave stands, when it has a language tag.
  [[nodiscard]] std::uint64_t place() const noexcept { return place_; }

 private:
  const SortedTerm* next_in_memory();
  const SortedTerm* next_in_file();

  BulkSegment& segment_;
  std::size_t type_ = 0;
  std::size_t index_ = 0;
  std::uint64_t frame_;
  std::string bytes_;
  std::string_view rest_;
  std::string body_;
  std::string folded_;
  std::uint64_t place_ = 0;
  SortedTerm term_;
};

struct BulkLaneLimits {
  std::size_t term_bytes = std::size_t{64} << 20U;
  std::size_t row_bytes = std::size_t{64} << 20U;
  std::string directory;  // empty: everything stays in memory
};

// One thread at a time. Functions throw Error(io), Error(limit).
class BulkLane {
 public:
  // Nodes of the store, which have labels of their own, are those with numbers below `next_blank`.
  BulkLane(BulkLaneLimits limits, std::uint64_t next_blank) : limits_(std::move(limits)), next_blank_(next_blank) {}
  BulkLane(const BulkLane&) = delete;
  BulkLane& operator=(const BulkLane&) = delete;

  // Where the statements that come next are from. `document`: labels of blank nodes mean one node throughout it,
  // in all lanes; in document 0 labels of the store's nodes mean these. `place`: ascends with the statements of a
  // load; what comes after it gets the places behind it.
  void set_place(std::uint32_t document, std::uint64_t place);

  void add(const QuadView& quad);
  [[nodiscard]] std::uint64_t statements() const noexcept { return statements_; }

  // Ends the adding.
  void end() { number_queue(); }
  // After that: whether nothing has been put away, so that everything is in segments().front().
  [[nodiscard]] bool is_whole() const noexcept { return segments_.size() <= 1; }
  // Sorts the last vocabulary, which stays in memory.
  void finish();
  [[nodiscard]] std::vector<std::unique_ptr<BulkSegment>>& segments() noexcept { return segments_; }
  [[nodiscard]] std::vector<SymbolSample>& samples() noexcept { return samples_; }

 private:
  // Their places in the queue.
  std::uint32_t queue(const TermView& term);
  std::uint32_t queue_literal(const TermView& term);
  std::uint32_t queue(Id id);
  // What waits gets its numbers.
  void number_queue();
  // The number of a term at once. Precondition: nothing waits.
  std::uint32_t number(const TermView& term);
  BulkSegment& segment();
  void keep_to_limits(BulkSegment& into);
  void put_away(BulkSegment& segment);
  void sort(BulkSegment& segment);
  SpillFile& file();

  BulkLaneLimits limits_;
  std::uint64_t next_blank_;
  std::unique_ptr<SpillFile> file_;
  std::vector<std::unique_ptr<BulkSegment>> segments_;  // the last one is being filled
  std::vector<SymbolSample> samples_;
  std::uint64_t statements_ = 0;
  std::uint32_t document_ = 0;
  std::uint64_t place_ = 0;
  std::string document_head_;
  std::string head_;
  std::string folded_head_;
  // Statements whose terms have no numbers yet: the places of these in the queue; kNoNumber for the default graph.
  TermQueue queue_;
  std::vector<std::array<std::uint32_t, 4>> waiting_;
  // The subject and the predicate of the statement before, as long as it waits: they come again.
  std::string last_subject_;
  std::uint32_t subject_ = kNoNumber;
  std::string last_predicate_;
  std::uint32_t predicate_ = kNoNumber;
};

}  // namespace akyn::storage
