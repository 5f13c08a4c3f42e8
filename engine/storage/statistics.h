// How the rows of a store are spread over predicates and classes: what estimates are made of.
//
// How many rows a predicate or a class has, the block directories say at any time, exactly. How many different subjects
// and objects it has takes a scan: the background worker counts them for the oldest run, which holds nearly all rows,
// and stores the numbers under that run's name.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/rocks.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// What is stored of one run:
//
//     run:4, then for the default graph and for named graphs
//         predicates:8, then for each, ascending:  predicate:8  subjects:8  objects:8
struct RunStatistics {
  struct Predicate {
    Id predicate;
    std::uint64_t subjects = 0;  // different ones
    std::uint64_t objects = 0;
    friend bool operator==(const Predicate&, const Predicate&) = default;
  };

  std::uint32_t run = 0;
  std::array<std::vector<Predicate>, 2> partitions;  // by Partition; ascending

  [[nodiscard]] std::string serialize() const;
  // Throws Error(corruption).
  [[nodiscard]] static RunStatistics parse(std::string_view stored);
};

// Counts them in two scans of what `open` gives: the rows of an order that are there, its first two columns. Calls
// `stopped` now and then, and throws Error(cancelled) when it says so.
using OpenPairs = std::function<std::unique_ptr<RowCursor>(OrderTag order)>;
[[nodiscard]] RunStatistics count_distinct(std::uint32_t run, const OpenPairs& open,
                                           const std::function<bool()>& stopped);
// Those that are stored; nothing when they are of another run.
[[nodiscard]] std::optional<RunStatistics> read_statistics(const Rocks& rocks, std::uint32_t run);

// Those of the version's oldest run, which are read once; null when it has none.
[[nodiscard]] std::shared_ptr<const RunStatistics> base_statistics(const Version& version);

// Costs a few look-ups for each predicate and class; two scans when not all that is stored is exact and `exactly` says
// that it shall be.
[[nodiscard]] PartitionStatistics statistics_of(const std::shared_ptr<const Version>& version, Partition partition,
                                                bool exactly);

}  // namespace akyn::storage
