// Writers, readers, merges and optimize at the same time. AKYN_SEED sets where chance begins, AKYN_HISTORIES how many
// histories there are, AKYN_STRESS how many transactions the stress has.
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/attack/long_run.h"
#include "tests/attack/numbered_history.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

struct Crew {
  unsigned writers = 3;
  unsigned readers = 3;
  bool optimizer = true;
  int transactions = 40;
};

// Threads that write a history together: whoever has the writer's place goes on from the state that it sees. Each
// transaction depends on those before it, so that the commits are in order, one after another, or some state is wrong.
class SharedHistory {
 public:
  SharedHistory(std::shared_ptr<Database> database, unsigned seed, const Crew& crew)
      : database_(std::move(database)), seed_(seed), crew_(crew), history_(seed, false) {
    static_cast<void>(history_.state(crew.transactions));  // the threads only read
  }

  void run() {
    std::vector<std::thread> writers;
    std::vector<std::thread> others;
    for (unsigned i = 0; i < crew_.readers; ++i) start(others, [this, i] { read(seed_ + 200 + i); });
    if (crew_.optimizer) start(others, [this] { optimize(); });
    for (unsigned i = 0; i < crew_.writers; ++i) start(writers, [this, i] { write(seed_ + 100 + i); });
    for (std::thread& writer : writers) writer.join();
    stop_ = true;
    for (std::thread& other : others) other.join();
    CHECK_MESSAGE(error_.empty(), error_);
    CHECK(wrong_states_ == 0);
    CHECK(wrong_order_ == 0);
    CHECK(acknowledged_ == crew_.transactions);
    database_->verify();
    check_state(*database_->snapshot(), crew_.transactions);
    CHECK(wrong_states_ == 0);
  }

 private:
  template <class Work>
  void start(std::vector<std::thread>& threads, Work work) {
    threads.emplace_back([this, work] {
      try {
        work();
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex_);
        error_ = error.what();
        stop_ = true;
      }
    });
  }

  void write(unsigned seed) {
    std::mt19937 random(seed);
    while (!stop_) {
      const auto writer = database_->begin();
      const int number = NumberedHistory::number_in(*writer->snapshot());
      // It sees all that was committed, and nothing of what was dropped.
      if (number != committing_) ++wrong_order_;
      if (number >= crew_.transactions) return;
      history_.run(*writer, number + 1);
      // Its own changes, and nobody else does.
      if (random() % 4 == 0) check_state(*writer->snapshot(), number + 1);
      if (random() % 6 == 0) continue;
      committing_ = number + 1;
      writer->commit();
      int before = acknowledged_;
      while (before < number + 1 && !acknowledged_.compare_exchange_weak(before, number + 1)) {
      }
    }
  }

  void read(unsigned seed) {
    std::mt19937 random(seed);
    int seen = 0;
    while (!stop_) {
      const int least = acknowledged_;
      const auto snapshot = database_->snapshot();
      const int most = committing_;
      const int number = NumberedHistory::number_in(*snapshot);
      // Never back, never without what was acknowledged, never with what nobody commits.
      if (number < seen || number < least || number > most) ++wrong_order_;
      seen = number;
      check_state(*snapshot, number);
      if (random() % 4 != 0) continue;
      // The same a while later; and by another order of the rows.
      std::this_thread::yield();
      check_state(*snapshot, number);
      const auto scan = snapshot->scan({}, GraphScope::all(), Permutation::osp);
      if (rows(*scan).size() != snapshot->count({}, GraphScope::all())) ++wrong_states_;
    }
  }

  void optimize() {
    while (!stop_) {
      database_->optimize();
      database_->verify();
      std::this_thread::yield();
    }
  }

  void check_state(const Snapshot& snapshot, int number) {
    if (number < 0 || number > crew_.transactions || NumberedHistory::state_in(snapshot) != history_.state(number)) {
      ++wrong_states_;
    }
  }

  std::shared_ptr<Database> database_;
  unsigned seed_;
  Crew crew_;
  NumberedHistory history_;
  std::atomic<bool> stop_{false};
  std::atomic<int> committing_{0};    // the last transaction whose commit has begun
  std::atomic<int> acknowledged_{0};  // and has returned
  std::atomic<int> wrong_states_{0};
  std::atomic<int> wrong_order_{0};
  std::mutex mutex_;
  std::string error_;  // under mutex_
};

StoreOptions patient(Durability durability) {
  StoreOptions options = fast();
  options.durability = durability;
  options.busy_timeout = std::chrono::hours(1);
  return options;
}

TEST_CASE("transactions of several threads come one after another, and snapshots are states between them") {
  const unsigned seed = chosen_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const unsigned histories = number_from("AKYN_HISTORIES", 6);
  for (unsigned i = 0; i < histories; ++i) {
    CAPTURE(i);
    Crew crew;
    crew.writers = 1 + static_cast<unsigned>(random() % 4);
    crew.readers = 1 + static_cast<unsigned>(random() % 4);
    crew.optimizer = random() % 2 == 0;
    const TempDirectory directory;
    const auto database =
        i % 3 == 2 ? open_database_in_memory(patient(Durability::async), restless())
                   : open_database(directory / "store",
                                   patient(random() % 2 == 0 ? Durability::sync : Durability::async), restless());
    SharedHistory(database, static_cast<unsigned>(random()), crew).run();
  }
}

TEST_CASE("one writer, eight readers, merges and optimize") {
  const unsigned seed = chosen_seed();
  CAPTURE(seed);
  Crew crew;
  crew.writers = 1;
  crew.readers = 8;
  crew.transactions = static_cast<int>(number_from("AKYN_STRESS", 60));
  const TempDirectory directory;
  SharedHistory(open_database(directory / "store", patient(Durability::sync), restless()), seed, crew).run();
}

}  // namespace
}  // namespace akyn::storage::test
