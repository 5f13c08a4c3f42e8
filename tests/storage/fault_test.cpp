// Disks that are full, and files that are not what they were.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "engine/storage/change_stop.h"
#include "tests/storage/full_disk.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

void commit_number(Database& database, int number, int rows) {
  const auto writer = database.begin();
  const Id subject = intern(*writer, ex("s" + std::to_string(number)));
  for (int i = 0; i < rows; ++i) {
    writer->insert(
        {subject, intern(*writer, ex("p")), intern(*writer, literal(std::to_string(i) + " of a text")), Id()});
  }
  writer->commit();
}

// A device that says how much room it has, and may have none for logs all the same; and may not read CURRENT.
class Device final : public rocksdb::FileSystemWrapper {
 public:
  Device() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "Device"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  std::atomic<std::uint64_t> room{std::uint64_t{1} << 40};
  std::atomic<bool> takes_logs{true};
  std::atomic<bool> syncs_logs{true};
  std::atomic<int> bad_reads{0};  // of CURRENT, the next ones
  std::atomic<int> bad_sizes{0};  // of tables, the next ones

  rocksdb::IOStatus GetFileSize(const std::string& name, const rocksdb::IOOptions& options, std::uint64_t* size,
                                rocksdb::IODebugContext* context) override {
    if (name.ends_with(".sst") && bad_sizes-- > 0) return rocksdb::IOStatus::IOError("no size");
    return FileSystemWrapper::GetFileSize(name, options, size, context);
  }

  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override {
    if (name.ends_with("/CURRENT") && bad_reads-- > 0) return rocksdb::IOStatus::IOError("no CURRENT");
    return FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
  }
  rocksdb::IOStatus GetFreeSpace(const std::string& /*path*/, const rocksdb::IOOptions& /*options*/,
                                 std::uint64_t* free, rocksdb::IODebugContext* /*context*/) override {
    *free = room;
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    return watched(name, file, FileSystemWrapper::NewWritableFile(name, options, file, context));
  }
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override {
    return watched(name, file, FileSystemWrapper::ReopenWritableFile(name, options, file, context));
  }

 private:
  class Log final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Log(const Device& device, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), device_(device) {}
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      return device_.takes_logs ? FSWritableFileOwnerWrapper::Append(data, options, context)
                                : rocksdb::IOStatus::NoSpace("no room for the log");
    }

    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      return device_.syncs_logs ? FSWritableFileOwnerWrapper::Sync(options, context)
                                : rocksdb::IOStatus::IOError("no sync of a log");
    }

   private:
    const Device& device_;
  };

  rocksdb::IOStatus watched(const std::string& name, std::unique_ptr<rocksdb::FSWritableFile>* file,
                            rocksdb::IOStatus status) {
    if (status.ok() && name.ends_with(".log")) *file = std::make_unique<Log>(*this, std::move(*file));
    return status;
  }
};

TEST_CASE("a change that the device has no room for is refused, and made when it has") {
  const TempDirectory directory;
  const auto device = std::make_shared<Device>();
  const auto database = open_database(directory / "store", fast(), restless(), rocksdb::NewCompositeEnv(device));
  commit_number(*database, 0, 10);
  for (int round = 0; round < 3; ++round) {
    device->room = 100'000;
    for (const int rows_each : {1, 1000}) {
      const auto failed = failure([&] { commit_number(*database, 1000, rows_each); });
      REQUIRE(failed);
      CHECK(failed->code == ErrorCode::io);
      CHECK(mentions(failed->message, (directory / "store").string()));
      CHECK(mentions(failed->message, "it has 97 KiB left"));
    }
    CHECK(failure([&] { database->optimize(); }));
    CHECK(failure([&] { database->back_up(directory / "copy"); }));
    CHECK_FALSE(std::filesystem::exists(directory / "copy"));
    CHECK(rows(*database->snapshot()).size() == 10 + 1010 * static_cast<std::size_t>(round));
    device->room = 4'000'000;
    commit_number(*database, 2 * round + 1, 10);
    device->room = std::uint64_t{64} << 20;
    commit_number(*database, 2 * round + 2, 1000);
    database->optimize();
    database->verify();
  }
}

TEST_CASE("what a change has brought into the store goes when it is refused after that") {
  const TempDirectory directory;
  const auto device = std::make_shared<Device>();
  Tuning tuning = restless();
  tuning.large_commit = 20;
  tuning.run_terms = 1'000'000;  // so that texts come with the batch, for which there has to be room once more
  const auto database = open_database(directory / "store", fast(), tuning, rocksdb::NewCompositeEnv(device));
  commit_number(*database, 0, 10);
  database->optimize();
  const auto tables = [&] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
      if (entry.path().extension() == ".sst") names.insert(entry.path().filename().string());
    }
    return names;
  };
  const std::set<std::string> before = tables();
  const auto commit_long_texts = [&] {
    const auto writer = database->begin();
    for (int i = 0; i < 30; ++i) {
      writer->insert(intern(*writer, ex("s"), ex("p"), literal(std::to_string(i) + std::string(100'000, 'x')), Term()));
    }
    writer->commit();
  };
  device->room = 5'000'000;
  for (int round = 0; round < 3; ++round) {
    const auto failed = failure(commit_long_texts);
    REQUIRE(failed);
    CHECK(mentions(failed->message, "no room on the device"));
    const std::set<std::string> after = tables();  // those that the optimizing has replaced go when they go
    CHECK(std::includes(before.begin(), before.end(), after.begin(), after.end()));
  }
  device->room = std::uint64_t{1} << 40;
  commit_long_texts();
  CHECK(tables() != before);
  database->verify();
  CHECK(rows(*database->snapshot()).size() == 40);
}

TEST_CASE("after a log that could not be written nothing is changed until the store is opened again") {
  const auto stop_and_open = [](bool is_new, int rows_refused) {
    CAPTURE(is_new);
    CAPTURE(rows_refused);
    const TempDirectory directory;
    const auto device = std::make_shared<Device>();
    const std::shared_ptr<rocksdb::Env> files = rocksdb::NewCompositeEnv(device);
    std::size_t expected = 0;
    {
      auto database = open_database(directory / "store", fast(), restless(), files);
      for (int i = 0; i < 5; ++i) commit_number(*database, i, 10);
      expected = rows(*database->snapshot()).size();
      if (is_new) {  // with a log that has nothing in it
        database->optimize();
        database = nullptr;
        database = open_database(directory / "store", fast(), restless(), files);
      }
      device->takes_logs = false;
      const auto refused = [&](const auto& change) {
        const auto failed = failure(change);
        REQUIRE(failed);
        CHECK(failed->code == ErrorCode::io);
        CHECK(mentions(failed->message, (directory / "store").string()));
        CHECK(mentions(failed->message, "no room for the log"));
        CHECK(mentions(failed->message, "until it is opened again"));
      };
      refused([&] { commit_number(*database, 100, rows_refused); });
      device->takes_logs = true;
      for (const int rows_each : {1, 3000}) refused([&] { commit_number(*database, 101, rows_each); });
      refused([&] {
        for (int i = 102; i < 10'000; ++i) commit_number(*database, i, 1);
      });
      refused([&] { database->optimize(); });
      database->finish_merges({});  // there are none that can be
      refused([&] { database->back_up(directory / "copy"); });
      CHECK(rows(*database->snapshot()).size() == expected);
      database->verify();
    }
    // There may be a run that no commit has, which goes, although there is no room for anything else.
    device->room = 1;
    const auto database = open_database(directory / "store", fast(), restless(), files);
    device->room = std::uint64_t{1} << 40;
    database->verify();
    CHECK(rows(*database->snapshot()).size() == expected);
    commit_number(*database, 100, 3000);
    database->back_up(directory / "copy");
    CHECK(rows(*open_database(directory / "copy", fast(), restless())->snapshot()).size() == expected + 3000);
  };
  for (const bool is_new : {false, true}) {
    for (const int rows_refused : {1, 3000}) stop_and_open(is_new, rows_refused);
  }
}

TEST_CASE(
    "after a log that could not be synced before the next one nothing is changed until the store is opened again") {
  const TempDirectory directory;
  const auto device = std::make_shared<Device>();
  const std::shared_ptr<rocksdb::Env> files = rocksdb::NewCompositeEnv(device);
  StoreOptions options = fast();
  options.durability = Durability::async;
  options.memory_limit = std::size_t{8} << 20;
  std::size_t committed = 0;
  const auto commit_long_text = [&](Database& database) {
    const auto writer = database.begin();
    const std::string text = std::to_string(committed) + std::string(100'000, 'x');
    writer->insert(intern(*writer, ex("s"), ex("p"), literal(text), Term()));
    writer->commit();
    ++committed;
  };
  {
    const auto database = open_database(directory / "store", options, restless(), files);
    commit_long_text(*database);
    device->syncs_logs = false;
    const auto failed = failure([&] {
      for (int i = 0; i < 200; ++i) commit_long_text(*database);
    });
    REQUIRE(failed);
    CHECK(failed->code == ErrorCode::io);
    CHECK(mentions(failed->message, "no sync of a log"));
    const auto refused = failure([&] { commit_number(*database, 1, 1); });
    REQUIRE(refused);
    CHECK(mentions(refused->message, "until it is opened again"));
    CHECK(rows(*database->snapshot()).size() == committed);
  }
  const auto unopened = failure([&] { (void)open_database(directory / "store", options, restless(), files); });
  REQUIRE(unopened);
  CHECK(unopened->code == ErrorCode::io);
  CHECK(mentions(unopened->message, (directory / "store").string()));
  device->syncs_logs = true;
  const auto database = open_database(directory / "store", options, restless(), files);
  database->verify();
  CHECK(rows(*database->snapshot()).size() == committed);
  commit_long_text(*database);
  database->verify();
}

TEST_CASE("a list of files that cannot be read is an error of the device, also when it can be a moment later") {
  const TempDirectory directory;
  (void)open_database(directory / "store", fast(), restless());
  for (const int bad_reads : {1, 2}) {
    const auto device = std::make_shared<Device>();
    device->bad_reads = bad_reads;
    const std::shared_ptr<rocksdb::Env> files = rocksdb::NewCompositeEnv(device);
    const auto failed = failure([&] { (void)open_database(directory / "store", fast(), restless(), files); });
    REQUIRE(failed);
    CHECK(failed->code == ErrorCode::io);
    CHECK(mentions(failed->message, (directory / "store").string()));
    device->bad_reads = 0;
    open_database(directory / "store", fast(), restless(), files)->verify();
  }
}

TEST_CASE("a table whose length cannot be had is an error of the device; one that is missing or short is damage") {
  const TempDirectory directory;
  {
    const auto database = open_database(directory / "store", fast(), restless());
    commit_number(*database, 0, 1000);
    database->optimize();
  }
  const auto device = std::make_shared<Device>();
  const auto open_failure = [&] {
    const auto failed = failure(
        [&] { (void)open_database(directory / "store", fast(), restless(), rocksdb::NewCompositeEnv(device)); });
    REQUIRE(failed);
    CHECK(mentions(failed->message, (directory / "store").string()));
    return failed->code;
  };
  device->bad_sizes = 1;
  CHECK(open_failure() == ErrorCode::io);
  device->bad_sizes = 0;
  std::filesystem::path table;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
    if (entry.path().extension() == ".sst") table = entry.path();
  }
  REQUIRE(!table.empty());
  std::filesystem::resize_file(table, std::filesystem::file_size(table) - 1);
  CHECK(open_failure() == ErrorCode::corruption);
  std::filesystem::remove(table);
  CHECK(open_failure() == ErrorCode::corruption);
}

TEST_CASE("the first error that stops RocksDB stays; what it tries again does not count") {
  using rocksdb::BackgroundErrorReason;
  using rocksdb::Status;
  ChangeStop stop;
  Status soft(Status::NoSpace("compaction"), Status::Severity::kSoftError);
  stop.OnBackgroundError(BackgroundErrorReason::kCompaction, &soft);
  CHECK(soft.ok());
  CHECK_FALSE(stop.is_set());
  for (const char* text : {"first", "second"}) {
    Status hard(Status::NoSpace(text), Status::Severity::kHardError);
    stop.OnBackgroundError(BackgroundErrorReason::kFlush, &hard);
    CHECK_FALSE(hard.ok());
    CHECK(stop.is_set());
    CHECK(mentions(stop.status().ToString(), "first"));
  }
  bool recovers = true;
  stop.OnErrorRecoveryBegin(BackgroundErrorReason::kFlush, Status::OK(), &recovers);
  CHECK_FALSE(recovers);
}

TEST_CASE("a full disk is an error that names the store, and loses nothing that was acknowledged") {
  // Small commits, which fill the log; commits by files; a log and files that are cut at all kinds of places.
  for (const int rows_each : {1, 40, 3000}) {
    for (const rlim_t limit : {20'000, 50'000, 90'001}) {
      CAPTURE(rows_each);
      CAPTURE(limit);
      const TempDirectory directory;
      StoreOptions options = fast();
      options.durability = Durability::sync;
      int acknowledged = 0;
      std::optional<Failure> failed;
      {
        const auto database = open_database(directory / "store", options, restless());
        commit_number(*database, acknowledged++, rows_each);
        const FullDisk full(limit);
        for (int i = 0; i < 2000 && !failed; ++i) {
          failed = failure([&] { commit_number(*database, acknowledged, rows_each); });
          if (!failed) ++acknowledged;
        }
        REQUIRE(failed);
        CHECK(failed->code == ErrorCode::io);
        CHECK(mentions(failed->message, (directory / "store").string()));
        // Reading goes on.
        CHECK(rows(*database->snapshot()).size() >= static_cast<std::size_t>(acknowledged * rows_each));
      }
      const auto database = open_database(directory / "store", options, restless());
      database->verify();
      const std::size_t found = rows(*database->snapshot()).size();
      CHECK(found % static_cast<std::size_t>(rows_each) == 0);
      CHECK(found / static_cast<std::size_t>(rows_each) >= static_cast<std::size_t>(acknowledged));
      CHECK(found / static_cast<std::size_t>(rows_each) <= static_cast<std::size_t>(acknowledged) + 1);
      commit_number(*database, acknowledged + 1, rows_each);
      database->verify();
    }
  }
}

TEST_CASE("a store whose log could not be written says so until it is opened again, and is read meanwhile") {
  const TempDirectory directory;
  StoreOptions options = fast();
  options.durability = Durability::sync;
  int acknowledged = 0;
  {
    const auto database = open_database(directory / "store", options, restless());
    for (int i = 0; i < 10; ++i) commit_number(*database, acknowledged++, 1);
    {
      const FullDisk full(2'000);
      REQUIRE(failure([&] {
        for (int i = 0; i < 500; ++i) commit_number(*database, acknowledged++, 1);
      }));
      --acknowledged;
    }
    const auto failed = failure([&] { commit_number(*database, acknowledged, 1); });
    REQUIRE(failed);
    CHECK(failed->code == ErrorCode::io);
    CHECK(mentions(failed->message, "until it is opened again"));
    CHECK(rows(*database->snapshot()).size() >= static_cast<std::size_t>(acknowledged));
  }
  const auto database = open_database(directory / "store", options, restless());
  database->verify();
  CHECK(rows(*database->snapshot()).size() >= static_cast<std::size_t>(acknowledged));
  commit_number(*database, acknowledged + 1, 1);
  database->verify();
}

TEST_CASE("a disk that is full while a store is optimized leaves it as it was") {
  const TempDirectory directory;
  std::size_t expected = 0;
  {
    const auto database = open_database(directory / "store", fast(), restless());
    for (int i = 0; i < 20; ++i) commit_number(*database, i, 300);
    expected = rows(*database->snapshot()).size();
    const FullDisk full(2'000);
    const auto failed = failure([&] { database->optimize(); });
    REQUIRE(failed);
    CHECK(failed->code == ErrorCode::io);
    CHECK(rows(*database->snapshot()).size() == expected);
  }
  const auto database = open_database(directory / "store", fast(), restless());
  database->verify();
  CHECK(rows(*database->snapshot()).size() == expected);
  database->optimize();
  database->verify();
  CHECK(rows(*database->snapshot()).size() == expected);
}

TEST_CASE("a flipped byte in the list of files is an error that says so") {
  const TempDirectory directory;
  {
    const auto database = open_database(directory / "store", fast(), restless());
    for (int i = 0; i < 10; ++i) commit_number(*database, i, 100);
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("MANIFEST-")) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(entry.file_size() / 2));
    const int byte = file.peek();
    file.put(static_cast<char>(byte ^ 0x55));
  }
  for (const bool read_only : {false, true}) {
    StoreOptions options = fast();
    options.read_only = read_only;
    const auto refused = failure([&] { open_database(directory / "store", options, restless())->verify(); });
    REQUIRE(refused);
    CHECK(refused->code == ErrorCode::corruption);
    CHECK(mentions(refused->message, (directory / "store").string()));
  }
}

}  // namespace
}  // namespace akyn::storage::test
