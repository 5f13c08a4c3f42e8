#include "engine/storage/database.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <akyn/error.h>
#include "engine/storage/background.h"
#include "engine/storage/backup.h"
#include "engine/storage/bulk_load.h"
#include "engine/storage/directory.h"
#include "engine/storage/keys.h"
#include "engine/storage/manifest.h"
#include "engine/storage/open_database.h"
#include "engine/storage/optimize_store.h"
#include "engine/storage/rocks.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/status.h"
#include "engine/storage/verify.h"
#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"

namespace akyn::storage {
namespace {

bool has_tables(const std::filesystem::path& directory) {
  const std::filesystem::directory_iterator files(directory);
  return std::any_of(begin(files), end(files), [](const auto& file) { return file.path().extension() == ".sst"; });
}

bool has_keys(const Rocks& rocks) {
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    const std::unique_ptr<rocksdb::Iterator> keys(rocks.db().NewIterator({}, rocks.family(static_cast<Family>(i))));
    keys->SeekToFirst();
    check(keys->status(), rocks.name());
    if (keys->Valid()) return true;
  }
  return false;
}

// Checks the format of a store, and writes the first keys of a new one.
void check_or_initialize(Rocks& rocks) {
  rocksdb::PinnableSlice value;
  if (rocks.get(rocksdb::ReadOptions(), Family::metadata, format_key(), value)) {
    const std::uint32_t version = parse_format_value(value.ToStringView());
    if (version == 0) {
      throw Error(ErrorCode::not_a_store,
                  fmt::format("'{}' is not an Akyn store: it is a RocksDB database of another program", rocks.name()));
    }
    check_format_version(version, rocks.name());
    return;
  }
  // A store's first keys are on the device before there is anything else.
  if (!rocks.is_in_memory() && has_tables(rocks.name())) {
    // A follower takes damaged tables for none at all.
    throw_corruption(rocks.name(), rocks.access() == Access::write
                                       ? "it has tables, and the log that says what they are is gone"
                                       : "its tables cannot be read, or the log that says what they are is gone");
  }
  if (has_keys(rocks)) throw_corruption(rocks.name(), "the log that it began with is gone");
  if (rocks.access() != Access::write) {
    throw Error(ErrorCode::not_found, fmt::format("the creation of store '{}' is not finished", rocks.name()));
  }
  rocksdb::WriteBatch batch;
  rocksdb::ColumnFamilyHandle* const metadata = rocks.family(Family::metadata);
  check(batch.Put(metadata, format_key(), format_value(kFormatVersion)), rocks.name());
  check(batch.Put(metadata, counters_key(), counters_value(Counters())), rocks.name());
  check(batch.Put(metadata, manifest_key(), Manifest().serialize()), rocks.name());
  rocksdb::WriteOptions options;
  options.sync = true;
  check(rocks.db().Write(options, &batch), rocks.name());
}

class StoreDatabase final : public Database {
 public:
  StoreDatabase(const std::shared_ptr<Rocks>& rocks, const StoreOptions& options, const Tuning& tuning)
      : store_(std::make_shared<VersionStore>(rocks, tuning)), options_(options) {
    if (!options_.read_only) {
      background_ = std::make_unique<Background>(store_, slot_, merge_memory() / 2);
    }
  }

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const override {
    return std::make_shared<CommittedSnapshot>(store_->current());
  }

  [[nodiscard]] std::unique_ptr<Writer> begin() override {
    check_takes_changes();
    return begin_writing(store_, slot_, options_);
  }

  [[nodiscard]] std::unique_ptr<BulkLoad> begin_load(const BulkOptions& options) override {
    check_takes_changes();
    return std::make_unique<BulkLoad>(store_, slot_, options_, options);
  }

  [[nodiscard]] std::uint64_t follow(CommitFeed::Listener listener) override {
    check_writable();
    const auto lock = store_->lock_changes();
    return store_->commits().subscribe(std::move(listener));
  }
  void unfollow(std::uint64_t subscription) noexcept override { store_->commits().unsubscribe(subscription); }

  void verify(const WorkProgress& progress) const override { verify_store(*store_->current(), progress); }

  void optimize(const WorkProgress& progress) override {
    check_takes_changes();
    MergeOptions options;
    options.progress = progress;
    options.limits.memory_bytes = merge_memory();
    options.threads = std::max(std::thread::hardware_concurrency(), 1U);
    optimize_store(*store_, *slot_, options);
  }

  void finish_merges(const WorkProgress& progress) override {
    check_writable();  // what cannot be merged is left for later
    store_->chores()->rest();
    while (!store_->chores()->wait_until_idle(std::chrono::milliseconds(50))) {
      if (progress) progress("merging", 0, 1);
    }
  }

  void back_up(const std::filesystem::path& directory) override {
    check_writable();
    storage::back_up(*store_, directory);
  }

 private:
  [[nodiscard]] std::size_t merge_memory() const { return std::max(options_.memory_limit / 2, std::size_t{16} << 20); }
  void check_writable() const {
    if (!options_.read_only) return;
    throw Error(ErrorCode::read_only, fmt::format("store '{}' was opened read-only", store_->rocks().name()));
  }

  // Before work is done that could only be refused at its end.
  void check_takes_changes() const {
    check_writable();
    store_->rocks().check_open_to_changes();
  }

  std::shared_ptr<VersionStore> store_;
  std::shared_ptr<WriterSlot> slot_ = std::make_shared<WriterSlot>();
  StoreOptions options_;
  std::unique_ptr<Background> background_;  // of a store opened for writing
};

}  // namespace

std::shared_ptr<Database> open_database(const std::filesystem::path& path, const StoreOptions& options,
                                        const Tuning& tuning, std::shared_ptr<rocksdb::Env> files) {
  StoreDirectory directory(path, options, files ? *files : *rocksdb::Env::Default());
  const std::shared_ptr<Rocks> rocks = Rocks::open(path.string(), options.read_only ? Access::follow : Access::write,
                                                   options, std::move(directory), std::move(files));
  check_or_initialize(*rocks);
  return std::make_shared<StoreDatabase>(rocks, options, tuning);
}

std::shared_ptr<Database> open_database_in_memory(const StoreOptions& options, const Tuning& tuning) {
  const std::shared_ptr<Rocks> rocks = Rocks::open_in_memory(options);
  check_or_initialize(*rocks);
  return std::make_shared<StoreDatabase>(rocks, options, tuning);
}

std::shared_ptr<Database> Database::open(const std::filesystem::path& path, const StoreOptions& options) {
  return open_database(path, options, Tuning());
}

std::shared_ptr<Database> Database::in_memory(const StoreOptions& options) {
  return open_database_in_memory(options, Tuning());
}

}  // namespace akyn::storage
