// What is committed while terms get new numbers.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "engine/storage/verify.h"
#include "tests/attack/long_run.h"
#include "tests/storage/merge_bench.h"

namespace akyn::storage::test {
namespace {

constexpr std::string_view kPhase = "writing what was committed meanwhile";

// A transaction that depends on the number alone, and on what the store says, but not on its Ids.
void transact(const Bench& bench, std::uint32_t number) {
  std::mt19937 random(number);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  const auto writer = bench.begin();
  const std::string mine = std::to_string(number) + "_";
  const auto named = [&] { return ex("g" + std::to_string(below(4))); };
  const auto graph = [&]() -> Term {
    switch (below(5)) {
      case 0:
      case 1:
        return {};
      case 2:
        return ex("graph" + mine + std::to_string(below(3)));
      default:
        return named();
    }
  };
  const auto subject = [&](std::uint32_t i) {
    return below(2) == 0 ? ex("s" + std::to_string(below(30))) : ex("n" + mine + std::to_string(i));
  };
  const auto object = [&](std::uint32_t i) -> Term {
    const std::string name = mine + std::to_string(i);
    switch (below(8)) {
      case 0:
        return integer(static_cast<int>(below(5)));
      case 1:
        return literal("text " + name);
      case 2:
        return lang_literal("Text " + name, below(2) == 0 ? "de-AT" : "DE-at");
      case 3:
        return literal(name + std::string(1'500, 'x'));
      case 4:
        return triple_term(subject(i), ex("says"), triple_term(ex("n" + name), ex("says" + name), literal(name)));
      case 5:
        return triple_term(ex("s1"), ex("says"), ex("s" + std::to_string(below(30))));
      default:
        return subject(i);
    }
  };
  for (std::uint32_t step = 1 + below(4); step > 0; --step) {
    switch (below(8)) {
      case 0:
        writer->clear_graph(intern(*writer, named()));
        break;
      case 1: {
        const Id from = intern(*writer, named());
        writer->move_graph(from, intern(*writer, named()));
        break;
      }
      case 2:
      case 3: {
        const Id removed = intern(*writer, subject(0));
        for (const QuadIds& quad : rows(*writer->snapshot(), {removed, Id(), Id()})) writer->remove(quad);
        break;
      }
      case 4: {
        QuadIds quad = intern(*writer, ex("s1"), ex("q"), object(0), graph());
        quad.subject = writer->new_blank();
        writer->insert(quad);
        break;
      }
      default:
        for (std::uint32_t i = below(3) == 0 ? 60 : 4; i > 0; --i) {
          writer->insert(intern(*writer, subject(i), ex("p" + std::to_string(below(3))), object(i), graph()));
        }
    }
  }
  if (below(8) != 0) writer->commit();
}

// A merge of later terms goes by these bounds: what it leaves must not use terms that get new numbers.
void check_bounds(const Version& version) {
  for (const Layer& layer : version.layers) {
    if (layer.run == nullptr) continue;
    for (const OrderTag order : {OrderTag{0}, kNamedGraphTag}) {
      const auto cursor = open_layers(version, {&layer, 1}, order, all_columns(order), MergeKind::changes);
      for (RowBatch batch; cursor->next(batch);) {
        for (std::size_t column = 0; column < 3; ++column) {
          for (const std::uint64_t bits : batch.column(column)) {
            const Id id = Id::from_bits(bits);
            if (Dictionary::is_stored(id) && id.payload() >= layer.terms_end) FAIL("beyond the bound");
          }
        }
      }
    }
  }
}

// The store is whole, and says what one does that got the same subjects in one commit.
void check_as_loaded(const Bench& bench) {
  verify_store(*bench.store->newest(), {});
  check_bounds(*bench.store->newest());
  Bench same;
  same.load(bench.next);
  CHECK(bench.texts() == same.texts());
}

// AKYN_MERGES: how many; AKYN_SEED: where chance begins.
TEST_CASE("whatever is committed while terms are merged comes out the same as without") {
  const unsigned seed = chosen_seed();
  CAPTURE(seed);
  const unsigned merges = number_from("AKYN_MERGES", 10);
  std::uint64_t parts = 0;
  for (unsigned history = 0; history < (merges + 4) / 5; ++history) {
    CAPTURE(history);
    std::mt19937 random(seed + history);
    Bench bench;
    Bench same;
    auto number = static_cast<std::uint32_t>(random());
    const auto next_transaction = [&] {
      ++number;
      for (const Bench* each : {&bench, &same}) {
        while (needs_room(*each->store) && do_background_step(*each->store)) {
        }
        transact(*each, number);
      }
    };
    for (int round = 0; round < 5; ++round) {
      CAPTURE(round);
      for (int i = 0; i < 12 || !choose_terms(*bench.store->newest(), bench.store->tuning()); ++i) next_transaction();
      if (random() % 2 == 0) bench.settle();
      MergeOptions options;
      options.limits.directory = std::filesystem::temp_directory_path().string();
      // Room for all that comes; for some of it at a time; for less than there may be in one commit.
      const std::size_t rows = std::size_t{1} << (4 + 4 * (random() % 4));
      options.limits.memory_bytes = 256 * rows;
      int left = 24;
      std::shared_ptr<const Snapshot> before;
      std::set<std::string> texts_before;
      options.progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
        CHECK(done <= total);
        if (phase == kPhase) ++parts;
        if (left == 0 || random() % 3 != 0) return;
        --left;
        next_transaction();
        if (random() % 4 == 0) do_background_step(*bench.store);
        if (before == nullptr && random() % 4 == 0) {
          before = std::make_shared<CommittedSnapshot>(bench.store->newest());
          texts_before = texts_of(*before);
        }
      };
      if (round % 2 == 1) {
        optimize_store(*bench.store, *bench.slot, options);
      } else if (!merge_terms(*bench.store, *bench.slot, options)) {
        CHECK(rows < 1000);
      }
      if (before != nullptr) CHECK(texts_of(*before) == texts_before);
      CHECK(bench.texts() == same.texts());
      verify_store(*bench.store->newest(), {});
      check_bounds(*bench.store->newest());
      CHECK(bench.store->held_layers() == 0);
      if (random() % 2 == 0) {
        before = nullptr;
        bench.reopen();
        same.reopen();
        CHECK(bench.texts() == same.texts());
      }
    }
    bench.check_keys();
    verify_store(*bench.store->newest(), {});
  }
  CHECK(parts > merges);
}

TEST_CASE("nobody waits while what was committed meanwhile is written") {
  Bench bench;
  bench.load(300);
  int commits = 0;
  std::uint64_t most = 0;
  bench.optimize([&](std::string_view phase, std::uint64_t, std::uint64_t total) {
    const bool writing = phase == kPhase;
    if (writing) most = std::max(most, total);
    if (commits == 0 ? phase.find("rows") == std::string_view::npos : !writing || commits > 6) return;
    bench.load(64 >> commits);
    ++commits;
  });
  CHECK(commits == 7);
  CHECK(most > 64);
  check_as_loaded(bench);
}

TEST_CASE("a stream of commits does not keep terms from being merged") {
  Bench bench;
  bench.load(300);
  int commits = 0;
  bench.optimize([&](std::string_view, std::uint64_t, std::uint64_t) {
    if (++commits < 2000) bench.load(20);
  });
  CHECK(commits < 2000);
  check_as_loaded(bench);
  bench.check_keys();
}

TEST_CASE("bursts of commits that fit into memory in part do not, either") {
  for (const int burst : {4, 7}) {
    CAPTURE(burst);
    Bench bench;
    bench.load(300);
    MergeOptions options;
    options.limits.directory = std::filesystem::temp_directory_path().string();
    options.limits.memory_bytes = 256 * 60;
    int commits = 0;
    const auto commit = [&](int count) {
      for (int i = 0; i < count && commits < 1000; ++i, ++commits) {
        bench.load(8);
        flush_commits(*bench.store);
      }
    };
    int parts = 0;
    std::uint64_t last_done = 1;
    options.progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t) {
      if (commits == 0 && phase.find("rows") != std::string_view::npos) commit(24);
      if (phase != kPhase) return;
      const bool begins = done == 0 && std::exchange(last_done, done) != 0;
      last_done = done;
      if (begins && ++parts % 2 == 0) commit(burst);
    };
    optimize_store(*bench.store, *bench.slot, options);
    CHECK(commits < 500);
    check_as_loaded(bench);
  }
}

TEST_CASE("a term that comes and goes while terms are merged may come again") {
  Bench bench;
  bench.load(60);
  const Quad passing{ex("passing"), ex("p"), literal("passing"), Term()};
  const auto change = [&](bool insert) {
    const auto writer = bench.begin();
    const QuadIds quad = intern(*writer, passing.subject, passing.predicate, passing.object);
    CHECK((insert ? writer->insert(quad) : writer->remove(quad)));
    writer->commit();
  };
  int step = 0;
  bench.optimize([&](std::string_view phase, std::uint64_t, std::uint64_t) {
    if (step == 0 && phase.find("rows") != std::string_view::npos) {
      ++step;
      change(true);
      change(false);
      // Nothing but deletes: no new term is used.
      const auto writer = bench.begin();
      const std::vector<QuadIds> all = rows(*writer->snapshot());
      for (std::size_t i = 0; i < 40; ++i) writer->remove(all[i]);
      writer->commit();
    } else if (step == 1 && phase == kPhase) {
      ++step;
      bench.load(1);
      change(true);
    }
  });
  CHECK(step == 2);
  verify_store(*bench.store->newest(), {});
  CHECK(bench.texts().contains("<http://example.org/passing> <http://example.org/p> \"passing\" "));
  CHECK(bench.find("s60").is_bound());
}

TEST_CASE("a commit that does not fit into memory ends a merge of terms, which leaves nothing") {
  Bench bench;
  bench.load_until_due(9);
  MergeOptions options;
  options.limits.directory = std::filesystem::temp_directory_path().string();
  options.limits.memory_bytes = 256 * 100;
  int commits = 0;
  options.progress = [&](std::string_view phase, std::uint64_t, std::uint64_t) {
    // One that does fit, another one when that has been written.
    if (commits == 0 ? phase.find("rows") == std::string_view::npos : commits > 1 || phase != kPhase) return;
    bench.load(commits == 0 ? 30 : 200);
    ++commits;
  };
  CHECK_FALSE(merge_terms(*bench.store, *bench.slot, options));
  CHECK(commits == 2);
  check_as_loaded(bench);
  bench.check_keys();
  CHECK(bench.merge());
  check_as_loaded(bench);
}

TEST_CASE("a triple term that nests deep is committed while a small store is optimized") {
  // In one commit, as a run of terms; term by term, in the tail.
  for (const int depth : {200, 50}) {
    Bench bench;
    bench.load(2);
    bool done = false;
    Term nested = literal("inside");
    bench.optimize([&](std::string_view, std::uint64_t, std::uint64_t) {
      if (std::exchange(done, true)) return;
      for (int i = 1; i <= depth; ++i) {
        nested = triple_term(ex("outside"), ex("surrounds"), nested);
        if (depth == 200 && i < depth) continue;
        const auto writer = bench.begin();
        writer->insert(intern(*writer, ex("a"), ex("says"), nested));
        writer->commit();
      }
    });
    CHECK(done);
    verify_store(*bench.store->newest(), {});
    const CommittedSnapshot snapshot(bench.store->newest());
    const Id object = snapshot.find(nested.view());
    REQUIRE(object.is_bound());
    CHECK(rows(snapshot, {snapshot.find(ex("a").view()), Id(), object}).size() == 1);
  }
}

}  // namespace
}  // namespace akyn::storage::test
