// The durable description of a version's runs, of rows and of terms: one value, written anew with every change of
// structure.
//
// What else a version is, other keys hold: the rows of recent commits (delta_chunk.h), counters, graphs and those that
// are dead, prefixes.
//
//     next_run:4  runs:4, then for each, oldest first
//         run:4  flags:4 (1: has marks)  first:8  last:8                      commits it holds
//         terms_end:8                                                         above the numbers of the terms it uses
//         default graph inserts:8 deletes:8   named graphs inserts:8 deletes:8
//     tail:4                                                              of the dictionary
//     dictionary runs:4, then for each, by ascending numbers
//         run:4  first:8  terms:8
//
// Runs of rows, runs of terms and tails share one sequence of numbers.
// Integers are big-endian.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/dictionary.h"

namespace akyn::storage {

struct Manifest {
  struct Run {
    BlockRunInfo info;
    std::uint64_t first = 0;  // the run holds what commits [first, last] changed, in sum
    std::uint64_t last = 0;
    std::uint64_t terms_end = 0;  // above the numbers of the terms it uses
  };

  std::uint32_t next_run = 1;        // above the number of every run and tail
  std::vector<Run> runs;             // by ascending commits, which do not overlap
  DictionaryDescription dictionary;  // its runs and its tail; the rest is in the counters

  // The numbers of everything it names.
  [[nodiscard]] std::set<std::uint32_t> live_runs() const;

  [[nodiscard]] std::string serialize() const;
  // Throws Error(corruption).
  [[nodiscard]] static Manifest parse(std::string_view stored);
};

}  // namespace akyn::storage
