// Writes the rows of a load as a run, in every order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/bulk_lane.h"
#include "engine/storage/bulk_terms.h"
#include "engine/storage/key_value.h"
#include "engine/storage/progress.h"
#include "engine/storage/statistics.h"
#include "engine/storage/version.h"

namespace akyn::storage {

struct BulkRowsInput {
  // Of each lane.
  std::span<const std::vector<BulkSegment*>> segments;
  BulkTerms& terms;
  std::uint64_t first_blank;
  const Version& base;
  // Whether the run is to hold the rows of the base, too. Then all layers of the base are runs.
  bool with_base = false;
  std::uint64_t first_instance;  // of new graphs
  std::uint32_t run;
  // Where the blocks of an order go; called once for each order that has rows.
  std::function<KeyValueSink&(OrderTag order)> blocks;
  KeyValueSink& directory;  // keys come ascending, in the end
  std::size_t block_rows;
  SortLimits limits;
  std::size_t threads = 1;
  const WorkProgress& progress;
};

struct BulkRows {
  BlockRunInfo info;
  // Rows that the base does not have.
  std::uint64_t default_added = 0;
  std::uint64_t named_added = 0;
  RunStatistics statistics;
  // Graphs that got rows: entries as they are afterwards.
  std::vector<GraphMap::Named> graphs;
  std::uint64_t next_instance = 0;
};

// Rows that the base holds, and all but one of equal ones, are left out. Throws what the sinks, the sorters, the base
// and `progress` throw. The rows of the segments are used up.
[[nodiscard]] BulkRows write_bulk_rows(const BulkRowsInput& input);

}  // namespace akyn::storage
