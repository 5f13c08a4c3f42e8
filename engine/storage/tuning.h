// Sizes at which a store changes its ways. Tests use small ones, so that short histories meet all of them.
#pragma once

#include <cstddef>

#include "engine/storage/block.h"

namespace akyn::storage {

struct Tuning {
  // Rows of recent commits that are kept one record a commit; beyond it they are written as a run, in the background.
  // A row costs about a microsecond at open, for reading and sorting it.
  std::size_t flush_rows = std::size_t{64} << 10;
  // Rows at which commits wait for that run.
  std::size_t stall_rows = std::size_t{256} << 10;
  // Rows and new terms of one commit, together, beyond which it is a run from the start.
  std::size_t large_commit = std::size_t{64} << 10;
  // Runs at which neighbours are merged. Every one of them costs each scan a look into its directory.
  std::size_t most_runs = 8;
  // Runs and chunks of records at which commits wait for merges.
  std::size_t stall_layers = 64;
  std::size_t block_rows = kBlockRows;
};

}  // namespace akyn::storage
