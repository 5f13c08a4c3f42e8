// When the files that RocksDB deletes go.
#include <rocksdb/env.h>

#include "engine/storage/list_guard.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

using rocksdb::IOOptions;

// Makes it fail to sync a list.
class NoSync final : public rocksdb::FileSystemWrapper {
 public:
  NoSync() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "NoSync"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  bool fails = false;

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    class File final : public rocksdb::FSWritableFileOwnerWrapper {
     public:
      File(const NoSync& files, std::unique_ptr<rocksdb::FSWritableFile> file)
          : FSWritableFileOwnerWrapper(std::move(file)), files_(files) {}
      rocksdb::IOStatus Sync(const IOOptions& options, rocksdb::IODebugContext* context) override {
        return files_.fails ? rocksdb::IOStatus::IOError("no") : FSWritableFileOwnerWrapper::Sync(options, context);
      }

     private:
      const NoSync& files_;
    };
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<File>(*this, std::move(*file));
    return status;
  }
};

// A store's directory as RocksDB uses it.
class Store {
 public:
  explicit Store(const std::string& after_its_name = "") : after_its_name_(after_its_name) {
    std::filesystem::create_directories(path() / "staging");
    std::filesystem::create_directories(root_ / "elsewhere");
  }

  [[nodiscard]] std::filesystem::path path() const { return root_ / "store"; }
  [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(path() / name); }

  std::unique_ptr<rocksdb::FSWritableFile> make(const std::string& name) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    REQUIRE(guard_.NewWritableFile(name_of(name), rocksdb::FileOptions(), &file, nullptr).ok());
    return file;
  }
  void remove(const std::string& name) { CHECK(guard_.DeleteFile(name_of(name), IOOptions(), nullptr).ok()); }
  // The device has got the name of CURRENT in a directory, which is that list of files.
  void set_current(const std::filesystem::path& directory) {
    std::unique_ptr<rocksdb::FSDirectory> opened;
    REQUIRE(guard_.NewDirectory(directory, IOOptions(), &opened, nullptr).ok());
    CHECK(opened->FsyncWithDirOptions(IOOptions(), nullptr, rocksdb::DirFsyncOptions(directory.string() + "/CURRENT"))
              .ok());
  }
  void set_current() { set_current(path()); }
  void sync_directory() {
    std::unique_ptr<rocksdb::FSDirectory> opened;
    REQUIRE(guard_.NewDirectory(path(), IOOptions(), &opened, nullptr).ok());
    CHECK(opened->FsyncWithDirOptions(IOOptions(), nullptr, rocksdb::DirFsyncOptions()).ok());
  }
  void break_list() { files_->fails = true; }
  void mend_list() { files_->fails = false; }
  [[nodiscard]] std::filesystem::path elsewhere() const { return root_ / "elsewhere"; }

 private:
  // With two slashes, as RocksDB writes some.
  [[nodiscard]] std::string name_of(const std::string& name) const { return path().string() + "//" + name; }

  TempDirectory root_;
  std::string after_its_name_;
  std::shared_ptr<NoSync> files_ = std::make_shared<NoSync>();
  ListGuard guard_{files_, path().string() + after_its_name_};
};

TEST_CASE("what is deleted while a list is being written goes when that is in place") {
  for (const char* slash : {"", "/"}) {
    Store store(slash);
    const auto list = store.make("MANIFEST-000005");
    for (const char* name : {"000001.sst", "000002.log", "MANIFEST-000001"}) {
      store.make(name);
      store.remove(name);
      CHECK(store.has(name));
    }
    store.remove("000001.sst");  // RocksDB sees that it is there, and deletes it again
    store.sync_directory();
    store.set_current(store.elsewhere());
    CHECK(store.has("000001.sst"));
    store.set_current();
    for (const char* name : {"000001.sst", "000002.log", "MANIFEST-000001"}) CHECK_FALSE(store.has(name));
    CHECK(store.has("MANIFEST-000005"));
    store.make("000006.sst");
    store.remove("000006.sst");
    CHECK_FALSE(store.has("000006.sst"));
  }
}

TEST_CASE("what is deleted after an error on the list goes when there is another") {
  Store store;
  const auto list = store.make("MANIFEST-000001");
  store.set_current();
  CHECK(list->Sync(IOOptions(), nullptr).ok());
  store.break_list();
  CHECK_FALSE(list->Sync(IOOptions(), nullptr).ok());
  store.mend_list();
  store.make("000002.sst");
  store.remove("000002.sst");
  CHECK(list->Sync(IOOptions(), nullptr).ok());  // of the one that may not be whole
  store.sync_directory();
  CHECK(store.has("000002.sst"));
  const auto next = store.make("MANIFEST-000003");
  CHECK(store.has("000002.sst"));
  store.set_current();
  CHECK_FALSE(store.has("000002.sst"));
}

TEST_CASE("what is made again after it was deleted stays") {
  Store store;
  store.make("MANIFEST-000001");
  store.remove("MANIFEST-000001");
  store.make("MANIFEST-000001");
  store.set_current();
  CHECK(store.has("MANIFEST-000001"));
}

TEST_CASE("what no list names is deleted at once") {
  Store store;
  const auto list = store.make("MANIFEST-000001");
  for (const char* name : {"staging/1.sst", "000001.dbtmp", "OPTIONS-000002"}) {
    store.make(name);
    store.remove(name);
    CHECK_FALSE(store.has(name));
  }
}

}  // namespace
}  // namespace akyn::storage::test
