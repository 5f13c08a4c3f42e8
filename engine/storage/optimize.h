// Rebuilds a store: one dictionary run, sorted, with the terms in use only, and one base run of rows. Or the later part
// of one: the terms from some number on become one run, and so do the runs of rows that may use them; older rows
// cannot, and stay as they are.
//
// It works on one version while commits go on, in three steps:
//
//   1. rebuild()    writes both runs, under new run numbers, from the version it is given; takes long
//   2. Translator   says what was committed since in the new numbers, as if it were more commits on top of the new
//                   runs, terms that the new dictionary lacks being pending terms of them (later_commits.h)
//   3. the caller publishes the new runs and those commits in one write
//
// The new numbers begin where the old ones did: Ids of before mean nothing afterwards, but to those who still hold the
// old version.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/dictionary.h"
#include "engine/storage/dictionary_merge.h"
#include "engine/storage/pending_terms.h"
#include "engine/storage/renumbering.h"
#include "engine/storage/row_rewriter.h"

namespace akyn::storage {

// What to rebuild.
struct RebuildInput {
  const Dictionary& dictionary;  // all of it
  // Rows of all orders that have any; thread-safe when the runs are.
  OpenRows rows;
  // Terms that name graphs; they are kept like those of rows.
  std::span<const Id> graph_names;
  bool has_default_rows = true;
  bool has_named_rows = true;
  std::uint64_t first_term = 1;  // terms with numbers below it stay
  bool marked = false;           // the rows are changes to older ones
};

// Where the blocks and the directory of an order go.
struct RowSinks {
  KeyValueSink& blocks;
  KeyValueSink& directory;
};

// Where to. A sink is used by one thread at a time, and its keys come ascending.
struct RebuildOutput {
  std::uint32_t dictionary_run;
  std::uint32_t block_run;
  KeyValueSink& terms;
  // Called for the orders by ascending tags, each once, also for those without rows. With one thread the orders are
  // written one after the other and may share sinks; with several, each needs its own.
  std::function<RowSinks(OrderTag order)> rows;
  // May be empty: called with the rows of an order as they are written, for statistics; with several threads, for
  // several orders at a time.
  std::function<void(OrderTag order, std::span<const std::span<const std::uint64_t>> columns)> observe;
};

struct Rebuilt {
  DictionaryMeta terms;
  BlockRunInfo rows;
  Renumbering renumbering;  // from the old dictionary to the new run
};

// Writes both runs. Orders come in the order of their tags, each once, also those without rows. Throws
// Error(corruption) when orders do not have the same number of rows, and what the parts throw: the cursors, the sinks,
// the progress function.
[[nodiscard]] Rebuilt rebuild(const RebuildInput& input, const RebuildOutput& output, const MergeOptions& options);

// Ids of the old dictionary in the new one. One thread at a time.
class Translator {
 public:
  // `from` is a version of the old dictionary, that which was rebuilt or a later one. A term that `renumbering` has no
  // number for is in no part of the new dictionary, and is added to `pending`, which begins at or above the new
  // dictionary's next_number(). It makes room for the terms of `from` in the renumbering, which has pending Ids until
  // keep(). All must outlive the translator.
  Translator(const Dictionary& from, Renumbering& renumbering, PendingTerms& pending);

  // The Id of the same term. Throws Error(corruption) for an Id that the old dictionary does not hold.
  [[nodiscard]] Id operator()(Id id);
  // Gives a term its Id as that does; its body, as written, is not read then.
  void learn(Id id, std::string_view body);

  // When pending terms have become terms of the new dictionary: `final_id` says which Id one of them has got, unbound
  // when it has not been written. The renumbering knows them from here on, for the next translator.
  void keep(const std::function<Id(Id)>& final_id);

 private:
  // Translates those that are on the stack.
  void translate(std::vector<Id>& open);
  // False, and nothing is added, when parts of a triple term are to be translated before: they are pushed on the stack.
  bool add(Id id, std::string_view body, std::vector<Id>& open);

  const Dictionary& from_;
  Renumbering& renumbering_;
  PendingTerms& pending_;
  std::vector<Id> added_;  // to the pending terms, by their old Ids
  std::string folded_;     // reused
};

}  // namespace akyn::storage
