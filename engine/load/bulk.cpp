#include "engine/load/bulk.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/page_memory.h"

namespace akyn::load {
namespace {

// About how much of a load's time is over when a phase begins, as long as nothing is known of it but its name.
struct Phase {
  std::string_view name;
  double start;
  double end;
};
constexpr double kReadingEnds = 0.5;
constexpr std::array<Phase, 5> kPhases = {{{"sorting terms", 0.5, 0.55},
                                           {"merging terms", 0.55, 0.7},
                                           {"triple terms", 0.7, 0.7},
                                           {"writing rows", 0.7, 0.98},
                                           {"publishing", 0.98, 1}}};

double fraction_of(std::string_view phase, std::uint64_t done, std::uint64_t total) {
  for (const Phase& known : kPhases) {
    if (known.name != phase) continue;
    const double part = total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    return known.start + (known.end - known.start) * part;
  }
  return 0;
}

}  // namespace

Bulk::Bulk(std::shared_ptr<storage::Database> database, std::size_t memory, std::size_t threads)
    : database_(std::move(database)),
      memory_(memory != 0 ? memory : storage::physical_memory() / 4),
      load_(database_->begin_load({.memory_bytes = memory_, .threads = threads})) {}

Counts Bulk::read(Input& input, const LoadOptions& options, const BulkInputSizes& sizes) {
  BulkInputSizes fitting = sizes;
  // A line is in memory as a whole, and its terms once more.
  fitting.longest_line = std::min(sizes.longest_line, std::max(memory_ / 8, sizes.chunk_bytes));
  input.set_longest_token(fitting.longest_line);
  adding_ = false;
  const std::uint64_t before = counts_.read;
  const std::uint64_t bytes_before = bytes_;
  total_bytes_ = input.total_bytes();
  std::function<bool(const LoadProgress&)> on_progress;
  if (options.on_progress) {
    on_progress = [&](const LoadProgress& progress) {
      LoadProgress told = progress;
      if (told.total_bytes != 0) {
        told.fraction =
            kReadingEnds * std::min(1.0, static_cast<double>(told.bytes) / static_cast<double>(told.total_bytes));
      }
      return options.on_progress(told);
    };
  }
  const Counts counts = read_in_bulk(input, options, *load_, ++documents_, next_place_, on_progress, fitting);
  bytes_ = bytes_before + input.consumed();
  counts_.read = before + counts.read;
  counts_.skipped += counts.skipped;
  return counts;
}

void Bulk::add(const QuadView& quad) {
  if (!std::exchange(adding_, true)) {
    load_->lane(0).set_place(0, next_place_);
    next_place_ += std::uint64_t{1} << 32U;
  }
  load_->lane(0).add(quad);
  ++counts_.read;
}

Counts Bulk::commit(const std::function<bool(const LoadProgress&)>& on_progress) {
  counts_.inserted = load_->commit([&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
    if (!on_progress) return;
    LoadProgress progress;
    progress.quads = counts_.read;
    progress.bytes = bytes_;
    progress.total_bytes = total_bytes_ == 0 ? 0 : std::max(bytes_, total_bytes_);
    progress.phase = phase;
    progress.fraction = fraction_of(phase, done, total);
    if (!on_progress(progress)) throw Error(ErrorCode::cancelled, "the load was cancelled");
  });
  return counts_;
}

}  // namespace akyn::load
