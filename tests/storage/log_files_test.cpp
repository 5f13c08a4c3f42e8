// When logs are on the device.
#include <rocksdb/env.h>

#include "engine/storage/log_files.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

// Says what is done to files, in order.
class Told final : public rocksdb::FileSystemWrapper {
 public:
  Told() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "Told"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  std::vector<std::string> done;
  bool syncs = true;
  std::size_t preallocated = 0;

  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override {
    return make("reopen ", name, file, FileSystemWrapper::ReopenWritableFile(name, options, file, context));
  }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    return make("new ", name, file, FileSystemWrapper::NewWritableFile(name, options, file, context));
  }
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override {
    class Directory final : public rocksdb::FSDirectoryWrapper {
     public:
      Directory(Told& told, std::unique_ptr<rocksdb::FSDirectory> directory)
          : FSDirectoryWrapper(std::move(directory)), told_(told) {}
      rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
        told_.done.emplace_back("sync directory");
        return FSDirectoryWrapper::Fsync(options, context);
      }

     private:
      Told& told_;
    };
    rocksdb::IOStatus status = FileSystemWrapper::NewDirectory(name, options, directory, context);
    if (status.ok()) *directory = std::make_unique<Directory>(*this, std::move(*directory));
    return status;
  }

 private:
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(Told& told, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), told_(told), name_(std::move(name)) {}
    void SetPreallocationBlockSize(std::size_t bytes) override { told_.preallocated = bytes; }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      if (!told_.syncs) return rocksdb::IOStatus::IOError("no sync");
      told_.done.push_back("sync " + name_);
      return FSWritableFileOwnerWrapper::Sync(options, context);
    }

   private:
    Told& told_;
    std::string name_;
  };

  rocksdb::IOStatus make(const std::string& how, const std::string& name,
                         std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IOStatus status) {
    const std::string last = std::filesystem::path(name).filename().string();
    done.push_back(how + last);
    if (status.ok()) *file = std::make_unique<File>(*this, last, std::move(*file));
    return status;
  }
};

class Logs {
 public:
  // No file when it cannot be made.
  std::unique_ptr<rocksdb::FSWritableFile> make(const char* name) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    const rocksdb::IOStatus status =
        logs_.NewWritableFile((directory_ / name).string(), rocksdb::FileOptions(), &file, nullptr);
    CHECK(status.ok() == (file != nullptr));
    return file;
  }
  bool sync() { return logs_.sync().ok(); }
  [[nodiscard]] Told& told() { return *told_; }
  [[nodiscard]] std::string directory() const { return directory_.path().string(); }

 private:
  TempDirectory directory_;
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
  LogFiles logs_{told_, directory()};
};

using Done = std::vector<std::string>;

TEST_CASE("a log is synced before the next one begins") {
  Logs logs;
  const auto first = logs.make("000004.log");
  const auto table = logs.make("000005.sst");
  const auto second = logs.make("000006.log");
  const auto third = logs.make("000007.log");
  CHECK(logs.told().done == Done{"new 000004.log", "new 000005.sst", "sync 000004.log", "new 000006.log",
                                 "sync 000006.log", "new 000007.log"});
}

TEST_CASE("a sync that fails is the last one, also when the system says later that all is well") {
  for (const bool fails_for_next : {false, true}) {
    CAPTURE(fails_for_next);
    Logs logs;
    const auto first = logs.make("000004.log");
    logs.told().syncs = false;
    CHECK_FALSE((fails_for_next ? logs.make("000006.log") != nullptr : logs.sync()));
    logs.told().syncs = true;
    CHECK_FALSE(logs.sync());
    CHECK(logs.make("000006.log") == nullptr);
    CHECK_FALSE(first->Sync(rocksdb::IOOptions(), nullptr).ok());
    CHECK(logs.told().done == Done{"new 000004.log"});
  }
}

TEST_CASE("the newest log is synced before it is closed or goes, and no other") {
  Logs logs;
  auto first = logs.make("000004.log");
  REQUIRE(first->Close(rocksdb::IOOptions(), nullptr).ok());
  auto second = logs.make("000006.log");
  second = nullptr;
  const auto third = logs.make("000007.log");
  first = nullptr;
  CHECK(logs.told().done ==
        Done{"new 000004.log", "sync 000004.log", "new 000006.log", "sync 000006.log", "new 000007.log"});
  CHECK(logs.sync());
}

TEST_CASE("syncing logs syncs the newest one, and its name once") {
  Logs logs;
  CHECK(logs.sync());
  const auto first = logs.make("000004.log");
  logs.told().done.clear();
  CHECK(logs.sync());
  CHECK(logs.sync());
  CHECK(logs.told().done == Done{"sync 000004.log", "sync directory", "sync 000004.log"});
  const auto second = logs.make("000006.log");
  logs.told().done.clear();
  CHECK(logs.sync());
  CHECK(logs.told().done == Done{"sync 000006.log", "sync directory"});
}

TEST_CASE("a log in another directory, as of a backup, is no log of the store") {
  Logs logs;
  std::filesystem::create_directory(logs.directory() + "/copy");
  const auto own = logs.make("000004.log");
  REQUIRE(logs.make("copy/000004.log")->Close(rocksdb::IOOptions(), nullptr).ok());
  logs.told().done.clear();
  CHECK(logs.sync());
  CHECK(logs.told().done == Done{"sync 000004.log", "sync directory"});
}

TEST_CASE("the logs of earlier openings are synced in their order, and nothing else is") {
  Logs logs;
  for (const char* const name : {"000010.log", "000004.log", "1000000.log", "000005.sst", "notes.log"}) {
    REQUIRE(logs.make(name)->Close(rocksdb::IOOptions(), nullptr).ok());
  }
  logs.told().done.clear();
  CHECK(sync_logs(logs.told(), logs.directory()).ok());
  CHECK(logs.told().done == Done{"reopen 000004.log", "sync 000004.log", "reopen 000010.log", "sync 000010.log",
                                 "reopen 1000000.log", "sync 1000000.log"});
  logs.told().syncs = false;
  CHECK_FALSE(sync_logs(logs.told(), logs.directory()).ok());
  CHECK(sync_logs(logs.told(), logs.directory() + "/none").ok());
}

TEST_CASE("little room is set aside for a log") {
  Logs logs;
  logs.make("000004.log")->SetPreallocationBlockSize(std::size_t{64} << 20);
  CHECK(logs.told().preallocated == std::size_t{1} << 20);
  logs.make("000006.log")->SetPreallocationBlockSize(4096);
  CHECK(logs.told().preallocated == 4096);
  logs.make("000005.sst")->SetPreallocationBlockSize(std::size_t{64} << 20);
  CHECK(logs.told().preallocated == std::size_t{64} << 20);
}

}  // namespace
}  // namespace akyn::storage::test
