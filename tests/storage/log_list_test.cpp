// Logs that are gone, or shorter than they were.
#include "engine/storage/log_list.h"

#include <atomic>
#include <iterator>
#include <map>
#include <thread>
#include <utility>

#include <rocksdb/env.h>

#include "engine/storage/holder_lock.h"
#include "engine/storage/log_files.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void open_and_commit(const fs::path& path, const std::string& subject) {
  const auto database = Database::open(path, fast());
  const auto writer = database->begin();
  writer->insert(intern(*writer, ex(subject), ex("p"), ex("o"), Term()));
  writer->commit();
}

std::size_t size_of(const fs::path& path) {
  const auto database = Database::open(path, fast());
  database->verify();
  return rows(*database->snapshot()).size();
}

// A store of some logs with a commit each.
class LoggedStore {
 public:
  static constexpr std::size_t kLogs = 4;

  LoggedStore() {
    for (std::size_t i = 0; i < kLogs; ++i) open_and_commit(path(), "s" + std::to_string(i));
    REQUIRE(logs_in(*rocksdb::FileSystem::Default(), path(), logs_).ok());
    REQUIRE(logs_.size() == kLogs);
  }
  [[nodiscard]] fs::path path() const { return directory_ / "store"; }
  // From old to new.
  [[nodiscard]] const std::vector<std::string>& logs() const { return logs_; }

 private:
  TempDirectory directory_;
  std::vector<std::string> logs_;
};

// What is in a directory, but for RocksDB's and our lock.
std::map<std::string, std::string> files_of(const fs::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name != "LOCK" && name != kHolderFile) files[name] = bytes_of(entry.path());
  }
  return files;
}

// A copy of the store that `harm` has been done to is damaged, for writers and readers, and left alone.
void check_is_missed(const LoggedStore& store, const std::string& named,
                     const std::function<void(const fs::path& store)>& harm) {
  for (const bool read_only : {false, true}) {
    CAPTURE(read_only);
    const TempDirectory directory;
    const fs::path copy = directory / "copy";
    fs::copy(store.path(), copy, fs::copy_options::recursive);
    harm(copy);
    const auto before = files_of(copy);
    StoreOptions options = fast();
    options.read_only = read_only;
    const auto refused = failure([&] { (void)Database::open(copy, options); });
    REQUIRE(refused);
    CHECK(refused->code == ErrorCode::corruption);
    CHECK(mentions(refused->message, copy.string()));
    CHECK(mentions(refused->message, named));
    CHECK(files_of(copy) == before);
  }
}

TEST_CASE("a log that is gone, or shorter than it was, is missed") {
  const LoggedStore store;
  for (const std::string& log : store.logs()) {
    CAPTURE(log);
    check_is_missed(store, log + " is missing", [&](const fs::path& copy) { fs::remove(copy / log); });
    for (const std::size_t part : {0, 1, 2}) {
      const std::uintmax_t length = fs::file_size(store.path() / log);
      const std::uintmax_t left = part == 0 ? 0 : part == 1 ? length / 2 : length - 1;
      check_is_missed(store, log + " has " + std::to_string(left) + " bytes, and had " + std::to_string(length),
                      [&](const fs::path& copy) { fs::resize_file(copy / log, left); });
    }
  }
}

TEST_CASE("so it is when all logs are gone, as by 'rm *.log*'") {
  const LoggedStore store;
  const auto remove_logs = [](const fs::path& copy) {
    const std::vector<fs::path> all(fs::directory_iterator(copy), {});
    for (const fs::path& file : all) {
      if (mentions(file.filename(), ".log")) fs::remove(file);
    }
  };
  check_is_missed(store, store.logs().front(), remove_logs);
  check_is_missed(store, store.logs().front(), [&](const fs::path& copy) {
    remove_logs(copy);
    fs::remove(copy / kHolderFile);
  });
}

TEST_CASE("so it is in a store that somebody has opened, or tried to, or that was killed") {
  const LoggedStore store;
  const std::string& log = store.logs()[1];
  check_is_missed(store, log, [&](const fs::path& copy) {
    CHECK(size_of(copy) == LoggedStore::kLogs);
    fs::remove(copy / log);
    CHECK(failure([&] { (void)Database::open(copy, fast()); }));
  });
  check_is_missed(store, log, [&](const fs::path& copy) {
    const fs::path open = copy.parent_path() / "open";
    fs::rename(copy, open);
    const auto database = Database::open(open, fast());
    copy_as_killed(open, copy);
    fs::remove(copy / log);
  });
}

TEST_CASE("a damaged byte of the list is missed, and so is its end") {
  const LoggedStore store;
  const std::string list = bytes_of(store.path() / kLogListFile);
  for (std::size_t place = 0; place < list.size(); ++place) {
    CAPTURE(place);
    std::string damaged = list;
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << place % 8));
    check_is_missed(store, kLogListFile, [&](const fs::path& copy) { write_file(copy / kLogListFile, damaged); });
    check_is_missed(store, kLogListFile,
                    [&](const fs::path& copy) { write_file(copy / kLogListFile, list.substr(0, place)); });
  }
  check_is_missed(store, kLogListFile, [&](const fs::path& copy) { write_file(copy / kLogListFile, list + "\n"); });
}

TEST_CASE("a store without a list has one when it has been opened for writing, as a backup") {
  const LoggedStore store;
  fs::remove(store.path() / kLogListFile);
  StoreOptions reading = fast();
  reading.read_only = true;
  CHECK(rows(*Database::open(store.path(), reading)->snapshot()).size() == LoggedStore::kLogs);
  CHECK_FALSE(fs::exists(store.path() / kLogListFile));
  CHECK(size_of(store.path()) == LoggedStore::kLogs);
  check_is_missed(store, store.logs()[2], [&](const fs::path& copy) { fs::remove(copy / store.logs()[2]); });
}

TEST_CASE("logs that the store has no more use for are not missed") {
  const TempDirectory directory;
  const fs::path path = directory / "store";
  for (std::size_t i = 0; i < 30; ++i) {
    CAPTURE(i);
    open_and_commit(path, "s" + std::to_string(i));
    CHECK(size_of(path) == i + 1);
  }
  std::vector<std::string> logs;
  REQUIRE(logs_in(*rocksdb::FileSystem::Default(), path, logs).ok());
  CHECK(logs.size() < 20);
}

TEST_CASE("what a process left that was writing a list is of no matter") {
  const LoggedStore store;
  write_file(store.path() / kNextLogListFile, "000004.l");
  CHECK(size_of(store.path()) == LoggedStore::kLogs);
  CHECK_FALSE(fs::exists(store.path() / kNextLogListFile));
}

TEST_CASE("logs that come and go meanwhile are not missed") {
  constexpr int kFirst = 100'000;
  constexpr int kLogs = 100;
  const TempDirectory directory;
  LogFiles logs(rocksdb::FileSystem::Default(), directory.path());
  std::atomic<bool> is_done = false;
  bool has_failed = false;
  {
    const std::jthread writer([&] {
      const auto name = [&](int number) { return directory.path() / (std::to_string(number) + ".log"); };
      std::unique_ptr<rocksdb::FSWritableFile> log;
      for (int number = kFirst; number < kFirst + kLogs; ++number) {
        if (!logs.NewWritableFile(name(number), rocksdb::FileOptions(), &log, nullptr).ok() ||
            !log->Append("a batch", rocksdb::IOOptions(), nullptr).ok() ||
            (number >= kFirst + 3 && !logs.DeleteFile(name(number - 3), rocksdb::IOOptions(), nullptr).ok())) {
          has_failed = true;
        }
      }
      is_done = true;
    });
    while (!is_done) CHECK_NOTHROW(check_log_list(*rocksdb::FileSystem::Default(), directory.path()));
  }
  CHECK_FALSE(has_failed);
  std::vector<std::string> left;
  REQUIRE(logs_in(*rocksdb::FileSystem::Default(), directory.path(), left).ok());
  CHECK(left.size() == 3);
}

TEST_CASE("a store that is made again in the place of another is not taken for that one") {
  // The other one has gone when its log is looked at; the new one has the same list, as young stores have.
  class Remade final : public rocksdb::FileSystemWrapper {
   public:
    Remade() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    static const char* kClassName() { return "Remade"; }
    [[nodiscard]] const char* Name() const override { return kClassName(); }
    rocksdb::IOStatus GetFileSize(const std::string& name, const rocksdb::IOOptions& options, std::uint64_t* size,
                                  rocksdb::IODebugContext* context) override {
      if (std::exchange(is_remade_, true)) return FileSystemWrapper::GetFileSize(name, options, size, context);
      return rocksdb::IOStatus::PathNotFound();
    }

   private:
    bool is_remade_ = false;
  };
  const TempDirectory directory;
  open_and_commit(directory / "store", "s");
  Remade files;
  CHECK_NOTHROW(check_log_list(files, directory / "store"));
}

}  // namespace
}  // namespace akyn::storage::test
