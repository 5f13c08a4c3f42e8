// The versions of one open store: the newest one, and how it is replaced.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include <rocksdb/write_batch.h>

#include "engine/storage/commit_feed.h"
#include "engine/storage/load_version.h"
#include "engine/storage/rocks.h"
#include "engine/storage/run_store.h"
#include "engine/storage/tuning.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Thread-safe. Committers and the background worker change versions; both hold lock_changes() from reading newest() to
// publish(), so that what is written to disk and what is published come in one order.
class VersionStore {
 public:
  // Reads the store's state. A store opened for writing is cleared of orphans. Throws Error(io), Error(corruption).
  VersionStore(const std::shared_ptr<Rocks>& rocks, const Tuning& tuning);
  VersionStore(const VersionStore&) = delete;
  VersionStore& operator=(const VersionStore&) = delete;

  [[nodiscard]] Rocks& rocks() const noexcept { return *sources_.rocks; }
  [[nodiscard]] const Tuning& tuning() const noexcept { return tuning_; }
  [[nodiscard]] const VersionSources& sources() const noexcept { return sources_; }
  [[nodiscard]] const std::shared_ptr<Chores>& chores() const noexcept { return sources_.chores; }

  // For readers: as newest(), and with Access::follow what the writing process has committed. There, as long as anybody
  // keeps a version, nobody gets a newer one (Rocks::begin_reading).
  [[nodiscard]] std::shared_ptr<const Version> current() const;

  // --- For a store opened for writing ---

  [[nodiscard]] std::shared_ptr<const Version> newest() const;
  // Locks are taken in this order: the rebuild's, structure, changes. Who has the writer slot may at most try to lock
  // the structure; who has locked that does not wait for the slot.
  //
  // Held while terms get new numbers, from the choice of what is rewritten to its end.
  [[nodiscard]] std::unique_lock<std::mutex> lock_rebuild() { return std::unique_lock(rebuild_); }
  [[nodiscard]] std::unique_lock<std::mutex> try_lock_rebuild() { return std::unique_lock(rebuild_, std::try_to_lock); }
  // The last commit in the layers that a rebuild reads: they stay as they are until it is done, and commits do not wait
  // for fewer of them. 0 when there is none. Set under lock_structure().
  void hold_layers(std::uint64_t last);
  [[nodiscard]] std::uint64_t held_layers() const noexcept { return held_layers_; }
  // Held while runs are written and merged.
  [[nodiscard]] std::unique_lock<std::mutex> lock_structure() { return std::unique_lock(structure_); }
  [[nodiscard]] std::unique_lock<std::mutex> try_lock_structure() {
    return std::unique_lock(structure_, std::try_to_lock);
  }
  [[nodiscard]] std::unique_lock<std::mutex> lock_changes() { return std::unique_lock(changes_); }
  void publish(std::shared_ptr<const Version> version);
  // Writes the manifest and the counters of `next`, with what else is in the batch, and publishes it. Not synced. New
  // layers get the bound of the terms they use (Layer::terms_end), unless they have one. Under lock_changes(). Runs
  // that `next` brings go when it is refused, as for want of room.
  void change_structure(std::shared_ptr<Version> next, rocksdb::WriteBatch& batch);
  // The same of a version whose runs are those of before, as commits make them.
  void change_rows(std::shared_ptr<Version> next, rocksdb::WriteBatch& batch);
  // Deletes those of the runs that the newest version does not name: of work that has ended before it was published.
  // Not when the store takes no more changes: then nobody can tell whether the disk has a manifest that names them.
  // What cannot be deleted goes when the store is next opened.
  void forget_runs(const std::set<std::uint32_t>& runs) noexcept;
  // Who is told of commits, each of which takes its turn under lock_changes().
  [[nodiscard]] CommitFeed& commits() noexcept { return commits_; }
  // A number no run and no tail has had. next_run() is above it.
  [[nodiscard]] std::uint32_t new_run();
  [[nodiscard]] std::uint32_t next_run() const;

  // The oldest run, once its statistics are stored. Under lock_structure().
  [[nodiscard]] std::optional<std::uint32_t> counted_run() const noexcept { return counted_run_; }
  void set_counted_run(std::uint32_t run) noexcept { counted_run_ = run; }

  // Returns when everything written before the call is on the device. One sync serves all who wait.
  void sync();
  // Runs and tails of `before` that the newest version does without: their keys go when nobody reads them any more.
  // That is for good, and so not before the manifest that does without them is on the device: syncs. What could not be
  // synced is retired together with what comes next.
  void retire(std::shared_ptr<const Version> before, const std::vector<std::uint32_t>& runs);

  // Waits until so many rows of commits have become runs, and so many runs fewer, that there is room for more. Throws
  // the background worker's error when it could not do that.
  void wait_for_room();
  void report_failure(std::exception_ptr failure);  // by the worker

 private:
  // Writes the counters, the dead graphs as far as they are others than before, and the batch; publishes.
  void write_and_publish(std::shared_ptr<Version> next, rocksdb::WriteBatch& batch);
  void report_progress();
  [[nodiscard]] bool has_room() const;

  VersionSources sources_;
  Tuning tuning_;

  CommitFeed commits_;
  std::mutex rebuild_;
  std::atomic<std::uint64_t> held_layers_{0};
  std::mutex structure_;
  std::optional<std::uint32_t> counted_run_;
  std::mutex changes_;
  mutable std::mutex newest_mutex_;
  mutable std::shared_ptr<const Version> newest_;  // under newest_mutex_; replaced by current() with Access::follow
  mutable std::mutex next_run_mutex_;
  std::uint32_t next_run_ = 1;

  std::mutex sync_mutex_;
  std::condition_variable synced_changed_;
  std::uint64_t sync_requests_ = 0;
  std::uint64_t synced_ = 0;  // requests that have been served
  bool syncing_ = false;

  struct Retired {
    std::shared_ptr<const Version> version;  // keeps them from being released before
    std::vector<std::uint32_t> runs;
  };
  std::mutex retired_mutex_;
  std::vector<Retired> retired_;  // not synced yet

  std::mutex room_mutex_;
  std::condition_variable room_changed_;
  std::exception_ptr failure_;
};

// Adds the rows of a commit to the newest layers: small chunks are merged, so that there are few of them.
void append_commit(std::vector<Layer>& layers, std::uint64_t commit, DeltaRows rows);

}  // namespace akyn::storage
