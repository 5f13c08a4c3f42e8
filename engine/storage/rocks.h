// One open RocksDB with the store's column families, and every option it is opened with.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <akyn/options.h>
#include "engine/storage/directory.h"
#include "engine/storage/keys.h"

namespace akyn::storage {

class ChangeStop;
class ListGuard;
class LogFiles;

// How RocksDB is opened.
enum class Access : std::uint8_t {
  write,   // the one writing process
  follow,  // read-only, beside a writing process whose commits it can catch up with (a RocksDB secondary)
};

// Options shared by all families and files of a store, for callers that write files of their own.
[[nodiscard]] rocksdb::Options base_options();

// Thread-safe.
class Rocks {
 public:
  // `path` is also what messages call the store. `directory` is held until RocksDB has closed. RocksDB reaches its
  // files through `files`, or as the system has them when there is none. Throws Error(io), Error(corruption),
  // Error(locked).
  [[nodiscard]] static std::shared_ptr<Rocks> open(const std::string& path, Access access, const StoreOptions& options,
                                                   StoreDirectory directory,
                                                   std::shared_ptr<rocksdb::Env> files = nullptr);
  [[nodiscard]] static std::shared_ptr<Rocks> open_in_memory(const StoreOptions& options);

  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;
  ~Rocks();

  [[nodiscard]] rocksdb::DB& db() const noexcept { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family family) const noexcept {
    return families_[static_cast<std::size_t>(family)];
  }
  // The options a family was opened with.
  [[nodiscard]] rocksdb::Options options_of(Family family) const;
  [[nodiscard]] const std::string& name() const noexcept { return path_; }
  [[nodiscard]] Access access() const noexcept { return access_; }
  [[nodiscard]] bool is_in_memory() const noexcept { return env_ != nullptr; }
  // The share of StoreOptions::memory_limit for what is kept of dictionary runs.
  [[nodiscard]] std::size_t dictionary_cache_bytes() const noexcept { return dictionary_cache_bytes_; }

  // As StoreDirectory::keep().
  void keep() noexcept { directory_.keep(); }

  // False when there is no such key. Not always DB::Get: a secondary's looks into its memtables first and
  // stops there, although what it has read from the log may be older than a file it has learnt of
  // since. Its iterators go by sequence numbers and are right.
  [[nodiscard]] bool get(const rocksdb::ReadOptions& options, Family family, std::string_view key,
                         rocksdb::PinnableSlice& value) const;

  // --- Changes ---
  //
  // They are refused with Error(io) while the device has no room for what RocksDB would have to write after them. What
  // stops RocksDB all the same - a device that is broken, or was filled up by others at that moment - ends all changes
  // until the store is opened again, which the messages say: it (7.8) cannot go on safely. When it resumes it may keep
  // a log that it could not write, and numbers the files that it takes in from zero. Reading goes on.

  // Writes a batch, unsynced. Throws Error(io): then nobody sees anything of it.
  void write(rocksdb::WriteBatch& batch);
  // Of a store on disk: returns when everything written before the call is on the device. Throws Error(io).
  void sync_log();
  // Throws what a change would throw after one that has ended all of them.
  void check_open_to_changes() const;
  // Throws Error(io) when there is no room for a change of so many bytes.
  void check_room(std::size_t bytes) const;

  // Moves files into the database, all of them or none. Throws Error(io).
  void take_in(const std::vector<rocksdb::IngestExternalFileArg>& files);
  // Deletes the keys from `begin` up to `end`: whole files at once, what others hold of them by a mark in these. Does
  // not look for room, because it makes some; who can do without asks before. Throws Error(io).
  void delete_range(std::span<const Family> families, std::string_view begin, std::string_view end);

  // A directory for files on their way into the store; emptied when the store is opened for writing.
  [[nodiscard]] std::string staging_directory() const { return path_ + '/' + kStagingDirectory; }

  // For Access::follow. A secondary cannot read old states, so that what a reader sees may only
  // change while there is no reader: the first of overlapping readers catches up, the others see
  // what it sees. Every call needs its end_reading().
  void begin_reading();
  void end_reading() noexcept;

 private:
  Rocks(std::string path, Access access, StoreDirectory directory, std::unique_ptr<rocksdb::Env> env);
  void open_database(const StoreOptions& options);
  void empty_staging();
  // What is in memory and not in files, but for the log.
  [[nodiscard]] std::uint64_t unwritten_bytes() const;
  // Of a change. Throws unless it is ok.
  void check_change(const rocksdb::Status& status);
  // The same of a write to the log: of one that failed nobody can tell what the disk has, and it is the last.
  void check_logged(const rocksdb::Status& status);
  // Every process that opens the store reads the log again, and each adds a file to it: past some
  // size that costs more than the table files that a flush makes.
  [[nodiscard]] bool log_is_long() const;
  // Whole files of the range.
  void delete_files(std::span<const Family> families, std::string_view begin, std::string_view end);
  void catch_up();
  // Names and sizes of the files that every commit of the writer's changes.
  [[nodiscard]] std::string signature() const;

  std::string path_;
  Access access_;
  // Destroyed last: nobody may open the store before RocksDB has let go of it.
  StoreDirectory directory_;
  std::unique_ptr<rocksdb::Env> env_;  // set for a store in memory
  std::size_t dictionary_cache_bytes_ = 0;
  std::size_t write_buffer_bytes_ = 0;  // of all families together, at most
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;

  std::mutex readers_mutex_;
  std::size_t readers_ = 0;
  std::string caught_up_with_;  // the signature before the last catching up

  std::shared_ptr<rocksdb::Env> files_;  // of a store on disk; none: the system's
  // For the writing process of a store on disk: those files, and of them those that stay as long as they may be needed.
  std::shared_ptr<LogFiles> logs_;
  std::shared_ptr<ListGuard> guard_;
  std::unique_ptr<rocksdb::Env> guarded_files_;
  std::shared_ptr<ChangeStop> stop_;
};

}  // namespace akyn::storage
