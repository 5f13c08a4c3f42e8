// The work that a store does beside its users': rows of commits become runs, runs become fewer, and go.
#pragma once

#include <memory>
#include <thread>

#include "engine/storage/version_store.h"

namespace akyn::storage {

// One thread, for a store opened for writing. Commits wake it; they wait for it when it falls behind
// (VersionStore::wait_for_room). What fails is left as it was, and tried again with the next commit.
class Background {
 public:
  explicit Background(std::shared_ptr<VersionStore> store);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  // Gives up what it is at.
  ~Background();

 private:
  void run();

  std::shared_ptr<VersionStore> store_;
  std::thread thread_;
};

// One step of that work; false when there is nothing to do. Thread-safe.
//
//   1. runs that nobody refers to any more are deleted;
//   2. the rows of commits are written as a run when they are more than Tuning::flush_rows;
//   3. runs that follow one another are merged, when there are more than Tuning::most_runs, when all but the oldest
//      together are a quarter of it, or when a quarter of all rows, and more than Tuning::flush_rows, are of dead
//      graphs;
//   4. the oldest run's statistics are counted, when it has none.
[[nodiscard]] bool do_background_step(VersionStore& store);

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

}  // namespace akyn::storage
