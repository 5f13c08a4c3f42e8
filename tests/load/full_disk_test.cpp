// Loads onto a file system that has no room for them. Mounts it, which only root may: others skip it.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "tests/load/support.h"
#include "tests/storage/child.h"

namespace akyn::load::test {
namespace {

constexpr const char* kSmallDisk = "AKYN_TEST_SMALL_LOAD_DISK";

// Takes all room of a file system but so many bytes, for as long as it lives.
class Filler {
 public:
  Filler(const std::filesystem::path& disk, std::uint64_t room) : path_(disk / "filler") {
    struct statvfs status {};
    REQUIRE(::statvfs(disk.c_str(), &status) == 0);
    const std::uint64_t free = status.f_bavail * status.f_frsize;
    REQUIRE(free > room);
    const int file = ::open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    REQUIRE(file != -1);
    const int reserved = ::posix_fallocate(file, 0, static_cast<off_t>(free - room));
    ::close(file);
    REQUIRE(reserved == 0);
  }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;
  ~Filler() { std::filesystem::remove(path_); }

 private:
  std::filesystem::path path_;
};

std::string facts(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i) {
    text += fmt::format("<urn:event:{}> <urn:says> \"text {} of nothing\" .\n", i, i);
    text += fmt::format("<urn:event:{}> <urn:in> <urn:place:{}> .\n", i, i * 7919 % 1000);
  }
  return text;
}

TEST_CASE("the process whose disk fills while it loads" * doctest::skip()) {
  const char* const disk = std::getenv(kSmallDisk);
  if (disk == nullptr) return;
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("akyn-test", disk, "tmpfs", 0, "size=64m") != 0) {
    ::_exit(kCannot);
  }
  const std::filesystem::path store = std::filesystem::path(disk) / "store";
  constexpr int kBase = 500;
  const std::string text = facts(kBase, 20'000);
  LoadOptions options = options_for(RdfFormat::ntriples);
  load_in_bulk(open_database(store, fast(), storage::Tuning()), facts(0, kBase), options);
  const std::vector<std::string> before = lines_of(*open_database(store, fast(), storage::Tuning()));
  Ways ways;
  ways.memory = std::size_t{256} << 10;  // vocabularies and rows in many sorted files
  ways.sizes = {};
  std::set<std::string> phases;
  std::optional<Failure> failed;
  for (std::uint64_t room = std::uint64_t{128} << 10; room == std::uint64_t{128} << 10 || failed; room += room / 2) {
    CAPTURE(room);
    {
      const auto database = open_database(store, fast(), storage::Tuning());
      std::string phase = "reading";
      options.on_progress = [&](const LoadProgress& progress) {
        phase = progress.phase;
        return true;
      };
      {
        const Filler filler(disk, room);
        failed = failure([&] { load_in_bulk(database, text, options, ways); });
      }
      if (!failed) break;
      phases.insert(phase);
      CHECK(failed->code == ErrorCode::io);
      CHECK(mentions(failed->message, store.string()));
      CHECK(std::filesystem::is_empty(store / "staging"));
      CHECK(lines_of(*database) == before);
      database->verify();
    }
    const auto database = open_database(store, fast(), storage::Tuning());
    CHECK(lines_of(*database) == before);
    database->verify();
  }
  CHECK(phases.contains("writing rows"));
  const auto database = open_database(store, fast(), storage::Tuning());
  CHECK(rows(*database->snapshot()).size() == 2 * (kBase + 20'000));
  database->verify();
}

TEST_CASE("a load that a disk has no room for leaves nothing behind, whatever it was at") {
  const TempDirectory directory;
  const int status = Child("*whose disk fills while it loads*", {{kSmallDisk, directory.path().string()}}).wait();
  if (status == kCannot) {
    MESSAGE("skipped: this user may not mount file systems");
  } else {
    CHECK(status == 0);
  }
}

}  // namespace
}  // namespace akyn::load::test
