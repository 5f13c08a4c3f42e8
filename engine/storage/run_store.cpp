#include "engine/storage/run_store.h"

#include <new>
#include <string>
#include <utility>

#include "engine/storage/keys.h"
#include "engine/storage/staged_files.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

std::string run_key(std::uint32_t run) {
  std::string key;
  append_u32(key, run);
  return key;
}

}  // namespace

bool FamilySource::get(std::string_view key, PinnedValue& value) const {
  auto slice = std::make_shared<rocksdb::PinnableSlice>();
  rocksdb::ReadOptions options;
  options.fill_cache = keep_cached_;
  if (!rocks_->get(options, family_, key, *slice)) {
    value.reset();
    return false;
  }
  const std::string_view bytes = slice->ToStringView();
  value = PinnedValue(bytes, std::move(slice));
  return true;
}

void Chores::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Chores::rest() {
  {
    const std::lock_guard lock(mutex_);
    goal_ = MergeGoal::rest;
    woken_ = true;
  }
  changed_.notify_all();
}

void Chores::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

void Chores::retire(std::uint32_t run) {
  const std::lock_guard lock(mutex_);
  retired_.insert(run);
}

void Chores::release(std::uint32_t run) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (retired_.erase(run) == 0 || stopped_) return;
    try {
      buried_.push_back(run);
    } catch (const std::bad_alloc&) {
      return;  // found as an orphan when the store is next opened
    }
    woken_ = true;
  }
  changed_.notify_all();
}

bool Chores::wait() {
  std::unique_lock lock(mutex_);
  waiting_ = true;
  if (!woken_) goal_ = MergeGoal::enough;
  changed_.notify_all();
  changed_.wait(lock, [this] { return woken_ || stopped_; });
  waiting_ = false;
  woken_ = false;
  return !stopped_;
}

bool Chores::wait_until_idle(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [this] { return (waiting_ && !woken_) || stopped_; });
}

bool Chores::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

MergeGoal Chores::goal() const {
  const std::lock_guard lock(mutex_);
  return goal_;
}

std::optional<std::uint32_t> Chores::buried() const {
  const std::lock_guard lock(mutex_);
  return buried_.empty() ? std::nullopt : std::optional(buried_.back());
}

void Chores::forget(std::uint32_t run) {
  const std::lock_guard lock(mutex_);
  std::erase(buried_, run);
}

RunSources::RunSources(const std::shared_ptr<const Rocks>& rocks, std::size_t cache_bytes, bool keep_cached)
    : blocks(rocks, Family::blocks, keep_cached),
      directory(rocks, Family::directory, keep_cached),
      dictionary{std::make_shared<FamilySource>(rocks, Family::terms, false),  // kept decoded, in a cache of its own
                 std::make_shared<FamilySource>(rocks, Family::tail, keep_cached),
                 std::make_shared<PinnedCache>(cache_bytes)} {}

namespace {

// Something with the lifetime of a run; pointers to it alone keep both.
template <class Reader>
struct Living {
  template <class... Arguments>
  explicit Living(const std::shared_ptr<Chores>& chores, std::uint32_t run, Arguments&&... arguments)
      : lifetime(run, chores), reader(run, std::forward<Arguments>(arguments)...) {}
  RunLifetime lifetime;
  Reader reader;
};

}  // namespace

std::shared_ptr<const DictionaryRun> open_dictionary_run(std::uint32_t run,
                                                         const std::shared_ptr<const RunSources>& sources,
                                                         const std::shared_ptr<Chores>& chores) {
  const auto living =
      std::make_shared<Living<DictionaryRun>>(chores, run, sources->dictionary.terms, sources->dictionary.cache);
  return {living, &living->reader};
}

std::shared_ptr<const DictionaryTail> open_dictionary_tail(std::uint32_t tail,
                                                           const std::shared_ptr<const RunSources>& sources,
                                                           const std::shared_ptr<Chores>& chores) {
  const auto living = std::make_shared<Living<DictionaryTail>>(chores, tail, sources->dictionary.tail);
  return {living, &living->reader};
}

void delete_run(Rocks& rocks, std::uint32_t run) {
  // Its keys are in files of their own, unless a compaction has joined them with others.
  rocks.delete_range(kRunFamilies, run_key(run), run_key(run + 1));
}

namespace {

// The runs that a family has keys of.
std::set<std::uint32_t> stored_runs(Rocks& rocks, Family name) {
  std::set<std::uint32_t> found;
  // Keys of tails come one by one, through the log; those of runs in files.
  bool mixed = name == Family::tail;
  rocksdb::ColumnFamilyMetaData metadata;
  rocks.db().GetColumnFamilyMetaData(rocks.family(name), &metadata);
  for (const rocksdb::LevelMetaData& level : metadata.levels) {
    for (const rocksdb::SstFileMetaData& file : level.files) {
      if (is_unreadable(file)) continue;
      if (file.smallestkey.size() < 4 || file.largestkey.size() < 4) {
        throw_corruption(rocks.name(), "the key of a run is too short");
      }
      found.insert(load_u32(file.smallestkey.data()));
      found.insert(load_u32(file.largestkey.data()));
      mixed = mixed || load_u32(file.smallestkey.data()) != load_u32(file.largestkey.data());
    }
  }
  if (!mixed) return found;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> keys(rocks.db().NewIterator(options, rocks.family(name)));
  for (keys->SeekToFirst(); keys->Valid(); keys->Seek(run_key(load_u32(keys->key().data()) + 1))) {
    found.insert(load_u32(keys->key().data()));
  }
  check(keys->status(), rocks.name());
  return found;
}

}  // namespace

void delete_orphans(Rocks& rocks, const std::set<std::uint32_t>& live) {
  for (const Family family : kRunFamilies) {
    for (const std::uint32_t run : stored_runs(rocks, family)) {
      if (!live.contains(run)) delete_run(rocks, run);
    }
  }
}

}  // namespace akyn::storage
