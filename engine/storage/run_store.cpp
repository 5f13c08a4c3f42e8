#include "engine/storage/run_store.h"

#include <new>
#include <string>
#include <utility>

#include <rocksdb/convenience.h>

#include "engine/storage/keys.h"
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

void Chores::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

void Chores::bury(std::uint32_t run) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
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
  changed_.wait(lock, [this] { return woken_ || stopped_; });
  woken_ = false;
  return !stopped_;
}

bool Chores::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::vector<std::uint32_t> Chores::take_buried() {
  const std::lock_guard lock(mutex_);
  return std::exchange(buried_, {});
}

StoredRun::~StoredRun() {
  if (chores_ != nullptr) chores_->bury(run_.info().run);
}

void StoredRun::retire(std::shared_ptr<Chores> chores) const {
  const std::lock_guard lock(mutex_);
  chores_ = std::move(chores);
}

void delete_run(Rocks& rocks, std::uint32_t run) {
  const std::string first = run_key(run);
  const std::string after = run_key(run + 1);
  const rocksdb::Slice begin(first);
  const rocksdb::Slice end(after);
  for (const Family name : {Family::directory, Family::blocks}) {
    rocksdb::ColumnFamilyHandle* const family = rocks.family(name);
    // A run's keys are in files of their own, unless a compaction has joined them with others.
    check(rocksdb::DeleteFilesInRange(&rocks.db(), family, &begin, &end, false), rocks.name());
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &end;
    options.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> rest(rocks.db().NewIterator(options, family));
    rest->Seek(begin);
    check(rest->status(), rocks.name());
    if (rest->Valid()) check(rocks.db().DeleteRange(rocksdb::WriteOptions(), family, begin, end), rocks.name());
  }
}

void delete_orphans(Rocks& rocks, const std::set<std::uint32_t>& runs) {
  for (const Family name : {Family::directory, Family::blocks}) {
    std::set<std::uint32_t> found;
    bool mixed = false;  // a file has several runs
    rocksdb::ColumnFamilyMetaData metadata;
    rocks.db().GetColumnFamilyMetaData(rocks.family(name), &metadata);
    for (const rocksdb::LevelMetaData& level : metadata.levels) {
      for (const rocksdb::SstFileMetaData& file : level.files) {
        if (file.smallestkey.size() < 4 || file.largestkey.size() < 4) {
          throw_corruption(rocks.name(), "a block has a key that is too short");
        }
        found.insert(load_u32(file.smallestkey.data()));
        found.insert(load_u32(file.largestkey.data()));
        mixed = mixed || load_u32(file.smallestkey.data()) != load_u32(file.largestkey.data());
      }
    }
    if (mixed) {
      rocksdb::ReadOptions options;
      options.fill_cache = false;
      const std::unique_ptr<rocksdb::Iterator> keys(rocks.db().NewIterator(options, rocks.family(name)));
      for (keys->SeekToFirst(); keys->Valid(); keys->Seek(run_key(load_u32(keys->key().data()) + 1))) {
        found.insert(load_u32(keys->key().data()));
      }
      check(keys->status(), rocks.name());
    }
    for (const std::uint32_t run : found) {
      if (!runs.contains(run)) delete_run(rocks, run);
    }
  }
}

}  // namespace akyn::storage
