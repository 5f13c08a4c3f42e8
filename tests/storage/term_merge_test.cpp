// Runs of terms and the tail on their way to fewer runs, seen by nobody.
#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/storage/verify.h"
#include "tests/storage/merge_bench.h"

namespace akyn::storage::test {
namespace {

TEST_CASE("small loads after a large one are merged with each other, and leave the large one alone") {
  Bench bench;
  bench.load(400);
  const std::uint32_t base_terms = bench.term_runs().at(0);
  const std::uint32_t base_rows = bench.manifest().runs.at(0).info.run;
  const Id known = bench.find("s7");
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    while (bench.term_runs().size() <= bench.store->tuning().most_term_runs) {
      CHECK_FALSE(bench.merge());
      bench.load(9);
    }
    const std::set<std::string> expected = bench.texts();
    const CommittedSnapshot before(bench.store->newest());
    const std::size_t rows_before = rows(before).size();
    CHECK(bench.merge());
    CHECK(bench.term_runs().size() == 2);
    CHECK(bench.term_runs()[0] == base_terms);
    CHECK(bench.manifest().runs.size() == 2);
    CHECK(bench.manifest().runs[0].info.run == base_rows);
    CHECK(bench.find("s7") == known);
    CHECK(bench.texts() == expected);
    CHECK(rows(before).size() == rows_before);
    verify_store(*bench.store->newest(), {});
    bench.reopen();
    CHECK(bench.texts() == expected);
    verify_store(*bench.store->newest(), {});
  }
  bench.check_keys();
}

std::uint64_t rows_of(const Manifest::Run& run) {
  return run.info.counts(OrderTag{0}).rows() + run.info.counts(kNamedGraphTag).rows();
}

TEST_CASE("a store at rest has a large run of rows and one of terms, and few small ones") {
  Bench bench;
  bench.load(2000);
  bench.rest();
  std::uint32_t base = bench.manifest().runs.at(0).info.run;
  int rewritten = 0;
  for (int night = 0; night < 30; ++night) {
    CAPTURE(night);
    bench.load(9);
    const std::set<std::string> expected = bench.texts();
    bench.rest();
    const std::vector<Manifest::Run> runs = bench.manifest().runs;
    CHECK(runs.size() <= 3);
    CHECK(bench.term_runs().size() <= 3);
    std::uint64_t later = 0;
    for (std::size_t i = 1; i < runs.size(); ++i) later += rows_of(runs[i]);
    CHECK(later * bench.store->tuning().rest_base_share <= rows_of(runs[0]));
    if (std::exchange(base, runs[0].info.run) != runs[0].info.run) ++rewritten;
    CHECK(bench.texts() == expected);
    verify_store(*bench.store->newest(), {});
  }
  CHECK(rewritten == 1);
  bench.check_keys();
}

TEST_CASE("rows that are no run yet are no reason to rewrite all that are") {
  Bench bench;
  bench.load(60);
  bench.rest();
  REQUIRE(bench.manifest().runs.size() == 1);
  // Much about few new terms: a third of the run's rows.
  const std::uint64_t rows = rows_of(bench.manifest().runs[0]);
  for (std::uint64_t later = 0; later * 3 < rows; later += 4) {
    const auto writer = bench.begin();
    const Id what = intern(*writer, ex("new"));
    for (int i = 0; i < 4; ++i) {
      writer->insert({intern(*writer, ex("s" + std::to_string(i))), what,
                      intern(*writer, integer(static_cast<int>(later))), kDefaultGraph});
    }
    writer->commit();
  }
  const auto chosen = [&] { return choose_terms(*bench.store->newest(), bench.store->tuning(), MergeGoal::rest); };
  CHECK(chosen() != 1);
  flush_commits(*bench.store);
  CHECK(bench.manifest().runs.size() > 1);
  CHECK(chosen() == 1);
}

TEST_CASE("loads that come to a quarter of the first are merged with it") {
  Bench bench;
  bench.load(60);
  for (int i = 0; i < 4; ++i) bench.load(12);
  const std::set<std::string> expected = bench.texts();
  CHECK(bench.merge());
  CHECK(bench.term_runs().size() == 1);
  CHECK(bench.manifest().runs.size() == 1);
  CHECK_FALSE(bench.manifest().runs[0].info.marked);
  CHECK(bench.texts() == expected);
  verify_store(*bench.store->newest(), {});
  CHECK_FALSE(bench.merge());
  bench.check_keys();
}

TEST_CASE("a tail that has grown becomes part of a run") {
  Bench bench;
  bench.load(1);
  bench.load(200);
  while (!choose_terms(*bench.store->newest(), bench.store->tuning())) bench.load(1);
  CHECK(bench.store->newest()->dictionary->tail_terms() >= bench.store->tuning().tail_terms);
  const std::set<std::string> expected = bench.texts();
  const Id known = bench.find("s0");
  CHECK(bench.merge());
  // Those of the first commit are older than the run, and stay.
  CHECK(bench.store->newest()->dictionary->tail_terms() == 6);
  CHECK(bench.find("s0") == known);
  CHECK(bench.term_runs().size() == 2);
  CHECK(bench.texts() == expected);
  verify_store(*bench.store->newest(), {});
  bench.reopen();
  verify_store(*bench.store->newest(), {});
  CHECK(bench.texts() == expected);
  // Everything can be made one run still.
  bench.optimize();
  CHECK(bench.texts() == expected);
  CHECK(bench.term_runs().size() == 1);
  CHECK(bench.store->newest()->dictionary->tail_terms() == 0);
  verify_store(*bench.store->newest(), {});
  bench.check_keys();
}

TEST_CASE("what is committed while terms are merged is kept, in runs of its own and in small commits") {
  Bench bench;
  bench.load(300);
  for (int i = 0; i < 2; ++i) bench.load(9);
  for (const int meanwhile : {1, 15}) {
    bench.load(9);
    int commits = 0;
    bench.merge([&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (commits < 3 && phase.find("rows") != std::string_view::npos) {
        ++commits;
        bench.load(meanwhile);
      }
    });
    CHECK(commits == 3);
    verify_store(*bench.store->newest(), {});
    for (int i = 0; i < bench.next; ++i) CHECK(bench.find("s" + std::to_string(i)).is_bound());
    const std::set<std::string> expected = bench.texts();
    bench.reopen();
    CHECK(bench.texts() == expected);
    verify_store(*bench.store->newest(), {});
  }
}

TEST_CASE("a graph that gets its name while terms are merged keeps it") {
  for (const bool all : {true, false}) {
    Bench bench;
    bench.load(1);
    bench.load(100);
    bench.optimize();
    if (!all) {
      while (!choose_terms(*bench.store->newest(), bench.store->tuning())) bench.load(1);
    }
    // It has the number that it will have afterwards: all terms are in use, so that none before it goes.
    const auto meanwhile = [&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (phase.find("rows") == std::string_view::npos || bench.find("late").is_bound()) return;
      const auto writer = bench.begin();
      writer->insert(intern(*writer, ex("s1"), ex("p"), ex("s2"), ex("late")));
      writer->commit();
    };
    if (all) {
      bench.optimize(meanwhile);
    } else {
      CHECK(bench.merge(meanwhile));
    }
    verify_store(*bench.store->newest(), {});
    bench.reopen();
    verify_store(*bench.store->newest(), {});
    CHECK(CommittedSnapshot(bench.store->newest()).count({}, GraphScope::named(bench.find("late"))) == 1);
  }
}

TEST_CASE("while a transaction is open a merge of terms waits for it, and holds nobody up") {
  Bench bench;
  bench.load(300);
  for (int i = 0; i < 3; ++i) bench.load(9);
  auto writer = bench.begin();
  bench.write(*writer, 5, false);
  std::atomic<bool> waiting{false};
  std::thread merging([&] {
    bench.merge([&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (phase.find("waiting") != std::string_view::npos) waiting = true;
    });
  });
  while (!waiting) std::this_thread::yield();
  // A backup would need this lock, and might be made by the very thread whose transaction is open.
  static_cast<void>(bench.store->lock_structure());
  bench.write(*writer, 5, true);
  writer = nullptr;
  const int next = bench.next;
  merging.join();
  CHECK(bench.term_runs().size() == 3);  // the third is that commit's
  for (int i = 0; i < next; ++i) CHECK(bench.find("s" + std::to_string(i)).is_bound());
  verify_store(*bench.store->newest(), {});
}

TEST_CASE("a merge of terms can be ended at any point, and leaves the store as it was") {
  Bench bench;
  bench.load(300);
  for (int i = 0; i < 3; ++i) bench.load(9);
  const std::set<std::string> expected = bench.texts();
  const std::vector<std::uint32_t> runs = bench.term_runs();
  for (int limit = 1;; ++limit) {
    int left = limit;
    const auto ended = failure([&] {
      (void)bench.merge([&](std::string_view, std::uint64_t, std::uint64_t) {
        if (--left == 0) throw Error(ErrorCode::cancelled, "enough");
      });
    });
    CHECK(bench.texts() == expected);
    if (!ended) break;
    CHECK(ended->code == ErrorCode::cancelled);
    CHECK(bench.term_runs() == runs);
    bench.check_keys();
  }
  CHECK(bench.term_runs().size() == 2);
  verify_store(*bench.store->newest(), {});
}

TEST_CASE("the background worker merges terms, and begin() is never refused because of it") {
  const TempDirectory directory;
  std::size_t expected = 0;
  {
    const auto database = open_database(directory / "store", fast(), restless());
    for (int i = 0; i < 400; ++i) {
      const auto writer = database->begin();
      const Term subject = ex("s" + std::to_string(i));
      writer->insert(
          intern(*writer, subject, ex("p"), literal("text " + std::to_string(i)), ex("g" + std::to_string(i % 5))));
      if (i % 40 == 39) {
        for (int more = 0; more < 30; ++more) {
          writer->insert(intern(*writer, subject, ex("q"), ex("o" + std::to_string(i) + "_" + std::to_string(more))));
        }
      }
      writer->commit();
    }
    expected = rows(*database->snapshot()).size();
    CHECK(expected == 400 + 10 * 30);
    database->verify();
    // It has all the time it wants, and takes little.
    const auto tail_terms = [&] {
      const auto snapshot = std::dynamic_pointer_cast<const CommittedSnapshot>(database->snapshot());
      return snapshot->version()->dictionary->tail_terms();
    };
    database->finish_merges();
    CHECK(tail_terms() <= 200);
  }
  const auto database = open_database(directory / "store", fast(), restless());
  CHECK(rows(*database->snapshot()).size() == expected);
  database->verify();
}

}  // namespace
}  // namespace akyn::storage::test
