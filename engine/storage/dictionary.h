// The terms of one version of a store: by Id and by text.
//
//   runs    sorted, immutable (dictionary_run.h), oldest first; each has the numbers [first, first + terms)
//   tail    terms of small commits (dictionary_tail.h); they have the numbers that are in no run
//
// A number is the payload of an Id. All types share one counter, from 1; next_number() is where it stands. A number is
// given out once in the life of a generation, so that some are in use by no term. Blank nodes are not in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/dictionary_run.h"
#include "engine/storage/dictionary_tail.h"
#include "engine/storage/key_value.h"
#include "engine/storage/pinned_cache.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Enough to open a dictionary: the manifest keeps its runs and its tail, the counters what changes with every commit.
struct DictionaryDescription {
  struct Run {
    std::uint32_t run = 0;  // under which it was written
    std::uint64_t first = 0;
    std::uint64_t terms = 0;
    friend bool operator==(const Run&, const Run&) = default;
  };

  std::vector<Run> runs;  // by ascending numbers, which is from old to new
  std::uint32_t tail = 0;
  std::uint64_t tail_terms = 0;   // terms in the tail
  std::uint64_t next_number = 1;  // above the numbers of all terms

  friend bool operator==(const DictionaryDescription&, const DictionaryDescription&) = default;
};

// Where a dictionary is stored.
struct DictionarySources {
  std::shared_ptr<const KeyValueSource> terms;  // the runs
  std::shared_ptr<const KeyValueSource> tail;   // the newest state
  std::shared_ptr<PinnedCache> cache;
};

// Immutable and thread-safe. A version holds it by shared_ptr, and it its runs and its tail: when the last dictionary
// that names a run is gone, so is the run, and its keys may be deleted. Functions throw Error(corruption) for damaged
// records, and what the sources throw.
//
// Bodies are those of term_codec.h. "An Id of the dictionary" is one of a type that has a body (IRIs, literals that are
// not inlined, triple terms), not query-local.
class Dictionary {
 public:
  using Runs = std::vector<std::shared_ptr<const DictionaryRun>>;
  // Called with a place among the Ids that were asked for and the body, as written, of the term there; the body is
  // valid during the call.
  using Visitor = std::function<void(std::size_t index, std::string_view body)>;

  // `runs` by ascending numbers, which do not overlap and are below `next_number`.
  Dictionary(Runs runs, std::shared_ptr<const DictionaryTail> tail, std::uint64_t tail_terms,
             std::uint64_t next_number);
  // Opens what a description says; the runs' own records have to agree with it. `open_run` and `open_tail` may give
  // what has been opened before.
  using OpenRun = std::function<std::shared_ptr<const DictionaryRun>(std::uint32_t run)>;
  using OpenTail = std::function<std::shared_ptr<const DictionaryTail>(std::uint32_t tail)>;
  [[nodiscard]] static std::shared_ptr<const Dictionary> open(const DictionaryDescription& description,
                                                              const OpenRun& open_run, const OpenTail& open_tail);
  [[nodiscard]] static std::shared_ptr<const Dictionary> open(const DictionaryDescription& description,
                                                              const DictionarySources& sources);

  [[nodiscard]] DictionaryDescription description() const;
  [[nodiscard]] const Runs& runs() const noexcept { return runs_; }
  [[nodiscard]] const std::shared_ptr<const DictionaryTail>& tail() const noexcept { return tail_; }
  [[nodiscard]] std::uint64_t tail_terms() const noexcept { return tail_terms_; }
  [[nodiscard]] std::uint64_t next_number() const noexcept { return next_number_; }
  [[nodiscard]] std::uint64_t terms() const noexcept;  // in runs and tail
  // The numbers in [1, next_number()) that are in no run: those of the tail are among them.
  [[nodiscard]] std::vector<TermRange> numbers_outside_runs() const;

  // The dictionaries of the versions after this one. After a commit that wrote `new_terms` terms into the tail, or
  // moved the counter only:
  [[nodiscard]] std::shared_ptr<const Dictionary> with_tail(std::uint64_t new_terms, std::uint64_t next_number) const;
  // After one that wrote a run. Precondition: its first number is next_number() or above.
  [[nodiscard]] std::shared_ptr<const Dictionary> with_run(std::shared_ptr<const DictionaryRun> run) const;

  // The numbers from `first` on, where a run ends or begins, by themselves: for a merge of them. The tail is whole.
  [[nodiscard]] std::shared_ptr<const Dictionary> from(std::uint64_t first) const;

  // The term's Id; unbound when it is not there.
  [[nodiscard]] Id find(IdType type, std::string_view folded_body) const;

  // Appends the body, as written, of one term. Throws Error(corruption) for an Id of the dictionary that it does not
  // hold: the store has made every one it uses.
  void append_body(Id id, std::string& out) const;
  // Visits the terms of many Ids, in no particular order, reading each page once and each term once however often its
  // Id comes. Ids that are not of the dictionary are passed over.
  void visit(std::span<const Id> ids, const Visitor& visitor) const;

  // Whether an Id's type is one whose terms have bodies, and the Id is not query-local.
  [[nodiscard]] static bool is_stored(Id id) noexcept {
    return id.is_dictionary() && id.type() != IdType::blank && !id.is_local();
  }

 private:
  // The run that holds a number; null when none does.
  [[nodiscard]] const DictionaryRun* run_of(std::uint64_t number) const noexcept;
  void check_number(Id id) const;

  Runs runs_;
  std::shared_ptr<const DictionaryTail> tail_;
  std::uint64_t tail_terms_;
  std::uint64_t next_number_;
};

}  // namespace akyn::storage
