#include "engine/storage/database.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/write_batch.h>

#include <akyn/error.h>
#include "engine/storage/directory.h"
#include "engine/storage/keys.h"
#include "engine/storage/rocks.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/status.h"
#include "engine/storage/verify.h"
#include "engine/storage/view.h"
#include "engine/storage/writer.h"

namespace akyn::storage {
namespace {

// Checks the format of a store, and writes the first two keys of a new one.
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
  if (rocks.access() != Access::write) {
    throw Error(ErrorCode::not_found, fmt::format("the creation of store '{}' is not finished", rocks.name()));
  }
  rocksdb::WriteBatch batch;
  check(batch.Put(rocks.family(Family::metadata), format_key(), format_value(kFormatVersion)), rocks.name());
  check(batch.Put(rocks.family(Family::metadata), counters_key(), counters_value(Counters())), rocks.name());
  rocksdb::WriteOptions options;
  options.sync = true;
  check(rocks.db().Write(options, &batch), rocks.name());
}

class RocksDatabase final : public Database {
 public:
  RocksDatabase(std::shared_ptr<Rocks> rocks, const StoreOptions& options)
      : rocks_(std::move(rocks)), options_(options) {}

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const override {
    return make_snapshot(std::make_shared<const View>(rocks_));
  }

  [[nodiscard]] std::unique_ptr<Writer> begin() override {
    if (options_.read_only) {
      throw Error(ErrorCode::read_only, fmt::format("store '{}' was opened read-only", rocks_->name()));
    }
    return begin_writing(rocks_, slot_, options_);
  }

  void verify() const override { verify_store(View(rocks_)); }

 private:
  std::shared_ptr<Rocks> rocks_;
  std::shared_ptr<WriterSlot> slot_ = std::make_shared<WriterSlot>();
  StoreOptions options_;
};

}  // namespace

std::shared_ptr<Database> Database::open(const std::filesystem::path& path, const StoreOptions& options) {
  StoreDirectory directory(path, options);
  std::shared_ptr<Rocks> rocks =
      Rocks::open(path.string(), options.read_only ? Access::follow : Access::write, options, std::move(directory));
  check_or_initialize(*rocks);
  return std::make_shared<RocksDatabase>(std::move(rocks), options);
}

std::shared_ptr<Database> Database::in_memory(const StoreOptions& options) {
  std::shared_ptr<Rocks> rocks = Rocks::open_in_memory(options);
  check_or_initialize(*rocks);
  return std::make_shared<RocksDatabase>(std::move(rocks), options);
}

}  // namespace akyn::storage
