#include "engine/storage/version_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// A version read by a process that follows another: while it is there, nothing is caught up with.
struct FollowedVersion {
  explicit FollowedVersion(std::shared_ptr<Rocks> store) : rocks(std::move(store)) { rocks->begin_reading(); }
  FollowedVersion(const FollowedVersion&) = delete;
  FollowedVersion& operator=(const FollowedVersion&) = delete;
  ~FollowedVersion() { rocks->end_reading(); }

  std::shared_ptr<Rocks> rocks;
  std::shared_ptr<const Version> version;
};

}  // namespace

VersionStore::VersionStore(const std::shared_ptr<Rocks>& rocks, const Tuning& tuning)
    : sources_{rocks, std::make_shared<const RunSources>(rocks, rocks->dictionary_cache_bytes()), nullptr},
      tuning_(tuning) {
  if (rocks->access() == Access::follow) return;
  sources_.chores = std::make_shared<Chores>();
  const Manifest manifest = read_manifest(*rocks);
  delete_orphans(*rocks, manifest.live_runs());
  next_run_ = manifest.next_run;
  newest_ = load_version(sources_, nullptr);
}

std::shared_ptr<const Version> VersionStore::current() const {
  if (rocks().access() != Access::follow) return newest();
  const auto followed = std::make_shared<FollowedVersion>(sources_.rocks);
  const std::lock_guard lock(newest_mutex_);
  if (newest_ == nullptr || newest_->counters != read_counters(rocks())) {
    newest_ = load_version(sources_, newest_.get());
  }
  followed->version = newest_;
  return {followed, followed->version.get()};
}

std::shared_ptr<const Version> VersionStore::newest() const {
  const std::lock_guard lock(newest_mutex_);
  return newest_;
}

void VersionStore::publish(std::shared_ptr<const Version> version) {
  {
    const std::lock_guard lock(newest_mutex_);
    std::swap(newest_, version);
  }
  // The version before may be destroyed here, outside of the lock.
}

void VersionStore::change_structure(std::shared_ptr<Version> next, rocksdb::WriteBatch& batch) {
  ++next->counters.structure;
  for (Layer& layer : next->layers) {
    if (layer.run != nullptr && layer.terms_end == 0) layer.terms_end = next->dictionary->next_number();
  }
  rocksdb::ColumnFamilyHandle* const metadata = rocks().family(Family::metadata);
  const Manifest manifest = next->manifest(next_run());
  check(batch.Put(metadata, manifest_key(), manifest.serialize()), rocks().name());
  try {
    write_and_publish(std::move(next), batch);
  } catch (const std::exception&) {
    forget_runs(manifest.live_runs());
    throw;
  }
  report_progress();
}

void VersionStore::forget_runs(const std::set<std::uint32_t>& runs) noexcept {
  try {
    rocks().check_open_to_changes();
    rocks().check_room(0);  // deleting takes a little, and to fail for want of it would end all changes
    const std::set<std::uint32_t> live = newest()->manifest(next_run()).live_runs();
    for (const std::uint32_t run : runs) {
      if (!live.contains(run)) delete_run(rocks(), run);
    }
  } catch (const std::exception&) {
    return;
  }
}

void VersionStore::change_rows(std::shared_ptr<Version> next, rocksdb::WriteBatch& batch) {
  write_and_publish(std::move(next), batch);
}

void VersionStore::write_and_publish(std::shared_ptr<Version> next, rocksdb::WriteBatch& batch) {
  rocksdb::ColumnFamilyHandle* const metadata = rocks().family(Family::metadata);
  check(batch.Put(metadata, counters_key(), counters_value(next->counters)), rocks().name());
  const std::vector<DeadGraph>& after = next->dead;
  const std::shared_ptr<const Version> replaced = newest();
  const std::vector<DeadGraph>& before = replaced->dead;
  auto old = before.begin();
  for (auto graph = after.begin(); old != before.end() || graph != after.end();) {
    if (graph == after.end() || (old != before.end() && old->instance < graph->instance)) {
      check(batch.Delete(metadata, dead_graph_key(old->instance)), rocks().name());
      ++old;
      continue;
    }
    const bool known = old != before.end() && old->instance == graph->instance;
    if (!known || old->rows != graph->rows) {
      std::string rows;
      append_u64(rows, graph->rows);
      check(batch.Put(metadata, dead_graph_key(graph->instance), rows), rocks().name());
    }
    if (known) ++old;
    ++graph;
  }
  rocks().write(batch);
  publish(std::move(next));
}

std::uint32_t VersionStore::new_run() {
  const std::lock_guard lock(next_run_mutex_);
  return next_run_++;
}

std::uint32_t VersionStore::next_run() const {
  const std::lock_guard lock(next_run_mutex_);
  return next_run_;
}

void VersionStore::sync() {
  if (rocks().is_in_memory()) return;
  std::unique_lock lock(sync_mutex_);
  const std::uint64_t ticket = ++sync_requests_;
  while (synced_ < ticket) {
    if (syncing_) {
      synced_changed_.wait(lock);
      continue;
    }
    syncing_ = true;
    const std::uint64_t served = sync_requests_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      rocks().sync_log();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    syncing_ = false;
    if (failure == nullptr) synced_ = std::max(synced_, served);
    synced_changed_.notify_all();
    if (failure != nullptr) std::rethrow_exception(failure);
  }
}

void VersionStore::retire(std::shared_ptr<const Version> before, const std::vector<std::uint32_t>& runs) {
  std::vector<Retired> synced;
  {
    const std::lock_guard lock(retired_mutex_);
    retired_.push_back({std::move(before), runs});
    synced.swap(retired_);
  }
  try {
    sync();
  } catch (...) {
    const std::lock_guard lock(retired_mutex_);
    retired_.insert(retired_.end(), synced.begin(), synced.end());
    throw;
  }
  for (const Retired& retired : synced) {
    for (const std::uint32_t run : retired.runs) chores()->retire(run);
  }
}

bool VersionStore::has_room() const {
  const std::shared_ptr<const Version> version = newest();
  return version->delta_rows() < tuning_.stall_rows && version->layers_after(held_layers_) < tuning_.stall_layers;
}

void VersionStore::hold_layers(std::uint64_t last) {
  {
    const std::lock_guard lock(room_mutex_);
    held_layers_ = last;
  }
  room_changed_.notify_all();
  chores()->wake();
}

void VersionStore::wait_for_room() {
  rocks().check_open_to_changes();
  std::unique_lock lock(room_mutex_);
  if (has_room()) return;
  failure_ = nullptr;
  chores()->wake();
  room_changed_.wait(lock, [&] { return has_room() || failure_ != nullptr; });
  // What failed once is tried again by the next commit: there may be room on the disk by then.
  if (!has_room()) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void VersionStore::report_progress() {
  {
    const std::lock_guard lock(room_mutex_);
    failure_ = nullptr;
  }
  room_changed_.notify_all();
}

void VersionStore::report_failure(std::exception_ptr failure) {
  {
    const std::lock_guard lock(room_mutex_);
    failure_ = std::move(failure);
  }
  room_changed_.notify_all();
}

void append_commit(std::vector<Layer>& layers, std::uint64_t commit, DeltaRows rows) {
  Layer& added = layers.emplace_back();
  added.first = added.last = commit;
  added.chunk = std::make_shared<const DeltaChunk>(std::move(rows));
  while (layers.size() > 1) {
    Layer& older = layers[layers.size() - 2];
    const Layer& newer = layers.back();
    if (older.chunk == nullptr || older.frozen || older.chunk->size() > 2 * newer.chunk->size()) break;
    const std::array<const DeltaChunk*, 2> both = {older.chunk.get(), newer.chunk.get()};
    older.chunk = DeltaChunk::merge(both);
    older.last = newer.last;
    layers.pop_back();
  }
}

}  // namespace akyn::storage
