// Block runs in RocksDB: how they are read, and how they go.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/key_value.h"
#include "engine/storage/rocks.h"

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

// Where block runs are read from.
struct RunSources {
  explicit RunSources(const std::shared_ptr<const Rocks>& rocks, bool keep_cached = true)
      : blocks(rocks, Family::blocks, keep_cached), directory(rocks, Family::directory, keep_cached) {}
  FamilySource blocks;
  FamilySource directory;
};

// What waits for the background worker: to be woken, to stop, runs nobody refers to any more. Thread-safe. Lives as
// long as anything that may add to it; what is added when the worker is gone is found when the store is next opened.
class Chores {
 public:
  void wake();
  void stop();
  void bury(std::uint32_t run) noexcept;

  // Waits until there is something to do. False when the worker has been told to stop.
  [[nodiscard]] bool wait();
  [[nodiscard]] bool stopped() const;
  [[nodiscard]] std::vector<std::uint32_t> take_buried();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopped_ = false;
  std::vector<std::uint32_t> buried_;
};

// A run as versions hold it. Thread-safe.
class StoredRun {
 public:
  StoredRun(const BlockRunInfo& info, std::shared_ptr<const RunSources> sources)
      : sources_(std::move(sources)), run_(info, sources_->blocks, sources_->directory) {}
  StoredRun(const StoredRun&) = delete;
  StoredRun& operator=(const StoredRun&) = delete;
  ~StoredRun();

  [[nodiscard]] const BlockRun& rows() const noexcept { return run_; }
  [[nodiscard]] const BlockRunInfo& info() const noexcept { return run_.info(); }
  // When the manifest names the run no more: its keys go when its last version does. Called once.
  void retire(std::shared_ptr<Chores> chores) const;

 private:
  std::shared_ptr<const RunSources> sources_;
  BlockRun run_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<Chores> chores_;
};

// Deletes the keys of a run that no version names.
void delete_run(Rocks& rocks, std::uint32_t run);
// Deletes the keys of all runs but these: what a killed process had written and not yet published, or not yet deleted.
// Goes by what RocksDB knows of its files, and reads no block as long as each has one run.
void delete_orphans(Rocks& rocks, const std::set<std::uint32_t>& runs);

}  // namespace akyn::storage
