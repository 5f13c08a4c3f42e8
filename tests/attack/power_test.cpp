// Power cuts, and operations of the file system that fail, one after another. AKYN_SEED sets where chance begins,
// AKYN_POWER_CUTS how often the power goes, AKYN_FAULTS how many operations fail.
#include <unistd.h>

#include <charconv>
#include <string_view>

#include "tests/attack/faulty_files.h"
#include "tests/attack/long_run.h"
#include "tests/attack/numbered_history.h"
#include "tests/load/support.h"
#include "tests/storage/child.h"

namespace akyn::storage::test {
namespace {

using load::test::load_in_bulk;
using load::test::options_for;

// Statements of a bulk load, which has a number, too.
constexpr int kLoadRows = 100;
constexpr const char* kLoaded = "<urn:load:";

std::string load_text(int number) {
  std::string text;
  for (int i = 0; i < kLoadRows; ++i) {
    text += fmt::format("<urn:load:{}> <urn:says> \"text {} of {}\" <urn:graph:{}> .\n", number, i, number, i % 2);
  }
  return text;
}

// How far a store has come: transactions, and loads after some of them.
struct Progress {
  int transactions = 0;
  int loads = 0;
  friend bool operator==(const Progress&, const Progress&) = default;
};

// What comes after so many transactions and loads, for a process that has begun at `first`.
Progress next(const Progress& progress, const Progress& first) {
  const int due = (progress.transactions + 1) / 10 - (first.transactions + 1) / 10;
  if (progress.loads - first.loads < due) return {progress.transactions, progress.loads + 1};
  return {progress.transactions + 1, progress.loads};
}

// One process with a store, from its opening to its end.
struct Life {
  unsigned seed = 0;  // of the history
  Durability durability = Durability::sync;
  Progress first;
  int steps = 0;                // that it takes at most
  std::uint64_t operation = 0;  // that does not succeed; 0: all do
  FaultyFiles::Fault fault = FaultyFiles::Fault::power_cut;
  unsigned loss = 0;  // the seed of what a power cut leaves

  // To a child and back.
  [[nodiscard]] std::string text() const {
    return fmt::format("{} {} {} {} {} {} {} {}", seed, static_cast<int>(durability), first.transactions, first.loads,
                       steps, operation, static_cast<int>(fault), loss);
  }
  static Life of(const std::string& text) {
    std::istringstream stream(text);
    Life life;
    int durability = 0;
    int fault = 0;
    stream >> life.seed >> durability >> life.first.transactions >> life.first.loads >> life.steps >> life.operation >>
        fault >> life.loss;
    life.durability = static_cast<Durability>(durability);
    life.fault = static_cast<FaultyFiles::Fault>(fault);
    return life;
  }
};

// Little memory: what RocksDB has in its own is written out after a few long texts.
StoreOptions options_of(const Life& life) {
  StoreOptions options = fast();
  options.durability = life.durability;
  options.memory_limit = std::size_t{8} << 20;
  return options;
}

constexpr const char* kStore = "AKYN_TEST_POWER_STORE";
constexpr const char* kLife = "AKYN_TEST_POWER_LIFE";

void say(std::string_view text) {
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) ::_exit(kCannot);
}

// Says "." for each step that is acknowledged, then "!" and a code, or "#" and the number of operations.
TEST_CASE("the process whose power is cut and whose disk fails" * doctest::skip()) {
  const char* const directory = std::getenv(kStore);
  if (directory == nullptr) return;
  const std::filesystem::path path = directory;
  const Life life = Life::of(std::getenv(kLife));
  const NumberedHistory history(life.seed);
  const auto files = std::make_shared<FaultyFiles>(path / "spare", life.loss);
  const std::shared_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(files);
  if (life.operation != 0) files->fail(life.operation, life.fault);
  const auto failed = failure([&] {
    const auto open = [&] { return open_database(path / "store", options_of(life), restless(), env); };
    auto database = open();
    Progress progress = life.first;
    for (int step = 0; step < life.steps; ++step) {
      const Progress after = next(progress, life.first);
      if (after.loads != progress.loads) {
        load_in_bulk(database, load_text(after.loads), options_for(RdfFormat::nquads));
      } else {
        history.commit(*database, after.transactions);
      }
      progress = after;
      say(".");
      if (step % 25 == 24) database->optimize();
      if (step % 7 == 6) {
        database = nullptr;
        database = open();
      }
    }
  });
  if (failed) {
    say(failed->code == ErrorCode::io && mentions(failed->message, (path / "store").string()) ? "!" : "?");
    say(failed->message);
  } else {
    say(fmt::format("#{}", files->operations()));
  }
}

struct Ended {
  int status = 0;
  int acknowledged = 0;
  std::string said;  // after that
};

Ended run(const std::filesystem::path& directory, const Life& life) {
  Child child("the process whose power is cut*", {{kStore, directory.string()}, {kLife, life.text()}},
              Child::Streams::pipes);
  Ended ended;
  for (char c = 0; child.get(c);) {
    if (c == '.' && ended.said.empty()) {
      ++ended.acknowledged;
    } else {
      ended.said += c;
    }
  }
  ended.status = child.wait();
  return ended;
}

// What a store holds is a state that the process has passed, whole, and not one before the last that was acknowledged.
// Returns which.
Progress check_store(const std::filesystem::path& directory, NumberedHistory& history, const Life& life,
                     int acknowledged) {
  const auto database = open_database(directory / "store", options_of(life), restless());
  database->verify();
  const auto snapshot = database->snapshot();
  Progress found;
  found.transactions = NumberedHistory::number_in(*snapshot);
  NumberedHistory::State state = NumberedHistory::state_in(*snapshot);
  const std::size_t all = state.size();
  std::erase_if(state, [](const std::string& quad) { return quad.starts_with(kLoaded); });
  const std::size_t loaded = all - state.size();
  CHECK(loaded % kLoadRows == 0);
  found.loads = static_cast<int>(loaded / kLoadRows);
  for (int number = 1; number <= found.loads; ++number) {
    CHECK(snapshot->find(iri("urn:load:" + std::to_string(number)).view()).is_bound());
  }
  CAPTURE(acknowledged);
  Progress progress = life.first;
  int steps = 0;
  while (progress != found && steps <= acknowledged) {
    progress = next(progress, life.first);
    ++steps;
  }
  REQUIRE(progress == found);
  if (life.durability == Durability::sync) CHECK(steps >= acknowledged);
  CHECK((state == history.state(found.transactions)));
  return found;
}

class Disk {
 public:
  Disk() { std::filesystem::create_directory(directory_ / "spare"); }
  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }
  // The links to what a power cut might have brought back.
  void forget_spare() const {
    std::filesystem::remove_all(directory_ / "spare");
    std::filesystem::create_directory(directory_ / "spare");
  }

 private:
  TempDirectory directory_;
};

void cut_power(Durability durability) {
  const unsigned rounds = number_from("AKYN_POWER_CUTS", 30);
  const unsigned seed = chosen_seed();
  std::mt19937 random(seed);
  for (unsigned round = 0; round < rounds;) {
    const Disk disk;
    Life life;
    life.seed = static_cast<unsigned>(random());
    life.durability = durability;
    life.steps = 120;
    NumberedHistory history(life.seed);
    for (int i = 0; i < 6 && round < rounds; ++i, ++round) {
      life.loss = static_cast<unsigned>(random());
      life.operation = 1 + random() % (random() % 4 == 0 ? 60 : 1500);
      CAPTURE(seed);
      CAPTURE(round);
      CAPTURE(life.text());
      const Ended ended = run(disk.path(), life);
      CHECK_MESSAGE((ended.status == 137 || ended.status == 0), ended.said);
      life.first = check_store(disk.path(), history, life, ended.acknowledged);
      disk.forget_spare();
    }
  }
}

TEST_CASE("a power cut loses nothing that was acknowledged, and leaves nothing half done") {
  cut_power(Durability::sync);
}

TEST_CASE("a power cut may lose the last commits of a store that does not wait for the device, whole") {
  cut_power(Durability::async);
}

TEST_CASE("a store can be opened after its list of files could not be synced, whichever change that was") {
  Life life;
  life.seed = 5;
  life.steps = 12;
  NumberedHistory history(life.seed);
  for (const FaultyFiles::Fault fault : {FaultyFiles::Fault::list_sync, FaultyFiles::Fault::list_syncs}) {
    life.fault = fault;
    for (life.operation = 1; life.operation <= 40; ++life.operation) {
      CAPTURE(life.text());
      const Disk disk;
      const Ended ended = run(disk.path(), life);
      CHECK_MESSAGE((ended.status == 0 || ended.status == 128 + SIGABRT), ended.said);  // as below
      disk.forget_spare();
      check_store(disk.path(), history, life, ended.acknowledged);
    }
  }
}

TEST_CASE("whichever operation of the file system fails, it is an error that names the store, which is intact") {
  const unsigned seed = chosen_seed();
  const unsigned most = number_from("AKYN_FAULTS", 20);
  std::mt19937 random(seed);
  Life life;
  life.seed = static_cast<unsigned>(random());
  life.steps = 40;
  // How many there are in all: those of a store that is made, filled and closed.
  std::uint64_t operations = 0;
  {
    const Disk disk;
    const Ended ended = run(disk.path(), life);
    REQUIRE(ended.said.starts_with('#'));
    std::from_chars(ended.said.data() + 1, ended.said.data() + ended.said.size(), operations);
  }
  REQUIRE(operations > 100);
  const std::uint64_t count = std::min<std::uint64_t>(most, operations);
  std::uint64_t aborted = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Disk disk;
    life.first = {};
    life.operation = 1 + (i * operations + random() % operations) / count;
    life.fault = random() % 4 == 0 ? FaultyFiles::Fault::no_space : FaultyFiles::Fault::io_error;
    CAPTURE(seed);
    CAPTURE(life.text());
    const Ended ended = run(disk.path(), life);
    // A RocksDB that is built with its assertions, as Debian's is, ends itself when it cannot read the last key of a
    // table that it is to take in ("Valid()"). That is a kill like any other, and rare.
    if (ended.status == 128 + SIGABRT) {
      MESSAGE("the process ended itself: ", life.text());
      ++aborted;
    } else {
      CHECK_MESSAGE(ended.status == 0, ended.said);
    }
    CHECK_MESSAGE(!ended.said.starts_with('?'), ended.said);
    disk.forget_spare();
    NumberedHistory history(life.seed);
    Life after = life;
    after.operation = 0;
    after.first = check_store(disk.path(), history, life, ended.acknowledged);
    const Ended healthy = run(disk.path(), after);
    CHECK_MESSAGE(healthy.said.starts_with('#'), healthy.said);
    check_store(disk.path(), history, after, healthy.acknowledged);
  }
  CHECK(aborted <= 1 + count / 20);
}

}  // namespace
}  // namespace akyn::storage::test
