// Rows on their way from commits to runs, and runs to fewer runs, seen by nobody.
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "engine/storage/background.h"
#include "engine/storage/commit.h"
#include "engine/storage/load_version.h"
#include "engine/storage/manifest.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/staged_files.h"
#include "engine/storage/statistics.h"
#include "engine/storage/version_store.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

// A store without a background worker: the test does its steps.
struct Bench {
  explicit Bench(const Tuning& tuning = tiny()) : rocks(Rocks::open_in_memory(fast())) {
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
    reopen(tuning);
  }
  void reopen(const Tuning& tuning = tiny()) { store = std::make_unique<VersionStore>(rocks, tuning); }

  // Inserts or removes quads of small numbers: subject, predicate, object, graph (0 the default graph).
  void commit(const std::vector<std::array<std::uint64_t, 4>>& quads, bool insert = true) {
    const auto base = store->newest();
    Pending pending(base, base->counters.next_term, base->counters.next_blank);
    for (const auto& [s, p, o, g] : quads) {
      const QuadIds quad{Id(IdType::blank, s), Id(IdType::blank, p), Id(IdType::blank, o),
                         g == 0 ? kDefaultGraph : Id(IdType::blank, g)};
      if (insert) {
        pending.insert(quad);
      } else {
        pending.remove(quad);
      }
    }
    write_commit(*store, pending);
  }
  [[nodiscard]] std::size_t runs() const { return read_manifest(*rocks).runs.size(); }
  [[nodiscard]] std::size_t records() const { return keys(Family::delta); }
  [[nodiscard]] std::size_t keys(Family family) const {
    std::size_t count = 0;
    for (KeyRange range(*rocks, family, {}); range.valid(); range.next()) ++count;
    return count;
  }
  [[nodiscard]] std::size_t rows() const { return test::rows(CommittedSnapshot(store->newest())).size(); }

  std::shared_ptr<Rocks> rocks;
  std::unique_ptr<VersionStore> store;
};

TEST_CASE("commits become records, records a run, and a run without rows nothing") {
  Bench bench;
  for (std::uint64_t i = 1; i <= 5; ++i) bench.commit({{i, 1, 1, 0}, {i, 1, 1, 7}});
  CHECK(bench.records() == 5);
  CHECK(bench.runs() == 0);
  CHECK(do_background_step(*bench.store));
  CHECK(bench.records() == 0);
  CHECK(bench.runs() == 1);
  CHECK(bench.rows() == 10);
  CHECK(do_background_step(*bench.store));  // counts what the run holds
  CHECK(read_statistics(*bench.rocks, read_manifest(*bench.rocks).runs[0].info.run));
  CHECK_FALSE(do_background_step(*bench.store));

  bench.commit({{9, 9, 9, 0}});
  bench.commit({{9, 9, 9, 0}}, false);
  flush_commits(*bench.store);
  CHECK(bench.records() == 0);
  CHECK(bench.runs() == 1);
  CHECK(bench.rows() == 10);
}

TEST_CASE("a merge leaves one run, deletes the others' keys with their last reader, and nothing of what was removed") {
  Bench bench;
  bench.commit({{1, 1, 1, 0}, {2, 1, 1, 0}, {3, 1, 1, 7}});
  flush_commits(*bench.store);
  bench.commit({{1, 1, 1, 0}, {3, 1, 1, 7}}, false);
  flush_commits(*bench.store);
  CHECK(bench.runs() == 2);
  const auto reader = std::make_unique<CommittedSnapshot>(bench.store->newest());
  const std::size_t keys = bench.keys(Family::blocks);
  CHECK(do_background_step(*bench.store));
  CHECK(bench.runs() == 1);
  CHECK_FALSE(read_manifest(*bench.rocks).runs[0].info.marked);
  (void)do_background_step(*bench.store);
  CHECK(bench.keys(Family::blocks) == keys + 6);
  CHECK(rows(*reader).size() == 1);
}

TEST_CASE("the keys of merged runs go when nobody reads them any more") {
  Bench bench;
  for (std::uint64_t i = 1; i <= 2; ++i) {
    bench.commit({{i, 1, 1, 0}});
    flush_commits(*bench.store);
  }
  auto reader = std::make_unique<CommittedSnapshot>(bench.store->newest());
  auto scan = reader->scan({}, GraphScope::all());
  CHECK(do_background_step(*bench.store));
  reader = nullptr;
  (void)do_background_step(*bench.store);
  CHECK(bench.keys(Family::blocks) == 18);
  CHECK(rows(*scan).size() == 2);
  scan = nullptr;
  (void)do_background_step(*bench.store);
  CHECK(bench.keys(Family::blocks) == 6);
  CHECK(bench.keys(Family::directory) == 6);
  CHECK(bench.rows() == 2);
}

TEST_CASE("runs that no manifest names go when the store is opened") {
  Bench bench;
  bench.commit({{1, 1, 1, 0}});
  flush_commits(*bench.store);
  // In files of several runs, and of one.
  for (const std::vector<std::uint32_t>& runs : {std::vector<std::uint32_t>{76, 77, 78}, {80}}) {
    StagedFiles files(*bench.rocks, "test");
    for (const Family family : {Family::blocks, Family::directory}) {
      for (const std::uint32_t run : runs) files.put(family, BlockKey(run, 3, 0).view(), "x");
    }
    files.take_in();
  }
  CHECK(bench.keys(Family::blocks) == 10);  // six are of the run
  bench.reopen();
  CHECK(bench.keys(Family::blocks) == 6);
  CHECK(bench.keys(Family::directory) == 6);
  CHECK(bench.rows() == 1);
}

TEST_CASE("a store is the same after every step and when it is read anew") {
  Bench bench;
  std::mt19937_64 random(11);
  std::set<std::array<std::uint64_t, 4>> model;
  for (int step = 0; step < 120; ++step) {
    CAPTURE(step);
    const bool insert = random() % 3 != 0;
    std::vector<std::array<std::uint64_t, 4>> quads;
    for (std::uint64_t i = random() % (step % 10 == 0 ? 30 : 6) + 1; i > 0; --i) {
      quads.push_back({random() % 4 + 1, random() % 2 + 1, random() % 5 + 1, random() % 3});
    }
    std::sort(quads.begin(), quads.end());
    quads.erase(std::unique(quads.begin(), quads.end()), quads.end());
    bench.commit(quads, insert);
    for (const auto& quad : quads) {
      if (insert) {
        model.insert(quad);
      } else {
        model.erase(quad);
      }
    }
    while (bench.store->newest()->delta_rows() >= bench.store->tuning().stall_rows / 2 || random() % 2 == 0) {
      if (!do_background_step(*bench.store)) break;
    }
    if (random() % 8 == 0) bench.reopen();
    CHECK(bench.rows() == model.size());
    const auto reread = load_version(bench.store->sources(), nullptr);
    CHECK(rows(CommittedSnapshot(reread)) == rows(CommittedSnapshot(bench.store->newest())));
    CHECK(reread->counters == bench.store->newest()->counters);
  }
}

TEST_CASE("rows of a dead graph that no run holds yet do not keep the worker busy for ever") {
  Bench bench;
  std::vector<std::array<std::uint64_t, 4>> quads;
  for (std::uint64_t i = 1; i <= 40; ++i) {
    quads.push_back({i, 1, 1, 0});
    quads.push_back({i, 1, 1, 7});
  }
  bench.commit(quads);  // large: a run
  bench.commit({{50, 1, 1, 7}});
  {
    const auto base = bench.store->newest();
    Pending pending(base, base->counters.next_term, base->counters.next_blank);
    CHECK(pending.clear_graph(Id(IdType::blank, 7)) == 41);
    write_commit(*bench.store, pending);
  }
  int steps = 0;
  while (do_background_step(*bench.store)) REQUIRE(++steps < 10);
  CHECK(bench.rows() == 40);
  flush_commits(*bench.store);
  while (do_background_step(*bench.store)) REQUIRE(++steps < 20);
  CHECK(bench.rows() == 40);
}

TEST_CASE("a dead graph costs the commits after it nothing, and few of them are kept") {
  Tuning tuning = tiny();
  tuning.flush_rows = 1000;
  tuning.stall_rows = 100'000;
  tuning.large_commit = 100'000;
  Bench bench(tuning);
  std::vector<std::array<std::uint64_t, 4>> quads;
  for (std::uint64_t i = 1; i <= 200; ++i) {
    quads.push_back({i, 1, 1, 0});
    quads.push_back({i, 1, 1, 10 + i % 20});
  }
  bench.commit(quads);
  flush_commits(*bench.store);
  const auto dead_keys = [&] {
    std::size_t count = 0;
    for (KeyRange range(*bench.rocks, Family::metadata, {&kDeadGraphTag, 1}); range.valid(); range.next()) ++count;
    return count;
  };
  const auto clear = [&](std::uint64_t graph) {
    const auto base = bench.store->newest();
    Pending pending(base, base->counters.next_term, base->counters.next_blank);
    CHECK(pending.clear_graph(Id(IdType::blank, graph)) == 10);
    write_commit(*bench.store, pending);
  };
  const std::uint64_t structure = bench.store->newest()->counters.structure;
  for (std::uint64_t graph = 10; graph < 10 + tuning.most_dead_graphs; ++graph) clear(graph);
  CHECK(dead_keys() == tuning.most_dead_graphs);
  CHECK(bench.store->newest()->counters.structure == structure);
  bench.reopen(tuning);
  CHECK(bench.store->newest()->dead.size() == tuning.most_dead_graphs);
  while (do_background_step(*bench.store)) {
  }
  CHECK(dead_keys() == tuning.most_dead_graphs);
  clear(29);
  while (do_background_step(*bench.store)) {
  }
  CHECK(dead_keys() == 0);
  CHECK(bench.rows() == 200 + 10 * (20 - tuning.most_dead_graphs - 1));
  bench.reopen(tuning);
  CHECK(bench.store->newest()->dead.empty());
  CHECK(bench.rows() == 200 + 10 * (20 - tuning.most_dead_graphs - 1));
}

TEST_CASE("when nothing is left of the oldest run the next one takes its place, with statistics") {
  Bench bench;
  bench.commit({{1, 1, 1, 0}, {2, 1, 1, 0}});
  flush_commits(*bench.store);
  bench.commit({{1, 1, 1, 0}, {2, 1, 1, 0}}, false);
  flush_commits(*bench.store);
  // A run that inserts and deletes, of which only inserts are left when runs are merged.
  bench.commit({{3, 1, 1, 0}, {4, 1, 1, 0}});
  bench.commit({{4, 1, 1, 0}}, false);
  flush_commits(*bench.store);
  while (do_background_step(*bench.store)) {
  }
  CHECK(bench.rows() == 1);
  REQUIRE(bench.runs() == 1);
  CHECK(read_statistics(*bench.rocks, read_manifest(*bench.rocks).runs[0].info.run));
  CHECK(read_manifest(*bench.rocks).runs[0].info.default_graph.deletes == 0);
}

TEST_CASE("counts leave out dead graphs, however many rows there are") {
  Tuning tuning;
  tuning.small_graph = 0;
  Bench bench(tuning);
  std::vector<std::array<std::uint64_t, 4>> quads;
  for (std::uint64_t i = 1; i <= 9000; ++i) {
    quads.push_back({i, 1 + i % 2, 1, 8});
    if (i % 10 == 0) quads.push_back({i, 1 + i % 4 / 2, 1, 9});
  }
  bench.commit(quads);
  for (int round = 0; round < 2; ++round) {
    {
      const auto base = bench.store->newest();
      Pending pending(base, base->counters.next_term, base->counters.next_blank);
      pending.clear_graph(Id(IdType::blank, 9));
      write_commit(*bench.store, pending);
    }
    const CommittedSnapshot snapshot(bench.store->newest());
    CHECK(snapshot.version()->dead.size() == 1);
    const Id predicate(IdType::blank, 1);
    const Id object(IdType::blank, 1);
    for (const TriplePattern& pattern :
         {TriplePattern{}, TriplePattern{Id(), predicate, Id()}, TriplePattern{Id(), Id(), object},
          TriplePattern{Id(), predicate, object}, TriplePattern{Id(IdType::blank, 20), Id(), Id()},
          TriplePattern{Id(IdType::blank, 20), Id(), object}}) {
      CHECK(snapshot.count(pattern, GraphScope::all_named()) ==
            test::rows(snapshot, pattern, GraphScope::all_named()).size());
      CHECK(snapshot.count(pattern, GraphScope::all()) == test::rows(snapshot, pattern, GraphScope::all()).size());
    }
    flush_commits(*bench.store);
  }
}

TEST_CASE("small graphs are cleared and moved row by row, and leave nothing behind") {
  Bench bench;
  const auto change = [&](const auto& action) {
    const auto base = bench.store->newest();
    Pending pending(base, base->counters.next_term, base->counters.next_blank, 2);
    action(pending);
    write_commit(*bench.store, pending);
  };
  const auto graph = [](std::uint64_t number) { return Id(IdType::blank, number); };
  bench.commit({{1, 1, 1, 7}, {2, 1, 1, 7}, {3, 1, 1, 8}, {1, 1, 1, 9}, {2, 1, 1, 9}, {3, 1, 1, 9}});
  change([&](Pending& pending) { CHECK(pending.clear_graph(graph(7)) == 2); });
  change([&](Pending& pending) { pending.move_graph(graph(8), graph(7)); });
  CHECK(bench.store->newest()->dead.empty());
  CHECK(bench.store->newest()->graph_size(graph(7)) == 1);
  CHECK(bench.store->newest()->graph_size(graph(8)) == 0);
  change([&](Pending& pending) { pending.move_graph(graph(9), graph(7)); });
  CHECK(bench.store->newest()->dead.size() == 1);
  CHECK(bench.store->newest()->graph_size(graph(7)) == 3);
  CHECK(bench.rows() == 3);
}

TEST_CASE("the columns of a version by order, prefix and mask") {
  Bench bench;
  bench.commit({{1, 1, 3, 0}, {1, 2, 4, 0}, {2, 1, 5, 0}, {2, 1, 5, 9}});
  const CommittedSnapshot snapshot(bench.store->newest());
  const auto id = [](std::uint64_t number) { return Id(IdType::blank, number).bits(); };
  const OrderTag order = order_tag(Partition::default_graph, Permutation::pso);
  const auto cursor = snapshot.cursor(order, RowRange::prefix({id(1)}), column_bit(2));
  RowBatch batch;
  REQUIRE(cursor->next(batch));
  REQUIRE(batch.rows() == 2);
  CHECK(batch.column(2)[0] == id(3));
  CHECK(batch.column(2)[1] == id(5));
  CHECK_FALSE(cursor->next(batch));
  CHECK(snapshot.version()->graphs.find(Id(IdType::blank, 9)) == GraphEntry{1, 1});
}

TEST_CASE("readers, a writer and the background worker at the same time") {
  const auto database = open_database_in_memory(fast(), tiny());
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        // Every commit adds one quad to each of two graphs, or takes one from each.
        const auto now = database->snapshot();
        const std::size_t in_default = rows(*now, {}, GraphScope::default_graph()).size();
        if (in_default != rows(*now, {}, GraphScope::all_named()).size()) ++wrong;
        if (in_default != now->count({}, GraphScope::default_graph())) ++wrong;
      }
    });
  }
  for (int i = 0; i < 150; ++i) {
    const auto writer = database->begin();
    const Term subject = ex("s" + std::to_string(i % 40));
    for (const Term& graph : {Term(), ex("g")}) {
      const QuadIds quad = intern(*writer, subject, ex("p"), integer(1), graph);
      if (i % 80 < 40) {
        writer->insert(quad);
      } else {
        writer->remove(quad);
      }
    }
    writer->commit();
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(rows(*database->snapshot()).size() == 20);
  database->verify();
}

}  // namespace
}  // namespace akyn::storage::test
