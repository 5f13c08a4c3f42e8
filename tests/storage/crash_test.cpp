// Kills a writing process at every named place, and looks at what is left.
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/storage/child.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

constexpr const char* kCrashStore = "AKYN_TEST_CRASH_STORE";
constexpr int kCommits = 300;

// Every tenth commit is a large one, every seventh removes what the third before it inserted.
int rows_of(int commit) {
  return commit % 10 == 9 ? 15 : 1;
}

void commit_number(Database& database, int number) {
  const auto writer = database.begin();
  const Term graph = ex("g" + std::to_string(number % 3));
  for (int row = 0; row < rows_of(number); ++row) {
    writer->insert(intern(*writer, ex("s" + std::to_string(number)), ex("p"), integer(row)));
    writer->insert(intern(*writer, ex("s" + std::to_string(number)), ex("p"), integer(row), graph));
  }
  if (number % 7 == 6) {
    const Id removed = intern(*writer, ex("s" + std::to_string(number - 3)));
    for (const QuadIds& quad : rows(*writer->snapshot(), {removed, Id(), Id()})) {
      writer->remove(quad);
    }
  }
  writer->commit();
}

std::size_t expected_rows(int number, int commits) {
  const bool removed = number % 7 == 3 && number + 3 < commits;
  return number < commits && !removed ? static_cast<std::size_t>(2 * rows_of(number)) : 0;
}

// How many commits a store holds. Optimizing forgets the subjects of removed rows.
int count_commits(const Snapshot& snapshot) {
  const auto is_there = [&](int number) { return snapshot.find(ex("s" + std::to_string(number)).view()).is_bound(); };
  int commits = 0;
  while (is_there(commits) || (commits % 7 == 3 && is_there(commits + 3))) ++commits;
  return commits;
}

TEST_CASE("the process that crash tests kill" * doctest::skip()) {
  const char* const store = std::getenv(kCrashStore);
  if (store == nullptr) return;
  const auto database = open_database(store, fast(), restless());
  // What others have committed is there already.
  const int first = count_commits(*database->snapshot());
  for (int i = first; i < first + kCommits; ++i) {
    commit_number(*database, i);
    if (i % 30 == 29) database->optimize();
    if (::write(STDOUT_FILENO, ".", 1) != 1) return;
  }
}

struct Killed {
  int status = 0;
  int acknowledged = 0;
};

// Runs the case above until it dies at `point` for the time number `count`, or is killed `after` so long.
Killed run_until(const std::string& point, int count, const std::filesystem::path& store,
                 std::optional<std::chrono::microseconds> after = std::nullopt) {
  Child::Variables variables = die_at(point, count);
  variables.emplace_back(kCrashStore, store.string());
  Child child("*crash tests kill*", variables, Child::Streams::pipes);
  std::thread killer;
  if (after) {
    killer = std::thread([&] {
      std::this_thread::sleep_for(*after);
      child.kill();
    });
  }
  Killed killed;
  for (char c = 0; child.get(c);) killed.acknowledged += c == '.' ? 1 : 0;
  if (killer.joinable()) killer.join();  // before the process id may be another's
  killed.status = child.wait();
  return killed;
}

// What was acknowledged is there, and at most one commit more, whole. Returns how many commits there are.
int check_store(const std::filesystem::path& store, int acknowledged) {
  int commits = 0;
  for (int i = 0; i < 2; ++i) {
    const auto database = open_database(store, fast(), restless());
    database->verify();
    const auto snapshot = database->snapshot();
    commits = count_commits(*snapshot);
    CHECK(commits - acknowledged >= 0);
    CHECK(commits - acknowledged <= 1);
    for (int number = 0; number <= commits; ++number) {
      const Id subject = snapshot->find(ex("s" + std::to_string(number)).view());
      const std::size_t found = subject.is_bound() ? rows(*snapshot, {subject, Id(), Id()}).size() : 0;
      CHECK(found == expected_rows(number, commits));
    }
  }
  const std::filesystem::path staging = store / "staging";
  CHECK((!std::filesystem::exists(staging) || std::filesystem::is_empty(staging)));
  return commits;
}

void check_after(const std::string& point, int count) {
  CAPTURE(point);
  CAPTURE(count);
  const TempDirectory directory;
  const Killed killed = run_until(point, count, directory / "store");
  REQUIRE(killed.status == 137);
  check_store(directory / "store", killed.acknowledged);
}

TEST_CASE("nothing acknowledged is lost and nothing half done is there, wherever the process is killed") {
  for (const char* point : {"commit.before_write", "commit.written", "large_commit.staged", "large_commit.before_write",
                            "large_commit.written", "flush.staged", "flush.taken_in", "flush.published"}) {
    for (const int count : {1, 4}) check_after(point, count);
  }
  for (const char* point : {"merge.staged", "merge.taken_in", "merge.published", "delete.run", "optimize.staged",
                            "optimize.taken_in", "optimize.published"}) {
    for (const int count : {1, 2}) check_after(point, count);
  }
}

// AKYN_CRASH_ROUNDS: how many; the long form of this test takes 500.
TEST_CASE("nothing acknowledged is lost when a store is killed at any time, again and again") {
  const char* const wanted = std::getenv("AKYN_CRASH_ROUNDS");
  const int rounds = wanted == nullptr ? 8 : std::atoi(wanted);
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::unique_ptr<TempDirectory> directory;
  int commits = 0;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    if (round % 8 == 0) {
      directory = std::make_unique<TempDirectory>();
      commits = 0;
    }
    const std::chrono::microseconds after(5'000 + random() % 150'000);
    const Killed killed = run_until("", 1, *directory / "store", after);
    if (killed.status == 0) MESSAGE("the child was done before it was killed");
    // Killed before there was a store?
    if (!std::filesystem::exists(*directory / "store")) continue;
    commits = check_store(*directory / "store", commits + killed.acknowledged);
  }
}

}  // namespace
}  // namespace akyn::storage::test
