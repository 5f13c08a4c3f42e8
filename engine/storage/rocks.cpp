#include "engine/storage/rocks.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <akyn/error.h>
#include "engine/storage/change_stop.h"
#include "engine/storage/dictionary_tail.h"
#include "engine/storage/list_guard.h"
#include "engine/storage/log_check.h"
#include "engine/storage/log_files.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// When a file or directory was changed last, in nanoseconds, and its size; nothing where there is none.
struct FileState {
  std::int64_t changed = 0;
  std::int64_t size = 0;
};
std::optional<FileState> state_of(const std::string& path) noexcept {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileState{std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec, found.st_size};
}

// Some file systems, in user space or over a network, have no sizes at all.
bool tells_room(const std::string& directory) noexcept {
  struct statvfs found {};
  return ::statvfs(directory.c_str(), &found) == 0 && found.f_blocks != 0;
}

// Whether a signature, as Rocks::signature() writes it, would be the same again. Does not list the directory: where
// files come and go, it changes.
bool still_holds(const std::string& directory, std::string_view signature) {
  const auto next_line = [&] {
    const std::string_view line = signature.substr(0, signature.find('\n'));
    signature.remove_prefix(std::min(line.size() + 1, signature.size()));
    return line;
  };
  const auto is = [](std::string_view text, std::int64_t number) { return text == std::to_string(number); };
  const std::optional<FileState> whole = state_of(directory);
  if (!whole || !is(next_line(), whole->changed)) return false;
  while (!signature.empty()) {
    const std::string_view line = next_line();
    const std::size_t space = line.find(' ');
    const std::optional<FileState> file = state_of(directory + '/' + std::string(line.substr(0, space)));
    if (!file || !is(line.substr(space + 1), file->size)) return false;
  }
  return true;
}

// RocksDB's information log would put a growing set of LOG files into every store; what matters of
// it reaches the caller as an Error.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

// How StoreOptions::memory_limit is shared out. What is left, an eighth, is for block directories, separators of
// dictionary runs and the blocks that cursors are at.
struct MemoryShares {
  explicit MemoryShares(std::size_t limit)
      : block_cache(limit / 8 * 5), write_buffers(limit / 8 * 2), dictionary_cache(limit / 8 * 2) {}
  std::size_t block_cache;       // of RocksDB; write buffers are charged to it
  std::size_t write_buffers;     // of all families together
  std::size_t dictionary_cache;  // pages and filters of dictionary runs, ready for use
};

rocksdb::ColumnFamilyOptions family_options(Family family, const MemoryShares& memory,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  // Keeps the levels' sizes in proportion to the data, so that stale keys take at most a tenth of the space.
  options.level_compaction_dynamic_level_bytes = true;
  // At most half of their share for one memtable, so that all families together stay in it.
  options.write_buffer_size =
      std::clamp<std::size_t>(memory.write_buffers / 2, std::size_t{1} << 20, std::size_t{64} << 20);

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Indexes and filters count towards the memory limit instead of growing beside it ...
  table.cache_index_and_filter_blocks = true;
  // ... and those of the newest files, asked on every look-up, stay.
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.format_version = 5;  // the newest that RocksDB 7 writes: smaller indexes, faster filters
  switch (family) {
    case Family::blocks:
    case Family::directory:
    case Family::terms:
      // What we write is packed already; trying again costs time and gains a few percent. No filter: every key that is
      // asked for exists. A value is larger than a RocksDB block of the default size, or nearly so: one read gets it
      // and little else.
      options.compression = rocksdb::kNoCompression;
      break;
    case Family::delta:
      // Read once, at open, and gone with the next flush of commits into a run.
      options.compression = rocksdb::kLZ4Compression;
      break;
    case Family::tail:
      // Commits ask for terms that are mostly new: a filter answers without a read. Text halves under LZ4, which
      // decodes faster than a disk reads.
      options.compression = rocksdb::kLZ4Compression;
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
      options.memtable_whole_key_filtering = true;
      options.memtable_prefix_bloom_size_ratio = 0.05;
      // Each of its two kinds of keys comes in order: the place of one is looked for near the place of the one before.
      options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kTailKindBytes));
      table.block_size = std::size_t{8} << 10;
      break;
    case Family::metadata:
      options.compression = rocksdb::kLZ4Compression;
      break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::DBOptions database_options(const MemoryShares& memory, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions options(base_options());
  options.create_if_missing = true;               // whether it may be created has been decided before
  options.create_missing_column_families = true;  // completes a creation that was cut short
  // Charged to the cache, so that one limit holds for both.
  options.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(memory.write_buffers, cache);
  // A write torn by a power cut at the end of the log is dropped; damage anywhere before it is an error, once
  // check_logs() has found what looks like a torn write and is none. The default recovers up to the damage and silently
  // drops what follows.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Bounds what has to be read again after a kill to about a second.
  options.max_total_wal_size = std::uint64_t{64} << 20;
  // What the log holds at open stays in it: opening a store to ask one question writes no table files.
  options.avoid_flush_during_recovery = true;
  // A secondary must hold the files the writer may delete under it; and a file opened once needs no look-up.
  options.max_open_files = -1;
  // By the thread that opens the store. By default RocksDB starts sixteen others for each family and each look at the
  // list of files: opening a store of a few files took 79 ms with them and takes 3 without.
  options.max_file_opening_threads = 1;
  // Neither statistic is read by anything; both make opening slower.
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

constexpr std::string_view kUntilOpened = "; it takes no more changes until it is opened again";

// A function, so that ThreadSanitizer's stacks name its caller (cmake/tsan.supp).
[[gnu::noinline]] rocksdb::Status write_batch(rocksdb::DB& db, rocksdb::WriteBatch& batch) {
  return db.Write(rocksdb::WriteOptions(), &batch);
}

}  // namespace

rocksdb::Options base_options() {
  rocksdb::Options options;
  options.info_log = std::make_shared<SilentLogger>();
  return options;
}

Rocks::Rocks(std::string path, Access access, StoreDirectory directory, std::unique_ptr<rocksdb::Env> env)
    : path_(std::move(path)),
      access_(access),
      directory_(std::move(directory)),
      env_(std::move(env)),
      stop_(std::make_shared<ChangeStop>()) {}

std::shared_ptr<Rocks> Rocks::open(const std::string& path, Access access, const StoreOptions& options,
                                   StoreDirectory directory, std::shared_ptr<rocksdb::Env> files) {
  std::shared_ptr<Rocks> rocks(new Rocks(path, access, std::move(directory), nullptr));
  rocks->files_ = std::move(files);
  rocks->open_database(options);
  return rocks;
}

std::shared_ptr<Rocks> Rocks::open_in_memory(const StoreOptions& options) {
  std::unique_ptr<rocksdb::Env> env(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  std::shared_ptr<Rocks> rocks(new Rocks("/memory", Access::write, StoreDirectory(), std::move(env)));
  rocks->open_database(options);
  return rocks;
}

void Rocks::open_database(const StoreOptions& store_options) {
  const MemoryShares memory(std::max(store_options.memory_limit, std::size_t{8} << 20));
  dictionary_cache_bytes_ = memory.dictionary_cache;
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(memory.block_cache);
  write_buffer_bytes_ = memory.write_buffers;
  rocksdb::DBOptions options = database_options(memory, cache);
  options.listeners.push_back(stop_);
  options.max_bgerror_resume_count = 0;  // ChangeStop is not asked about errors that may be tried again
  if (env_ != nullptr) options.env = env_.get();
  if (files_ != nullptr) options.env = files_.get();
  if (access_ == Access::write && !is_in_memory()) {
    logs_ = std::make_shared<LogFiles>(options.env->GetFileSystem(), path_);
    guard_ = std::make_shared<ListGuard>(logs_, path_);
    guarded_files_ = rocksdb::NewCompositeEnv(guard_);
    options.env = guarded_files_.get();
  }
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    descriptors_.emplace_back(kFamilyNames[i], family_options(static_cast<Family>(i), memory, cache));
  }

  if (!is_in_memory()) check_logs(*options.env->GetFileSystem(), path_);
  if (logs_ != nullptr) check(logs_->take_over(), path_);
  rocksdb::DB* db = nullptr;
  if (access_ == Access::write) {
    rocksdb::Status status = rocksdb::DB::Open(options, path_, descriptors_, &families_, &db);
    // When CURRENT cannot be read RocksDB (7.8) blames the options: direct I/O, which nobody has asked for.
    if (status.IsInvalidArgument()) {
      const std::string text = status.ToString();
      const bool is_unread = text.find("Direct I/O is not supported") != std::string::npos ||
                             text.find("incompatible with filesystem") != std::string::npos;
      if (is_unread) status = rocksdb::Status::IOError("CURRENT could not be read");
    }
    check(status, path_);
    db_.reset(db);
    empty_staging();
    return;
  }
  // With a logger of our own a secondary writes nothing anywhere; its directory is never made.
  // The writer may delete a file between this process's reading of the list and opening it: then
  // the list has changed, and reading it again helps.
  rocksdb::Status status;
  for (int attempt = 0; attempt < 10; ++attempt) {
    status = rocksdb::DB::OpenAsSecondary(options, path_, staging_directory(), descriptors_, &families_, &db);
    if (status.ok() || !(status.IsPathNotFound() || status.IsTryAgain() || status.IsIOError())) break;
    std::this_thread::yield();
  }
  check(status, path_);
  db_.reset(db);
}

Rocks::~Rocks() {
  if (db_ == nullptr) return;
  // Failing to flush is no loss: everything is in the log.
  if (access_ == Access::write && !is_in_memory() && !stop_->is_set() && log_is_long()) {
    db_->Flush(rocksdb::FlushOptions(), families_).PermitUncheckedError();
  }
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
  db_ = nullptr;
}

bool Rocks::log_is_long() const {
  constexpr std::uint64_t kLongLog = std::uint64_t{4} << 20;
  constexpr std::size_t kManyFiles = 8;
  rocksdb::VectorLogPtr files;
  if (!db_->GetSortedWalFiles(files).ok()) return true;
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file->SizeFileBytes();
  return bytes > kLongLog || files.size() > kManyFiles;
}

rocksdb::Options Rocks::options_of(Family family) const {
  return rocksdb::Options(db_->GetDBOptions(), descriptors_[static_cast<std::size_t>(family)].options);
}

bool Rocks::get(const rocksdb::ReadOptions& options, Family family_name, std::string_view key,
                rocksdb::PinnableSlice& value) const {
  value.Reset();
  // Runs come as files, never through the log: what a look-up finds of them is right.
  const bool in_files =
      family_name == Family::blocks || family_name == Family::directory || family_name == Family::terms;
  if (access_ == Access::write || in_files) {
    const rocksdb::Status status = db_->Get(options, family(family_name), key, &value);
    if (status.IsNotFound()) return false;
    check(status, path_);
    return true;
  }
  const std::unique_ptr<rocksdb::Iterator> iterator(db_->NewIterator(options, family(family_name)));
  iterator->Seek(key);
  if (!iterator->Valid()) {
    check(iterator->status(), path_);
    return false;
  }
  if (iterator->key() != rocksdb::Slice(key)) return false;
  value.PinSelf(iterator->value());
  return true;
}

void Rocks::check_open_to_changes() const {
  if (stop_->is_set()) throw_status(stop_->status(), path_, kUntilOpened);
}

void Rocks::check_room(std::size_t bytes) const {
  if (guard_ == nullptr) return;
  std::uint64_t free = 0;
  if (!guard_->GetFreeSpace(path_, rocksdb::IOOptions(), &free, nullptr).ok()) return;
  if (free == 0 && !tells_room(path_)) return;
  // What is in memory has to be written some day; the batch to the log, and then, too. Besides, there are lists of
  // files, directories and whatever a file system needs for itself.
  constexpr std::uint64_t kBesides = std::uint64_t{1} << 20;
  const std::uint64_t own = 2 * std::uint64_t{bytes} + kBesides;
  if (free >= own + 2 * std::uint64_t{write_buffer_bytes_}) return;
  const std::uint64_t needed = own + unwritten_bytes();
  if (free >= needed) return;
  throw Error(ErrorCode::io,
              fmt::format("store '{}': no room on the device: it has {} KiB left, and this change may need {} KiB",
                          path_, free / 1024, needed / 1024));
}

std::uint64_t Rocks::unwritten_bytes() const {
  using Properties = rocksdb::DB::Properties;
  std::uint64_t result = 0;
  for (rocksdb::ColumnFamilyHandle* const each : families_) {
    const auto property = [&](const std::string& name) {
      std::uint64_t value = 0;
      db_->GetIntProperty(each, name, &value);
      return value;
    };
    if (property(Properties::kNumEntriesActiveMemTable) + property(Properties::kNumEntriesImmMemTables) == 0) continue;
    const std::uint64_t bytes = property(Properties::kCurSizeAllMemTables);
    const rocksdb::ColumnFamilyOptions options = db_->GetOptions(each);
    // The filter of a memtable stays in memory.
    const auto filter = static_cast<std::uint64_t>(static_cast<double>(options.write_buffer_size) *
                                                   options.memtable_prefix_bloom_size_ratio);
    result += bytes - std::min(bytes, filter);
  }
  return result;
}

void Rocks::check_change(const rocksdb::Status& status) {
  if (status.ok()) return;
  // An error on the list is one that RocksDB does not always tell.
  if (guard_ != nullptr && guard_->is_in_doubt()) stop_->set(status);
  throw_status(status, path_, stop_->is_set() ? kUntilOpened : std::string_view());
}

void Rocks::check_logged(const rocksdb::Status& status) {
  if (!status.ok()) stop_->set(status);
  check_change(status);
}

void Rocks::write(rocksdb::WriteBatch& batch) {
  check_open_to_changes();
  check_room(batch.GetDataSize());
  check_logged(write_batch(*db_, batch));
}

void Rocks::sync_log() {
  check_open_to_changes();
  check_logged(logs_->sync());
}

void Rocks::take_in(const std::vector<rocksdb::IngestExternalFileArg>& files) {
  check_open_to_changes();
  check_room(0);
  check_change(db_->IngestExternalFiles(files));
}

void Rocks::delete_range(std::span<const Family> families, std::string_view begin_key, std::string_view end_key) {
  delete_files(families, begin_key, end_key);
  const rocksdb::Slice begin(begin_key);
  const rocksdb::Slice end(end_key);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end;
  options.fill_cache = false;
  rocksdb::WriteBatch batch;
  for (const Family name : families) {
    const std::unique_ptr<rocksdb::Iterator> rest(db_->NewIterator(options, family(name)));
    rest->Seek(begin);
    check(rest->status(), path_);
    if (rest->Valid()) check(batch.DeleteRange(family(name), begin, end), path_);
  }
  // However little room there is: a mark takes little, and makes some.
  if (batch.Count() != 0) check_logged(write_batch(*db_, batch));
}

void Rocks::delete_files(std::span<const Family> families, std::string_view begin_key, std::string_view end_key) {
  check_open_to_changes();
  const rocksdb::Slice begin(begin_key);
  const rocksdb::Slice end(end_key);
  for (const Family name : families) {
    check_change(rocksdb::DeleteFilesInRange(db_.get(), family(name), &begin, &end, false));
  }
}

void Rocks::empty_staging() {
  rocksdb::Env& env = *db_->GetEnv();
  std::vector<std::string> files;
  if (!env.GetChildren(staging_directory(), &files).ok()) return;
  for (const std::string& file : files) {
    if (file == "." || file == "..") continue;
    check(env.DeleteFile(staging_directory() + "/" + file), path_);
  }
}

void Rocks::begin_reading() {
  const std::lock_guard<std::mutex> guard(readers_mutex_);
  if (readers_ == 0) catch_up();
  ++readers_;
}

void Rocks::end_reading() noexcept {
  const std::lock_guard<std::mutex> guard(readers_mutex_);
  --readers_;
}

std::string Rocks::signature() const {
  // A directory that has just changed may change once more within the same tick of the file system's clock.
  constexpr std::int64_t kSettled = 1'000'000'000;
  const std::optional<FileState> whole = state_of(path_);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const bool is_settled =
      whole && whole->changed + kSettled < std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  std::string result = is_settled ? std::to_string(whole->changed) : "changing";
  std::map<std::string, std::uintmax_t> sizes;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    // The log, and the list of files. A size that cannot be had is a file that has just gone.
    if (name.ends_with(".log") || name.starts_with("MANIFEST-")) sizes[name] = it->file_size(error);
    error.clear();
  }
  for (const auto& [name, size] : sizes) result += fmt::format("\n{} {}", name, size);
  return result;
}

void Rocks::catch_up() {
  // Catching up takes milliseconds even when there is nothing new; seeing that there is nothing, microseconds.
  if (still_holds(path_, caught_up_with_)) return;
  std::string files = signature();
  if (files == caught_up_with_) return;
  // A secondary reads first the writer's list of files, then its log. Files that were taken in between the two are
  // missed while the log that speaks of them is seen. Catching up once more brings them in; when nothing was committed
  // in between, nothing is missing.
  std::optional<Counters> seen;
  for (int attempt = 0; attempt < 1000; ++attempt) {
    rocksdb::Status status = db_->TryCatchUpWithPrimary();
    // A file of the writer's that is gone already: its list has changed meanwhile.
    if (status.IsPathNotFound() || status.IsTryAgain()) continue;
    check(status, path_);
    rocksdb::PinnableSlice value;
    Counters counters;
    // No counters: the writer has not finished creating the store.
    if (!get(rocksdb::ReadOptions(), Family::metadata, counters_key(), value)) return;
    if (!parse_counters(value.ToStringView(), counters)) throw_corruption(path_, "the counters have the wrong size");
    if (counters == seen) {
      caught_up_with_ = std::move(files);
      return;
    }
    seen = counters;
  }
  throw Error(ErrorCode::io, "store '" + path_ + "': another process writes faster than this one can follow");
}

}  // namespace akyn::storage
