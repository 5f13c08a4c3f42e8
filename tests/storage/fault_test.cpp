// Disks that are full, and files that are not what they were.
#include <fstream>

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

// A limit on the size of files is to RocksDB no lack of room, and so nothing that it goes on after by itself.
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
