// The work that a store does beside its users': rows of commits become runs, runs become fewer, and go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"

namespace akyn::storage {

// One thread, for a store opened for writing. Commits wake it; they wait for it when it falls behind
// (VersionStore::wait_for_room). What fails is left as it was, and tried again with the next commit.
class Background {
 public:
  // `memory_bytes`: for what it sorts.
  Background(std::shared_ptr<VersionStore> store, std::shared_ptr<WriterSlot> slot, std::size_t memory_bytes);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  // Gives up what it is at.
  ~Background();

 private:
  void run();
  // do_background_step(); false also when that fails, which is reported.
  bool step(MergeGoal goal);
  // merge_terms(). When that fails, having cost much perhaps, the next few calls do nothing, each time twice as many.
  void try_to_merge_terms(MergeGoal goal);

  std::shared_ptr<VersionStore> store_;
  std::shared_ptr<WriterSlot> slot_;
  std::size_t memory_bytes_;
  std::uint32_t term_pause_ = 0;  // how many they were the last time
  std::uint32_t term_wait_ = 0;   // how many of them are left
  std::thread thread_;
};

// One step of that work; false when there is nothing to do. Thread-safe.
//
//   1. runs that nobody refers to any more are deleted;
//   2. the rows of commits are written as a run when they are more than Tuning::flush_rows;
//   3. runs that follow one another are merged, when there are more than Tuning::most_runs, when all but the oldest
//      together are a quarter of it (Tuning::base_share), when a quarter of all rows, and more than Tuning::flush_rows,
//      are of dead graphs, or when there are more than Tuning::most_dead_graphs of these; with MergeGoal::rest also
//      when they are an eighth of the oldest, or the older of two is not much larger than all that is newer;
//   4. the oldest run's statistics are counted, when it has none.
//
// While the store is rebuilt (VersionStore::held_layers), with the layers that come later only.
bool do_background_step(VersionStore& store, MergeGoal goal = MergeGoal::enough);

// Writes the rows of commits as runs, however few they are. Thread-safe.
void flush_commits(VersionStore& store);
// The same under lock_structure(): those of the oldest commits that are not in runs yet. False when there are none.
bool flush_oldest(VersionStore& store);
// After a commit, with no lock and no slot held: when it made the first run of the store, counts what that holds, so
// that whoever opens the store next can plan by it, however soon this process closes it. Does nothing when the
// structure is being changed, or when it fails: the worker counts later.
void count_first_run(VersionStore& store);
// Whether commits have left so many rows that they should be flushed.
[[nodiscard]] bool needs_flush(const Version& version, const Tuning& tuning);
// The same, or so many runs that commits will soon wait for merges.
[[nodiscard]] bool needs_room(const VersionStore& store);

}  // namespace akyn::storage
