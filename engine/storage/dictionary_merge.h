// Makes one sorted run of a dictionary, or of its later part: of runs and the tail, without the terms that nothing
// uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/storage/dictionary.h"
#include "engine/storage/dictionary_run_format.h"
#include "engine/storage/key_value.h"
#include "engine/storage/progress.h"
#include "engine/storage/renumbering.h"
#include "engine/storage/spill_file.h"

namespace akyn::storage {

struct MergeOptions {
  SortLimits limits;        // of all threads together
  WorkProgress progress;    // may be empty; called by one thread at a time
  std::size_t threads = 1;  // of rebuild(), for the rows
};

// Marks the parts of the triple terms that have been marked, and theirs. `dictionary` as below. Throws
// Error(corruption).
void mark_parts(const Dictionary& dictionary, Renumbering& terms, const MergeOptions& options);

// Writes the marked terms, mark_parts() included, as a run with the numbers from terms.first() on, keys ascending, and
// gives each its new number. `dictionary` is what there is from that number on (Dictionary::from). Throws
// Error(corruption) when the dictionary does not hold a marked term or holds one twice, what the sink and the sorters
// throw, Error(limit).
//
// Takes, besides the limits and the renumbering, a few megabytes a run.
DictionaryMeta merge_dictionary(const Dictionary& dictionary, Renumbering& terms, std::uint32_t run, KeyValueSink& sink,
                                const MergeOptions& options);

}  // namespace akyn::storage
