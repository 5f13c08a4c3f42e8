// Stores on file systems that cannot be written to, or have no room. Mounts them, which only root may: others skip it.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "tests/storage/child.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

constexpr const char* kReadOnlyStore = "AKYN_TEST_READ_ONLY_STORE";
constexpr const char* kSmallDisk = "AKYN_TEST_SMALL_DISK";

// Makes mounts of this process its own. Ends the process when it may not.
void leave_mounts() {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    ::_exit(kCannot);
  }
}

void commit_number(Database& database, int number, int rows) {
  const auto writer = database.begin();
  const Id subject = intern(*writer, ex("s" + std::to_string(number)));
  for (int i = 0; i < rows; ++i) {
    writer->insert(
        {subject, intern(*writer, ex("p")), intern(*writer, literal(std::to_string(i) + " of a text")), Id()});
  }
  writer->commit();
}

TEST_CASE("the process that reads a store on a read-only file system" * doctest::skip()) {
  const char* const path = std::getenv(kReadOnlyStore);
  if (path == nullptr) return;
  leave_mounts();
  if (::mount(path, path, nullptr, MS_BIND, nullptr) != 0 ||
      ::mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
    ::_exit(kCannot);
  }
  const std::string store = std::string(path) + "/store";
  REQUIRE(::open((store + "/file").c_str(), O_CREAT | O_WRONLY, 0600) == -1);
  StoreOptions options = fast();
  const auto refused = failure([&] { (void)open_database(store, options, restless()); });
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::io);
  CHECK(mentions(refused->message, store));
  options.read_only = true;
  const auto database = open_database(store, options, restless());
  const auto snapshot = database->snapshot();
  CHECK(rows(*snapshot).size() == 3 * 100 + 3);
  CHECK(snapshot->find(ex("s2").view()).is_bound());
  CHECK_FALSE(snapshot->statistics(Partition::default_graph, true).predicates.empty());
  database->verify();
  CHECK(failure([&] { (void)database->begin(); })->code == ErrorCode::read_only);
}

TEST_CASE("a store on a read-only file system is read") {
  const TempDirectory directory;
  {
    const auto database = open_database(directory / "store", fast(), restless());
    for (int i = 0; i < 3; ++i) commit_number(*database, i, 100);  // runs
    for (int i = 3; i < 6; ++i) commit_number(*database, i, 1);    // what the log alone has
  }
  const int status =
      Child("*reads a store on a read-only file system*", {{kReadOnlyStore, directory.path().string()}}).wait();
  if (status == kCannot) {
    MESSAGE("skipped: this user may not mount file systems");
  } else {
    CHECK(status == 0);
  }
}

TEST_CASE("the process whose disk is full for a while" * doctest::skip()) {
  const char* const path = std::getenv(kSmallDisk);
  if (path == nullptr) return;
  leave_mounts();
  if (::mount("akyn-test", path, "tmpfs", 0, "size=32m") != 0) ::_exit(kCannot);
  const std::filesystem::path store = std::filesystem::path(path) / "store";
  StoreOptions options = fast();
  options.durability = Durability::sync;
  Tuning tuning = restless();
  tuning.block_rows = kBlockRows;
  int commits = 0;
  for (const int rows_each : {1, 40, 500}) {
    CAPTURE(rows_each);
    const std::filesystem::path filler = std::filesystem::path(path) / "filler";
    {
      const auto database = open_database(store, options, tuning);
      for (int i = 0; i < 20; ++i) commit_number(*database, commits++, rows_each);
      {
        std::ofstream file(filler, std::ios::binary);
        const std::string megabyte(std::size_t{1} << 20, 'x');
        while (file.write(megabyte.data(), static_cast<std::streamsize>(megabyte.size())) && file.flush()) {
        }
      }
      std::optional<Failure> failed;
      for (int i = 0; i < 5000 && !failed; ++i) {
        failed = failure([&] { commit_number(*database, commits, rows_each); });
        if (!failed) ++commits;
      }
      REQUIRE(failed);
      CHECK(failed->code == ErrorCode::io);
      CHECK(mentions(failed->message, store.string()));
      // Refused again, or let in because the store's own work in the background has freed some room.
      failed = failure([&] { commit_number(*database, commits, rows_each); });
      if (!failed) ++commits;
      std::filesystem::remove(filler);
      // The process that met the error goes on, too.
      for (int i = 0; i < 20; ++i) commit_number(*database, commits++, rows_each);
      database->verify();
    }
    const auto database = open_database(store, options, tuning);
    database->verify();
    for (int number = 0; number < commits; ++number) {
      CHECK(database->snapshot()->find(ex("s" + std::to_string(number)).view()).is_bound());
    }
  }
}

TEST_CASE("when a full disk has room again a store goes on, and has all that was acknowledged") {
  const TempDirectory directory;
  const int status = Child("*whose disk is full for a while*", {{kSmallDisk, directory.path().string()}}).wait();
  if (status == kCannot) {
    MESSAGE("skipped: this user may not mount file systems");
  } else {
    CHECK(status == 0);
  }
}

}  // namespace
}  // namespace akyn::storage::test
