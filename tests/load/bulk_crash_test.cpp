// Kills a loading process at every named place, and looks at what is left.
#include <cstdlib>

#include "tests/load/support.h"
#include "tests/storage/child.h"

namespace akyn::load::test {
namespace {

constexpr const char* kCrashStore = "AKYN_TEST_CRASH_STORE";

std::string night(int number) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += fmt::format("<urn:event:{}:{}> <urn:says> \"text {} of {}\" .\n", number, i, i, number);
    text += fmt::format("<urn:event:{}:{}> <urn:in> <urn:place:{}> <urn:night:{}> .\n", number, i, i % 10, number % 2);
  }
  return text;
}

int count_nights(const storage::Database& database) {
  const auto snapshot = database.snapshot();
  int nights = 0;
  while (snapshot->find(iri(fmt::format("urn:event:{}:0", nights)).view()).is_bound()) ++nights;
  return nights;
}

TEST_CASE("the process that crash tests of loads kill" * doctest::skip()) {
  const char* const store = std::getenv(kCrashStore);
  if (store == nullptr) return;
  const auto database = open_database(store, fast(), restless());
  for (int i = count_nights(*database); i < 6; ++i) load_in_bulk(database, night(i), options_for(RdfFormat::nquads));
}

int run_until(const std::string& point, int count, const std::filesystem::path& store) {
  Child::Variables variables = die_at(point, count);
  variables.emplace_back(kCrashStore, store.string());
  return Child("*crash tests of loads kill*", variables, Child::Streams::pipes).wait();
}

TEST_CASE("a load is there as a whole or not at all, wherever the process is killed") {
  for (const std::string point :
       {"load.read", "load.merged", "load.staged", "load.taken_in", "load.before_write", "load.written"}) {
    for (const int count : {1, 3}) {
      CAPTURE(point);
      CAPTURE(count);
      const TempDirectory directory;
      REQUIRE(run_until(point, count, directory / "store") == 137);
      const int expected = point == "load.written" ? count : count - 1;
      for (int i = 0; i < 2; ++i) {
        const auto database = open_database(directory / "store", fast(), restless());
        database->verify();
        CHECK(count_nights(*database) == expected);
        CHECK(rows(*database->snapshot()).size() == static_cast<std::size_t>(600 * expected));
        const std::filesystem::path staging = directory / "store" / "staging";
        CHECK((!std::filesystem::exists(staging) || std::filesystem::is_empty(staging)));
      }
      // And on it goes.
      CHECK(run_until("", 1, directory / "store") == 0);
      const auto database = open_database(directory / "store", fast(), restless());
      database->verify();
      CHECK(rows(*database->snapshot()).size() == 600U * 6U);
    }
  }
}

}  // namespace
}  // namespace akyn::load::test
