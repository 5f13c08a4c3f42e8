#include <atomic>
#include <thread>

#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

void commit_number(Database& database, int number) {
  const auto writer = database.begin();
  writer->insert(intern(*writer, ex("s" + std::to_string(number)), ex("p"), integer(number)));
  writer->insert(intern(*writer, ex("s" + std::to_string(number)), ex("p"), integer(number), ex("g")));
  writer->commit();
}

TEST_CASE("a snapshot does not see later commits") {
  const auto database = memory();
  const auto empty = database->snapshot();
  commit_number(*database, 1);
  const auto one = database->snapshot();
  commit_number(*database, 2);
  CHECK(empty->count({}, GraphScope::all()) == 0);
  CHECK(rows(*empty).empty());
  CHECK(empty->named_graphs().empty());
  CHECK_FALSE(empty->find(ex("s1").view()).is_bound());
  CHECK(one->count({}, GraphScope::all()) == 2);
  CHECK(rows(*one).size() == 2);
  CHECK(one->count({}, GraphScope::named(one->find(ex("g").view()))) == 1);
  CHECK_FALSE(one->find(ex("s2").view()).is_bound());
  CHECK(rows(*database->snapshot()).size() == 4);
}

TEST_CASE("nobody else sees a transaction before its commit, or at all when it is rolled back") {
  const auto database = memory();
  auto writer = database->begin();
  writer->insert(intern(*writer, ex("s"), ex("p"), ex("o")));
  writer->add_prefix("ex", "http://example.org/");
  CHECK(rows(*database->snapshot()).empty());
  CHECK(database->snapshot()->prefixes().empty());
  writer = nullptr;
  CHECK(rows(*database->snapshot()).empty());
  CHECK_FALSE(database->snapshot()->find(ex("s").view()).is_bound());
}

TEST_CASE("a snapshot and its scans keep the store open") {
  const TempDirectory directory;
  auto database = Database::open(directory / "store", fast());
  commit_number(*database, 1);
  auto snapshot = database->snapshot();
  auto scan = snapshot->scan({}, GraphScope::all());
  database = nullptr;
  CHECK(rows(*snapshot).size() == 2);
  snapshot = nullptr;
  CHECK(failure([&] { (void)Database::open(directory / "store", fast()); })->code == ErrorCode::locked);
  CHECK(rows(*scan).size() == 2);
  scan = nullptr;
  CHECK(rows(*Database::open(directory / "store", fast())->snapshot()).size() == 2);
}

TEST_CASE("a transaction's view may outlive it") {
  const auto database = memory();
  auto writer = database->begin();
  writer->insert(intern(*writer, ex("s"), ex("p"), ex("o")));
  const auto view = writer->snapshot();
  writer->commit();
  writer = nullptr;
  commit_number(*database, 1);
  CHECK(rows(*view).size() == 1);
}

TEST_CASE("readers of one snapshot and a writer work at the same time") {
  const auto database = memory();
  commit_number(*database, 0);
  const auto shared = database->snapshot();
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        if (rows(*shared).size() != 2) ++wrong;
        const auto now = database->snapshot();
        // Every commit adds one quad to each of two graphs.
        if (now->count({}, GraphScope::default_graph()) != now->count({}, GraphScope::all_named())) ++wrong;
        if (rows(*now).size() != now->count({}, GraphScope::all())) ++wrong;
      }
    });
  }
  for (int i = 1; i <= 50; ++i) commit_number(*database, i);
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(rows(*database->snapshot()).size() == 102);
}

}  // namespace
}  // namespace akyn::storage::test
