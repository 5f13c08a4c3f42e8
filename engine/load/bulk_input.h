// An input into a load under way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "engine/load/input.h"
#include "engine/load/load.h"
#include "engine/storage/bulk_load.h"

namespace akyn::load {

// Sizes at which reading changes its ways. Tests use small ones.
struct BulkInputSizes {
  std::size_t chunk_bytes = std::size_t{1} << 20U;     // of text that is parsed by one thread
  std::size_t batch_statements = 4096;                 // that are handed from one thread to another
  std::size_t longest_line = std::size_t{128} << 20U;  // of N-Triples and N-Quads; of other formats, a token
};

// Reads it to the end. N-Triples and N-Quads are cut at line ends, and each lane parses the pieces that it gets; other
// formats are parsed by one thread, and the lanes share what it finds. A short text is read by this thread alone.
//
// `document` tells the input's blank nodes from those of others. `next_place`: places of the load (BulkLane::set_place)
// from there on are used up; it is moved on. `on_progress` is called by this thread; false ends the reading with
// Error(cancelled). Of several mistakes the first in the input is thrown; then the load is of no use any more.
[[nodiscard]] Counts read_in_bulk(Input& input, const LoadOptions& options, storage::BulkLoad& load,
                                  std::uint32_t document, std::uint64_t& next_place,
                                  const std::function<bool(const LoadProgress&)>& on_progress,
                                  const BulkInputSizes& sizes = {});

}  // namespace akyn::load
