// When logs, and their list, are on the device.
#include <fstream>
#include <iterator>

#include <rocksdb/env.h>

#include "engine/storage/log_files.h"
#include "engine/storage/log_list.h"
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
  bool syncs_directories = true;
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
        if (!told_.syncs_directories) return rocksdb::IOStatus::IOError("no sync");
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
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    done.push_back("name " + last_of(to));
    return FileSystemWrapper::RenameFile(from, to, options, context);
  }
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    done.push_back("delete " + last_of(name));
    return FileSystemWrapper::DeleteFile(name, options, context);
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

  static std::string last_of(const std::string& name) { return std::filesystem::path(name).filename().string(); }

  rocksdb::IOStatus make(const std::string& how, const std::string& name,
                         std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IOStatus status) {
    const std::string last = last_of(name);
    done.push_back(how + last);
    if (status.ok()) *file = std::make_unique<File>(*this, last, std::move(*file));
    return status;
  }
};

using Done = std::vector<std::string>;

class Logs {
 public:
  // No file when it cannot be made.
  std::unique_ptr<rocksdb::FSWritableFile> make(const char* name) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    const rocksdb::IOStatus status = logs_.NewWritableFile(path_of(name), rocksdb::FileOptions(), &file, nullptr);
    CHECK(status.ok() == (file != nullptr));
    return file;
  }
  bool remove(const char* name) { return logs_.DeleteFile(path_of(name), rocksdb::IOOptions(), nullptr).ok(); }
  bool sync() { return logs_.sync().ok(); }
  bool take_over() { return logs_.take_over().ok(); }
  [[nodiscard]] Told& told() { return *told_; }
  [[nodiscard]] std::string directory() const { return directory_.path().string(); }
  [[nodiscard]] std::string path_of(const char* name) const { return (directory_ / name).string(); }

  // What has been done since the last call. The first form leaves out what the list needs.
  Done done() {
    Done result = all_done();
    std::erase_if(result, [](const std::string& step) {
      return step.find("directory") != std::string::npos || step.find(kLogListFile) != std::string::npos;
    });
    return result;
  }
  Done all_done() { return std::exchange(told_->done, {}); }
  // The lines of the list but the last.
  [[nodiscard]] Done list() const {
    std::ifstream stream(directory_ / kLogListFile);
    Done lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    if (!lines.empty()) lines.pop_back();
    return lines;
  }

 private:
  TempDirectory directory_;
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
  LogFiles logs_{told_, directory()};
};

void append(rocksdb::FSWritableFile& file, std::string_view text) {
  REQUIRE(file.Append(text, rocksdb::IOOptions(), nullptr).ok());
}

TEST_CASE("a log is synced before the next one begins") {
  Logs logs;
  const auto first = logs.make("000004.log");
  const auto table = logs.make("000005.sst");
  const auto second = logs.make("000006.log");
  const auto third = logs.make("000007.log");
  CHECK(logs.done() == Done{"new 000004.log", "new 000005.sst", "sync 000004.log", "new 000006.log", "sync 000006.log",
                            "new 000007.log"});
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
    CHECK_FALSE(logs.remove("000004.log"));
    CHECK(logs.done() == Done{"new 000004.log"});
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
  CHECK(logs.done() ==
        Done{"new 000004.log", "sync 000004.log", "new 000006.log", "sync 000006.log", "new 000007.log"});
  CHECK(logs.sync());
}

TEST_CASE("syncing logs syncs the newest one, whose name is on the device from the beginning") {
  Logs logs;
  CHECK(logs.sync());
  const auto first = logs.make("000004.log");
  logs.all_done();
  CHECK(logs.sync());
  CHECK(logs.sync());
  CHECK(logs.all_done() == Done{"sync 000004.log", "sync 000004.log"});
  const auto second = logs.make("000006.log");
  logs.all_done();
  CHECK(logs.sync());
  CHECK(logs.all_done() == Done{"sync 000006.log"});
}

TEST_CASE("a log in another directory, as of a backup, is no log of the store") {
  Logs logs;
  std::filesystem::create_directory(logs.directory() + "/copy");
  const auto own = logs.make("000004.log");
  REQUIRE(logs.make("copy/000004.log")->Close(rocksdb::IOOptions(), nullptr).ok());
  logs.all_done();
  CHECK(logs.sync());
  CHECK(logs.remove("copy/000004.log"));
  CHECK(logs.all_done() == Done{"sync 000004.log", "delete 000004.log"});
  CHECK(logs.list() == Done{"000004.log 0"});
}

TEST_CASE("the logs of earlier openings are synced in their order, and nothing else is") {
  Logs logs;
  for (const char* const name : {"000010.log", "000004.log", "1000000.log", "000005.sst", "notes.log"}) {
    write_file(logs.path_of(name), name);
  }
  CHECK(logs.take_over());
  CHECK(logs.all_done() == Done{"reopen 000004.log", "sync 000004.log", "reopen 000010.log", "sync 000010.log",
                                "reopen 1000000.log", "sync 1000000.log"});
  logs.told().syncs = false;
  CHECK_FALSE(logs.take_over());
  LogFiles of_none(rocksdb::FileSystem::Default(), logs.directory() + "/none");
  CHECK(of_none.take_over().ok());
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

TEST_CASE("a log is there before it is listed, and it is listed as long as it is there") {
  Logs logs;
  const auto first = logs.make("000004.log");
  const Done replaced = {"new akyn.wals.new", "sync akyn.wals.new", "name akyn.wals", "sync directory"};
  Done expected = {"new 000004.log", "sync directory"};
  expected.insert(expected.end(), replaced.begin(), replaced.end());
  CHECK(logs.all_done() == expected);
  CHECK(logs.remove("000004.log"));
  expected = replaced;
  expected.emplace_back("delete 000004.log");
  CHECK(logs.all_done() == expected);
  CHECK(logs.list().empty());
}

TEST_CASE("a log is listed with its length when nothing more comes") {
  Logs logs;
  write_file(logs.path_of("000002.log"), "from an earlier opening");
  CHECK(logs.take_over());
  const auto first = logs.make("000004.log");
  append(*first, "four");
  CHECK(logs.list() == Done{"000002.log 23", "000004.log 0"});
  auto second = logs.make("000006.log");
  CHECK(logs.list() == Done{"000002.log 23", "000004.log 4", "000006.log 0"});
  CHECK(logs.remove("000002.log"));
  append(*second, "sixteen");
  CHECK(logs.list() == Done{"000004.log 4", "000006.log 0"});
  second = nullptr;
  CHECK(logs.list() == Done{"000004.log 4", "000006.log 7"});
}

TEST_CASE("a log that is deleted while it is open is not listed again when it is closed") {
  Logs logs;
  auto log = logs.make("000004.log");
  append(*log, "four");
  CHECK(logs.remove("000004.log"));
  log = nullptr;
  CHECK(logs.list().empty());
}

TEST_CASE("a log that is closed empty needs no other list") {
  Logs logs;
  auto log = logs.make("000004.log");
  logs.all_done();
  log = nullptr;
  CHECK(logs.all_done() == Done{"sync 000004.log"});
}

TEST_CASE("nothing is deleted that a list may name, and no log begins, once the directory could not be synced") {
  Logs logs;
  const auto first = logs.make("000004.log");
  logs.told().syncs_directories = false;
  CHECK(logs.make("000006.log") == nullptr);
  logs.told().syncs_directories = true;
  CHECK_FALSE(logs.remove("000004.log"));
  CHECK_FALSE(logs.remove("000006.log"));
  CHECK(logs.make("000007.log") == nullptr);
  CHECK(logs.list() == Done{"000004.log 0"});
}

TEST_CASE("a list that could not be written is written the next time") {
  Logs logs;
  auto first = logs.make("000004.log");
  append(*first, "four");
  first = nullptr;
  std::filesystem::create_directory(logs.path_of(kNextLogListFile));
  CHECK_FALSE(logs.remove("000004.log"));
  CHECK(logs.make("000006.log") == nullptr);
  CHECK(logs.list() == Done{"000004.log 4"});
  std::filesystem::remove(logs.path_of(kNextLogListFile));
  const auto second = logs.make("000007.log");
  CHECK(logs.list() == Done{"000004.log 4", "000007.log 0"});
  CHECK(logs.remove("000004.log"));
  CHECK(logs.list() == Done{"000007.log 0"});
}

}  // namespace
}  // namespace akyn::storage::test
