// Optimizing and copying stores that are in use.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "engine/storage/background.h"
#include "engine/storage/load_version.h"
#include "engine/storage/optimize_store.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/statistics.h"
#include "engine/storage/verify.h"
#include "engine/storage/writer.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

// The quads of a snapshot as text: Ids change when a store is optimized.
std::set<std::string> texts(const Snapshot& snapshot) {
  std::set<std::string> texts;
  for (const QuadIds& quad : rows(snapshot)) {
    std::string text;
    for (const Id id : {quad.subject, quad.predicate, quad.object, quad.graph}) {
      text += id == kDefaultGraph ? "-" : snapshot.term(id).to_string();
      text += ' ';
    }
    CHECK(texts.insert(text).second);
  }
  return texts;
}

// A transaction of random changes; every kind of term and of graph.
void change_at_random(Database& database, std::mt19937& random, int changes) {
  const auto writer = database.begin();
  const auto name = [&](const char* kind, std::uint32_t bound) { return ex(kind + std::to_string(random() % bound)); };
  for (int i = 0; i < changes; ++i) {
    Term object;
    switch (random() % 5) {
      case 0:
        object = integer(static_cast<std::int64_t>(random() % 50));
        break;
      case 1:
        object = triple_term(name("s", 20), ex("p0"), literal("t" + std::to_string(random() % 40)));
        break;
      case 2:
        object = lang_literal("l" + std::to_string(random() % 40), random() % 2 == 0 ? "ky" : "KY");
        break;
      case 3:
        object = typed_literal("0" + std::to_string(random() % 40), "http://www.w3.org/2001/XMLSchema#integer");
        break;
      default:
        object = name("s", 20);
    }
    const QuadIds quad =
        intern(*writer, name("s", 20), name("p", 3), object, random() % 2 == 0 ? Term() : name("g", 4));
    if (random() % 3 != 0) {
      writer->insert(quad);
    } else {
      writer->remove(quad);
    }
  }
  if (random() % 6 == 0) writer->clear_graph(intern(*writer, name("g", 4)));
  if (random() % 6 == 0) writer->move_graph(intern(*writer, name("g", 4)), intern(*writer, name("g", 4)));
  writer->commit();
}

TEST_CASE("an optimized store holds the same quads, for old readers, new ones, and when it is opened again") {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const TempDirectory directory;
    auto database = open_database(directory / "store", fast(), restless());
    for (int round = 0; round < 4; ++round) {
      for (std::uint32_t commits = random() % 12; commits > 0; --commits) {
        change_at_random(*database, random, static_cast<int>(random() % 30));
      }
      auto before = database->snapshot();
      const std::set<std::string> expected = texts(*before);
      database->optimize();
      database->verify();
      CHECK(texts(*database->snapshot()) == expected);
      CHECK(texts(*before) == expected);
      before = nullptr;
      change_at_random(*database, random, 20);
      const std::set<std::string> changed = texts(*database->snapshot());
      database = nullptr;
      database = open_database(directory / "store", fast(), restless());
      database->verify();
      CHECK(texts(*database->snapshot()) == changed);
    }
  }
}

TEST_CASE("readers, writers and a follower go on while a store is optimized again and again") {
  const TempDirectory directory;
  const auto database = open_database(directory / "store", fast(), restless());
  StoreOptions read_only = fast();
  read_only.read_only = true;
  const auto follower = open_database(directory / "store", read_only, restless());
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  // Every commit adds a quad to the default graph and the same to a named one, or takes both away.
  const auto is_whole = [](const Snapshot& snapshot) {
    std::set<std::string> in_default;
    std::set<std::string> in_named;
    for (const QuadIds& quad : rows(snapshot)) {
      (quad.graph == kDefaultGraph ? in_default : in_named).insert(snapshot.term(quad.object).to_string());
    }
    return in_default == in_named;
  };
  std::vector<std::thread> others;
  for (const auto& readable : {database, follower}) {
    others.emplace_back([&, readable] {
      while (!stop) {
        if (!is_whole(*readable->snapshot())) ++wrong;
      }
    });
  }
  others.emplace_back([&] {
    while (!stop) database->optimize();
  });
  for (int i = 0; i < 150; ++i) {
    std::unique_ptr<Writer> writer;
    while (writer == nullptr) {
      try {
        writer = database->begin();
      } catch (const Error& error) {
        REQUIRE(error.code() == ErrorCode::locked);  // the optimizer has the slot
      }
    }
    for (const Term& graph : {Term(), ex("g")}) {
      const QuadIds quad = intern(*writer, ex("s"), ex("p"), literal("text " + std::to_string(i % 60)), graph);
      if (i % 120 < 60) {
        CHECK(writer->insert(quad));
      } else {
        CHECK(writer->remove(quad));
      }
    }
    writer->commit();
  }
  stop = true;
  for (std::thread& thread : others) thread.join();
  CHECK(wrong == 0);
  CHECK(rows(*database->snapshot()).size() == 60);
  database->verify();
  follower->verify();
}

TEST_CASE("optimizing leaves one run of rows, one of terms and nothing that no quad uses") {
  std::mt19937 random(3);
  const auto rocks = Rocks::open_in_memory(fast());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
  const auto store = std::make_shared<VersionStore>(rocks, restless());
  const auto slot = std::make_shared<WriterSlot>();
  const auto commit = [&](const Term& object, bool insert) {
    const auto writer = begin_writing(store, slot, fast());
    const QuadIds quad = intern(*writer, ex("s"), ex("p"), object, ex("g"));
    CHECK((insert ? writer->insert(quad) : writer->remove(quad)));
    writer->commit();
  };
  for (int i = 0; i < 20; ++i) commit(literal("text " + std::to_string(i)), true);
  flush_commits(*store);
  for (int i = 0; i < 15; ++i) commit(literal("text " + std::to_string(i)), false);
  optimize_store(*store, *slot, MergeOptions());
  const Manifest manifest = read_manifest(*rocks);
  CHECK(manifest.runs.size() == 1);
  CHECK_FALSE(manifest.runs[0].info.marked);
  CHECK(manifest.dictionary.runs.size() == 1);
  CHECK(store->newest()->dictionary->terms() == 3 + 5);
  CHECK(store->newest()->dictionary->tail_terms() == 0);
  CHECK(store->newest()->counters.next_term == 9);
  CHECK_FALSE(CommittedSnapshot(store->newest()).find(literal("text 3").view()).is_bound());
  // The keys of before go with their last reader.
  while (do_background_step(*store)) {
  }
  const std::set<std::uint32_t> live = manifest.live_runs();
  for (const Family family : kRunFamilies) {
    for (KeyRange keys(*rocks, family, {}); keys.valid(); keys.next()) {
      CHECK(live.contains(load_u32(keys.key().data())));
    }
  }
  // New terms get numbers that follow on.
  commit(literal("new"), true);
  CHECK(store->newest()->counters.next_term == 10);
  verify_store(*store->newest(), {});
}

TEST_CASE("optimizing waits for the transaction that is open, whose changes are kept") {
  const auto database = open_database_in_memory(fast(), restless());
  std::mt19937 random(4);
  for (int i = 0; i < 10; ++i) change_at_random(*database, random, 10);
  auto writer = database->begin();
  const QuadIds quad = intern(*writer, ex("new_subject"), ex("p0"), literal("new"), ex("new_graph"));
  writer->insert(quad);
  std::atomic<bool> waiting{false};
  std::thread optimizer([&] {
    database->optimize([&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (phase.find("waiting") != std::string_view::npos) waiting = true;
    });
  });
  while (!waiting) std::this_thread::yield();
  CHECK(rows(*writer->snapshot(), {}, GraphScope::named(quad.graph)) == std::vector<QuadIds>{quad});
  writer->commit();
  const std::set<std::string> expected = texts(*database->snapshot());
  optimizer.join();
  CHECK(texts(*database->snapshot()) == expected);
  CHECK(database->snapshot()->find(ex("new_graph").view()).is_bound());
  database->verify();
}

TEST_CASE("a commit that waits for room goes on when the store is optimized") {
  const auto rocks = Rocks::open_in_memory(fast());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
  // No background worker: nobody else makes room.
  const auto store = std::make_shared<VersionStore>(rocks, restless());
  const auto slot = std::make_shared<WriterSlot>();
  const auto commit = [&](std::int64_t number) {
    const auto writer = begin_writing(store, slot, fast());
    writer->insert(intern(*writer, ex("s"), ex("p"), integer(number)));
    writer->commit();
  };
  std::int64_t number = 0;
  while (store->newest()->delta_rows() < restless().stall_rows) commit(number++);
  std::thread waiting([&] { commit(number); });
  while (slot->acquire(std::chrono::milliseconds(0))) {
    slot->release();
    std::this_thread::yield();
  }
  optimize_store(*store, *slot, MergeOptions());
  waiting.join();
  CHECK(CommittedSnapshot(store->newest()).count({}, GraphScope::all()) == static_cast<std::uint64_t>(number + 1));
}

TEST_CASE("a first load commits while the optimizer waits for it") {
  const auto database = open_database_in_memory(fast(), restless());
  {
    // Terms, and no rows.
    const auto writer = database->begin();
    writer->insert(intern(*writer, ex("s"), ex("p"), ex("o"), ex("g")));
    writer->commit();
  }
  {
    const auto writer = database->begin();
    writer->clear_graph(intern(*writer, ex("g")));
    writer->commit();
  }
  auto writer = database->begin();
  for (int i = 0; i < 100; ++i) writer->insert(intern(*writer, ex("s"), ex("p"), integer(i)));
  std::atomic<bool> waiting{false};
  std::thread optimizer([&] {
    database->optimize([&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (phase.find("waiting") != std::string_view::npos) waiting = true;
    });
  });
  while (!waiting) std::this_thread::yield();
  writer->commit();
  optimizer.join();
  CHECK(rows(*database->snapshot()).size() == 100);
  database->verify();
}

TEST_CASE("long work can be ended at any point, and leaves the store as it was") {
  std::mt19937 random(5);
  const TempDirectory directory;
  auto database = open_database(directory / "store", fast(), restless());
  for (int i = 0; i < 20; ++i) change_at_random(*database, random, 20);
  const std::set<std::string> expected = texts(*database->snapshot());
  for (const bool optimize : {true, false}) {
    for (int limit = 1;; ++limit) {
      int left = limit;
      const WorkProgress progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
        CHECK_FALSE(phase.empty());
        CHECK(done <= total);
        if (--left == 0) throw Error(ErrorCode::cancelled, "enough");
      };
      const auto ended = failure([&] {
        if (optimize) {
          database->optimize(progress);
        } else {
          database->verify(progress);
        }
      });
      if (!ended) break;
      CHECK(ended->code == ErrorCode::cancelled);
      CHECK(texts(*database->snapshot()) == expected);
    }
  }
  database->verify();
  CHECK(texts(*database->snapshot()) == expected);
  CHECK(std::filesystem::is_empty(directory / "store" / "staging"));
}

TEST_CASE("a backup is a store of what was committed when it was made") {
  std::mt19937 random(6);
  const TempDirectory directory;
  const auto database = open_database(directory / "store", fast(), restless());
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    std::mt19937 changes(7);
    while (!stop) change_at_random(*database, changes, 10);
  });
  for (int i = 0; i < 5; ++i) {
    const std::filesystem::path copy = directory.path() / "backups" / std::to_string(i);
    database->back_up(copy);
    const auto restored = open_database(copy, fast(), restless());
    restored->verify();
    change_at_random(*restored, random, 10);
    restored->verify();
  }
  stop = true;
  writer.join();
  database->verify();
  database->back_up(directory / "last");
  CHECK(texts(*open_database(directory / "last", fast(), restless())->snapshot()) == texts(*database->snapshot()));

  const auto taken = failure([&] { database->back_up(directory / "last"); });
  REQUIRE(taken);
  CHECK(taken->code == ErrorCode::invalid_argument);
  CHECK(mentions(taken->message, (directory / "last").string()));
  CHECK(failure([&] { memory()->back_up(directory / "other"); })->code == ErrorCode::unsupported);
  CHECK_FALSE(std::filesystem::exists(directory / "other"));
}

TEST_CASE("a backup leaves what is beside it and what it is of as they were") {
  const TempDirectory directory;
  const auto database = open_database(directory / "store", fast(), restless());
  // As RocksDB would call what is on its way to the copy.
  std::filesystem::create_directories(directory / "copy.tmp");
  std::ofstream(directory / "copy.tmp" / "thesis") << "of years";
  database->back_up(directory / "copy");
  CHECK(std::filesystem::exists(directory / "copy.tmp" / "thesis"));
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    names.insert(entry.path().filename().string());
  }
  CHECK(names == std::set<std::string>{"store", "copy", "copy.tmp"});

  std::filesystem::create_directory_symlink(directory / "store", directory / "link");
  for (const char* inside :
       {"store/copy", "store/staging/copy", "store/new/copy", "link/copy", "copy.tmp/../store/x"}) {
    CAPTURE(inside);
    const auto refused = failure([&] { database->back_up(directory / inside); });
    REQUIRE(refused);
    CHECK(refused->code == ErrorCode::invalid_argument);
    CHECK_FALSE(std::filesystem::exists((directory / inside).parent_path() / "copy"));
    CHECK_FALSE(std::filesystem::exists(directory / inside));
  }
  CHECK_FALSE(std::filesystem::exists(directory / "store" / "new"));
  database->verify();
}

TEST_CASE("statistics are those of the quads, and say which are exact") {
  std::mt19937 random(8);
  const auto rocks = Rocks::open_in_memory(fast());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
  const auto store = std::make_shared<VersionStore>(rocks, restless());
  const auto slot = std::make_shared<WriterSlot>();
  for (int round = 0; round < 40; ++round) {
    {
      const auto writer = begin_writing(store, slot, fast());
      for (int i = 0; i < 12; ++i) {
        const bool is_type = random() % 3 == 0;
        const Term predicate =
            is_type ? iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type") : ex("p" + std::to_string(random() % 4));
        const QuadIds quad =
            intern(*writer, ex("s" + std::to_string(random() % 9)), predicate, ex("o" + std::to_string(random() % 5)),
                   random() % 2 == 0 ? Term() : ex("g" + std::to_string(random() % 2)));
        if (random() % 3 != 0) {
          writer->insert(quad);
        } else {
          writer->remove(quad);
        }
      }
      if (round % 9 == 8) writer->clear_graph(intern(*writer, ex("g0")));
      writer->commit();
    }
    if (round % 5 == 4) {
      while (do_background_step(*store)) {
      }
    }
    if (round % 8 == 7) {
      optimize_store(*store, *slot, MergeOptions());
      while (do_background_step(*store)) {
      }
    }
    const CommittedSnapshot snapshot(store->newest());
    for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
      const PartitionStatistics statistics = statistics_of(store->newest(), partition, round % 2 == 0);
      std::map<Id, std::vector<QuadIds>> by_predicate;
      std::map<Id, std::uint64_t> by_class;
      const Id type = snapshot.find(iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type").view());
      for (const QuadIds& quad :
           rows(snapshot, {},
                partition == Partition::default_graph ? GraphScope::default_graph() : GraphScope::all_named())) {
        by_predicate[quad.predicate].push_back(quad);
        if (quad.predicate == type) ++by_class[quad.object];
      }
      REQUIRE(statistics.predicates.size() == by_predicate.size());
      for (const PredicateStatistics& predicate : statistics.predicates) {
        const std::vector<QuadIds>& quads = by_predicate.at(predicate.predicate);
        std::set<Id> subjects;
        std::set<Id> objects;
        for (const QuadIds& quad : quads) {
          subjects.insert(quad.subject);
          objects.insert(quad.object);
        }
        CHECK(predicate.rows == quads.size());
        CHECK(predicate.subjects <= predicate.rows);
        CHECK(predicate.objects <= predicate.rows);
        if (predicate.exact) {
          CHECK(predicate.subjects == subjects.size());
          CHECK(predicate.objects == objects.size());
        }
        if (round % 8 == 7 || round % 2 == 0) CHECK(predicate.exact);  // just optimized; asked for
      }
      REQUIRE(statistics.classes.size() == by_class.size());
      for (const ClassStatistics& type_of : statistics.classes) CHECK(type_of.rows == by_class.at(type_of.type));
    }
  }
}

TEST_CASE("a store that is opened for each of many loads has few runs when each waits for the merges") {
  const TempDirectory directory;
  std::size_t expected = 0;
  for (int load = 0; load < 30; ++load) {
    const auto database = open_database(directory / "store", fast(), restless());
    const auto writer = database->begin();
    for (int row = 0; row < 30; ++row, ++expected) {  // a run each time
      writer->insert(intern(*writer, ex("s" + std::to_string(expected)), ex("p"), ex("o" + std::to_string(load))));
    }
    writer->commit();
    database->finish_merges();
    // As few as Tuning::rest_growth allows, not as Tuning::most_runs does.
    CHECK(database->snapshot()->version()->layers.size() <= 3);
    CHECK(database->snapshot()->version()->dictionary->runs().size() <= 3);
  }
  const auto database = open_database(directory / "store", fast(), restless());
  database->verify();
  CHECK(rows(*database->snapshot()).size() == expected);
}

TEST_CASE("waiting for merges is for those who may write") {
  const TempDirectory directory;
  open_database(directory / "store", fast(), restless())->finish_merges();
  StoreOptions reading = fast();
  reading.read_only = true;
  const auto database = open_database(directory / "store", reading, restless());
  const auto failed = failure([&] { database->finish_merges(); });
  REQUIRE(failed);
  CHECK(failed->code == ErrorCode::read_only);
}

TEST_CASE("a writer that waits for fewer layers and a rebuild that waits for the writer both go on") {
  Tuning tuning = restless();
  tuning.stall_layers = 6;
  const TempDirectory directory;
  const auto database = open_database(directory / "store", fast(), tuning);
  constexpr int kCommits = 150;
  constexpr int kRows = 30;  // a run each
  std::atomic<bool> done{false};
  std::thread optimizer([&] {
    while (!done) database->optimize();
  });
  for (int i = 0; i < kCommits; ++i) {
    const auto writer = database->begin();
    for (int row = 0; row < kRows; ++row) {
      writer->insert(intern(*writer, ex("s" + std::to_string(i)), ex("p"), ex("o" + std::to_string(i * kRows + row))));
    }
    writer->commit();
  }
  done = true;
  optimizer.join();
  database->verify();
  CHECK(rows(*database->snapshot()).size() == kCommits * kRows);
}

}  // namespace
}  // namespace akyn::storage::test
