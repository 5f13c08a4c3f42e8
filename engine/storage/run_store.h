// What the families of runs hold: how runs of rows, runs of terms and tails are read, and how they go.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/dictionary.h"
#include "engine/storage/key_value.h"
#include "engine/storage/rocks.h"
#include "engine/storage/tuning.h"

namespace akyn::storage {

// The newest state of one family. Thread-safe. Keeps the store open.
class FamilySource final : public KeyValueSource {
 public:
  // `keep_cached` false: what is read does not drive other things out of the cache.
  FamilySource(std::shared_ptr<const Rocks> rocks, Family family, bool keep_cached)
      : rocks_(std::move(rocks)), family_(family), keep_cached_(keep_cached) {}
  bool get(std::string_view key, PinnedValue& value) const override;

 private:
  std::shared_ptr<const Rocks> rocks_;
  Family family_;
  bool keep_cached_;
};

// Where runs and tails are read from.
struct RunSources {
  // `cache_bytes`: for what is kept of dictionary runs. `keep_cached` as above.
  RunSources(const std::shared_ptr<const Rocks>& rocks, std::size_t cache_bytes, bool keep_cached = true);

  FamilySource blocks;
  FamilySource directory;
  DictionarySources dictionary;
};

// What waits for the background worker: to be woken, to stop, runs nobody refers to any more. Thread-safe. Lives as
// long as anything that may add to it; what is added when the worker is gone is found when the store is next opened.
class Chores {
 public:
  void wake();
  // The same, with MergeGoal::rest until there is nothing left to do.
  void rest();
  void stop();

  // When the manifest names a run, or tail, no more: its keys go when the last version that reads it does. Called
  // once, by somebody who keeps such a version.
  void retire(std::uint32_t run);
  // When nothing reads a run any more.
  void release(std::uint32_t run) noexcept;

  // Waits until there is something to do. False when the worker has been told to stop.
  [[nodiscard]] bool wait();
  // Waits, for so long at most, until the worker has nothing to do. False when it still has.
  [[nodiscard]] bool wait_until_idle(std::chrono::milliseconds timeout);
  [[nodiscard]] bool stopped() const;
  [[nodiscard]] MergeGoal goal() const;
  // A run that has been retired and released, again and again until it is forgotten.
  [[nodiscard]] std::optional<std::uint32_t> buried() const;
  void forget(std::uint32_t run);

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  MergeGoal goal_ = MergeGoal::enough;
  bool waiting_ = false;  // the worker
  bool stopped_ = false;
  std::set<std::uint32_t> retired_;
  std::vector<std::uint32_t> buried_;
};

// Says when the last reader of a run or tail has gone.
class RunLifetime {
 public:
  // `chores` may be null: for a store that deletes nothing.
  RunLifetime(std::uint32_t run, std::shared_ptr<Chores> chores) : run_(run), chores_(std::move(chores)) {}
  RunLifetime(const RunLifetime&) = delete;
  RunLifetime& operator=(const RunLifetime&) = delete;
  ~RunLifetime() {
    if (chores_ != nullptr) chores_->release(run_);
  }

 private:
  std::uint32_t run_;
  std::shared_ptr<Chores> chores_;
};

struct RunStatistics;

// A run of rows as versions hold it. Thread-safe.
class StoredRun {
 public:
  StoredRun(const BlockRunInfo& info, std::shared_ptr<const RunSources> sources, std::shared_ptr<Chores> chores)
      : lifetime_(info.run, std::move(chores)),
        sources_(std::move(sources)),
        run_(info, sources_->blocks, sources_->directory) {}

  [[nodiscard]] const BlockRun& rows() const noexcept { return run_; }
  [[nodiscard]] const BlockRunInfo& info() const noexcept { return run_.info(); }

  // What somebody has read of the run's statistics, which are there some time after the run; null: nothing yet.
  [[nodiscard]] std::shared_ptr<const RunStatistics> statistics() const { return statistics_.load(); }
  void keep_statistics(std::shared_ptr<const RunStatistics> statistics) const {
    statistics_.store(std::move(statistics));
  }

 private:
  RunLifetime lifetime_;
  std::shared_ptr<const RunSources> sources_;
  BlockRun run_;
  mutable std::atomic<std::shared_ptr<const RunStatistics>> statistics_;
};

// A run of terms, and a tail, as versions hold them.
[[nodiscard]] std::shared_ptr<const DictionaryRun> open_dictionary_run(std::uint32_t run,
                                                                       const std::shared_ptr<const RunSources>& sources,
                                                                       const std::shared_ptr<Chores>& chores);
[[nodiscard]] std::shared_ptr<const DictionaryTail> open_dictionary_tail(
    std::uint32_t tail, const std::shared_ptr<const RunSources>& sources, const std::shared_ptr<Chores>& chores);

// Deletes the keys of a run, or tail, that no version names.
void delete_run(Rocks& rocks, std::uint32_t run);
// Deletes the keys of all runs and tails but these: what a killed process had written and not yet published, or not yet
// deleted. Goes by what RocksDB knows of its files, and reads next to nothing as long as each has one run.
void delete_orphans(Rocks& rocks, const std::set<std::uint32_t>& live);

}  // namespace akyn::storage
