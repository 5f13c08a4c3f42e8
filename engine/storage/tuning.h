// Sizes at which a store changes its ways. Tests use small ones, so that short histories meet all of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/storage/block.h"

namespace akyn::storage {

// How few runs merges shall leave.
enum class MergeGoal : std::uint8_t {
  enough,  // so few that readers and writers get on: while more is coming
  rest,    // so few that readers hardly notice them (Tuning::rest_growth)
};

struct Tuning {
  // Rows of recent commits that are kept one record a commit; beyond it they are written as a run, in the background.
  // A row costs about a microsecond at open, for reading and sorting it.
  std::size_t flush_rows = std::size_t{64} << 10;
  // Rows at which commits wait for that run.
  std::size_t stall_rows = std::size_t{256} << 10;
  // Rows and new terms of one commit, together, beyond which it is a run from the start.
  std::size_t large_commit = std::size_t{64} << 10;
  // Runs at which neighbours are merged. Every one of them costs each scan a look into its directory.
  std::size_t most_runs = 4;
  // All runs become one when those after the oldest have more than one row for so many of its rows; with
  // MergeGoal::rest sooner: scans of two runs that overlap take about half as long again where the later one has an
  // eighth.
  std::size_t base_share = 4;
  std::size_t rest_base_share = 8;
  // Runs of terms at which neighbours are merged. Every one of them is asked for each term that is new, and what goes
  // by the order of terms goes run by run.
  std::size_t most_term_runs = 4;
  // With MergeGoal::rest, neighbours are merged however few there are, as long as the older one is at most so many
  // times as large as all that is newer. So two runs are left, or three: a large one and what has come since, which is
  // rewritten each time that more comes, until it is so many times as large as that. A look-up costs half as much again
  // for each run that it goes into; rewriting a row costs about a microsecond.
  std::size_t rest_growth = 32;
  // New terms of a large commit from which on they are a run: it is worth its records (symbols, filter, separators)
  // then.
  std::size_t run_terms = std::size_t{8} << 10;
  // Terms in the tail from which on they are merged into a run, provided they are an eighth of those in runs, too:
  // until then the cost of a merge, which rewrites the rows that use them, is not worth it. A term in the tail costs a
  // read of its own and five times the space.
  std::size_t tail_terms = std::size_t{64} << 10;
  // Graphs of so many rows at most are cleared and moved row by row: it takes about as long as to write these rows, and
  // leaves nothing that every scan of named graphs has to look at. Larger ones leave a dead instance.
  std::size_t small_graph = 256;
  // Dead instances at which a merge drops their rows, however few these are.
  std::size_t most_dead_graphs = 1024;
  // Runs and chunks of records at which commits wait for merges; more than most_runs by a third, or these would not
  // come.
  std::size_t stall_layers = 64;
  std::size_t block_rows = kBlockRows;
};

}  // namespace akyn::storage
