// Runs of terms and the tail on their way to fewer runs, seen by nobody.
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/storage/background.h"
#include "engine/storage/load_version.h"
#include "engine/storage/manifest.h"
#include "engine/storage/optimize_store.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/verify.h"
#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

// A store without a background worker: the test does its steps.
struct Bench {
  Bench() : rocks(Rocks::open_in_memory(fast())) {
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
    reopen();
  }
  void reopen() {
    store = nullptr;
    store = std::make_shared<VersionStore>(rocks, restless());
  }

  [[nodiscard]] std::unique_ptr<Writer> begin() const { return begin_writing(store, slot, fast()); }
  // A commit of so many new subjects, about which little is said.
  void load(int subjects) { write(*begin(), subjects, true); }
  void write(Writer& writer, int subjects, bool commit) {
    for (int i = 0; i < subjects; ++i, ++next) {
      const Term subject = ex("s" + std::to_string(next));
      writer.insert(intern(writer, subject, ex("p"), integer(next)));
      if (next % 4 == 0) {
        const Term said = triple_term(subject, ex("p"), integer(next));
        writer.insert(
            intern(writer, ex("r" + std::to_string(next)), ex("reifies"), said, ex("g" + std::to_string(next))));
      }
      // Something of before goes, and something about it comes.
      if (next % 3 == 2) {
        const Id before = intern(writer, ex("s" + std::to_string(next / 2)));
        for (const QuadIds& quad : rows(*writer.snapshot(), {before, Id(), Id()})) writer.remove(quad);
        writer.insert({before, intern(writer, ex("q")), intern(writer, subject), kDefaultGraph});
      }
    }
    if (commit) writer.commit();
  }
  bool merge(const WorkProgress& progress = {}) const {
    MergeOptions options;
    options.progress = progress;
    return merge_terms(*store, *slot, options);
  }

  [[nodiscard]] Manifest manifest() const { return read_manifest(*rocks); }
  [[nodiscard]] std::vector<std::uint32_t> term_runs() const {
    std::vector<std::uint32_t> runs;
    for (const DictionaryDescription::Run& run : manifest().dictionary.runs) runs.push_back(run.run);
    return runs;
  }
  [[nodiscard]] std::set<std::string> texts() const {
    const CommittedSnapshot snapshot(store->newest());
    std::set<std::string> texts;
    for (const QuadIds& quad : rows(snapshot)) {
      std::string text;
      for (const Id id : {quad.subject, quad.predicate, quad.object}) text += snapshot.term(id).to_string() + ' ';
      if (quad.graph != kDefaultGraph) text += snapshot.term(quad.graph).to_string();
      CHECK(texts.insert(text).second);
    }
    return texts;
  }
  [[nodiscard]] Id find(const std::string& name) const {
    return CommittedSnapshot(store->newest()).find(ex(name).view());
  }
  // Keys of nothing but what the manifest names, when nobody reads anything older.
  void check_keys() const {
    while (do_background_step(*store)) {
    }
    const std::set<std::uint32_t> live = manifest().live_runs();
    for (const Family family : kRunFamilies) {
      for (KeyRange keys(*rocks, family, {}); keys.valid(); keys.next()) {
        CHECK(live.contains(load_u32(keys.key().data())));
      }
    }
  }

  std::shared_ptr<Rocks> rocks;
  std::shared_ptr<VersionStore> store;
  std::shared_ptr<WriterSlot> slot = std::make_shared<WriterSlot>();
  int next = 0;
};

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
  CHECK(bench.merge());
  CHECK(bench.store->newest()->dictionary->tail_terms() < bench.store->tuning().tail_terms);
  CHECK(bench.texts() == expected);
  verify_store(*bench.store->newest(), {});
  bench.reopen();
  verify_store(*bench.store->newest(), {});
  CHECK(bench.texts() == expected);
  // Everything can be made one run still.
  optimize_store(*bench.store, *bench.slot, MergeOptions());
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
      return snapshot->version().dictionary->tail_terms();
    };
    for (int i = 0; i < 20'000 && tail_terms() > 200; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(tail_terms() <= 200);
  }
  const auto database = open_database(directory / "store", fast(), restless());
  CHECK(rows(*database->snapshot()).size() == expected);
  database->verify();
}

}  // namespace
}  // namespace akyn::storage::test
