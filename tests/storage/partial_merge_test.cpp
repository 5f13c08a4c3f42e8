// Merges of the later terms alone: older ones stay where they are, some of them in the tail.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/storage/verify.h"
#include "tests/storage/child.h"
#include "tests/storage/merge_bench.h"

namespace akyn::storage::test {
namespace {

constexpr const char* kMergeStore = "AKYN_TEST_MERGE_STORE";

// Terms of every type, some made of others.
std::vector<Term> terms_of(const std::string& name) {
  const Term inner = triple_term(ex(name), ex("says" + name), literal("inner " + name));
  return {ex(name),
          literal("text of " + name),
          literal(name + std::string(2'000, 'x')),
          lang_literal("Text von " + name, "de-AT"),
          lang_literal("Text of " + name, "en", Direction::ltr),
          typed_literal("of " + name, "http://example.org/type"),
          typed_literal("00" + std::to_string(name.back()) + ".5" + std::to_string(name.size()),
                        "http://www.w3.org/2001/XMLSchema#decimal"),
          inner,
          triple_term(ex(name), ex("says" + name), inner)};
}

// Both ways; the Ids.
std::vector<Id> found(const VersionStore& store, const std::vector<Term>& terms) {
  const CommittedSnapshot snapshot(store.newest());
  std::vector<Id> ids;
  for (const Term& term : terms) {
    const Id id = snapshot.find(term.view());
    CAPTURE(term.to_string());
    REQUIRE(id.is_bound());
    CHECK(snapshot.term(id) == term);
    ids.push_back(id);
  }
  return ids;
}

bool is_in_tail(const VersionStore& store, Id id) {
  PinnedValue value;
  return !failure([&] { (void)store.newest()->dictionary->tail()->body(id, value); });
}

// Statements with these terms as objects, one of each in the default graph and one in another; so many terms a commit.
void say(const Bench& bench, const std::vector<Term>& terms, const Term& subject, const Term& graph,
         std::size_t at_a_time) {
  for (std::size_t i = 0; i < terms.size();) {
    const auto writer = bench.begin();
    for (const std::size_t end = std::min(terms.size(), i + at_a_time); i < end; ++i) {
      writer->insert(intern(*writer, subject, ex("p"), terms[i]));
      writer->insert(intern(*writer, subject, ex("p"), terms[i], graph));
    }
    writer->commit();
  }
}

std::size_t remove(Writer& writer, const TriplePattern& pattern) {
  const std::vector<QuadIds> gone = rows(*writer.snapshot(), pattern);
  for (const QuadIds& quad : gone) writer.remove(quad);
  return gone.size();
}

// With terms in the tail that are older than the only run; what comes next begins with `first`.
struct OldTail {
  explicit OldTail(int subjects) {
    say(bench, old_terms, ex("subject"), ex("graph"), 1);
    bench.load(subjects);
    bench.settle();
    old_ids = found(*bench.store, old_terms);
    graph = bench.find("graph");
    first = bench.store->newest()->dictionary->next_number();
    REQUIRE(bench.term_runs().size() == 1);
    run = bench.term_runs()[0];
    check_kept();
  }

  // What a merge of the later terms has left as it was.
  void check_kept() const {
    CHECK(found(*bench.store, old_terms) == old_ids);
    for (const Id id : old_ids) CHECK(is_in_tail(*bench.store, id));
    CHECK(bench.find("graph") == graph);
    CHECK(bench.term_runs().at(0) == run);
  }

  Bench bench;
  std::vector<Term> old_terms = terms_of("old");
  std::vector<Id> old_ids;
  Id graph;
  std::uint64_t first = 0;
  std::uint32_t run = 0;
};

TEST_CASE("a merge of later terms leaves older ones in the tail, with the Ids they have") {
  OldTail store(400);
  Bench& bench = store.bench;
  const std::uint32_t rows_run = bench.manifest().runs.at(0).info.run;
  std::vector<Term> new_terms;
  for (int i = 0; !choose_terms(*bench.store->newest(), bench.store->tuning()); ++i) {
    const std::string name = "new" + std::to_string(i);
    std::vector<Term> more = terms_of(name);
    // Made of old and new terms, and again of such.
    more.push_back(triple_term(store.old_terms[0], ex("says" + name), store.old_terms[7]));
    more.push_back(triple_term(ex(name), ex("says" + name), more.back()));
    // In a run, in the tail.
    const std::size_t at_a_time = i % 2 == 0 ? 100 : 1;
    say(bench, more, store.old_terms[0], ex("graph"), at_a_time);
    say(bench, store.old_terms, ex(name), ex(name), at_a_time);
    new_terms.insert(new_terms.end(), more.begin(), more.end());
    // Rows of before go, made of old terms alone; and so do some that have just come.
    const auto writer = bench.begin();
    CHECK(remove(*writer, {intern(*writer, ex("subject")), Id(), store.old_ids[static_cast<std::size_t>(i)]}) == 2);
    CHECK(remove(*writer, {intern(*writer, ex(name)), Id(), store.old_ids[1]}) == 2);
    writer->commit();
    flush_commits(*bench.store);
  }
  // Nothing uses this one any more.
  for (const bool insert : {true, false}) {
    const auto writer = bench.begin();
    const QuadIds quad = intern(*writer, ex("passing"), ex("p"), ex("old"));
    CHECK((insert ? writer->insert(quad) : writer->remove(quad)));
    writer->commit();
  }
  CHECK(choose_terms(*bench.store->newest(), bench.store->tuning()) == store.first);
  const std::uint64_t terms = bench.store->newest()->dictionary->terms();
  const std::set<std::string> expected = bench.texts();
  const CommittedSnapshot before(bench.store->newest());
  const std::vector<QuadIds> rows_before = rows(before);
  CHECK(bench.merge());

  const auto check = [&] {
    verify_store(*bench.store->newest(), {});
    store.check_kept();
    CHECK(bench.texts() == expected);
    CHECK(bench.term_runs().size() == 2);
    CHECK(bench.manifest().runs.size() == 2);
    CHECK(bench.manifest().runs.at(0).info.run == rows_run);
    for (const Id id : found(*bench.store, new_terms)) {
      CHECK(id.payload() >= store.first);
      CHECK_FALSE(is_in_tail(*bench.store, id));
    }
    CHECK_FALSE(bench.find("passing").is_bound());
    CHECK(bench.store->newest()->dictionary->terms() == terms - 1);
  };
  check();
  // Who reads what was before goes on with it.
  CHECK(rows(before) == rows_before);
  for (const Term& term : new_terms) CHECK(before.term(before.find(term.view())) == term);
  bench.reopen();
  check();

  // Terms and rows of all ages can be used again, and go.
  say(bench, {triple_term(new_terms[0], ex("says"), store.old_terms[0]), ex("passing")}, new_terms[0], ex("graph"), 1);
  {
    const auto writer = bench.begin();
    remove(*writer, {store.old_ids[0], Id(), Id()});
    remove(*writer, {intern(*writer, ex("subject")), Id(), Id()});
    writer->commit();
  }
  verify_store(*bench.store->newest(), {});
  store.check_kept();
  CHECK(rows(CommittedSnapshot(bench.store->newest()), {store.old_ids[0], Id(), Id()}).empty());
  const std::set<std::string> changed = bench.texts();
  bench.optimize();
  verify_store(*bench.store->newest(), {});
  CHECK(bench.texts() == changed);
  CHECK(bench.store->newest()->dictionary->tail_terms() == 0);
}

TEST_CASE("later terms are merged again and again beside old ones in the tail, with what is committed meanwhile") {
  OldTail store(2400);
  Bench& bench = store.bench;
  for (int round = 0; round < 4; ++round) {
    CAPTURE(round);
    bench.load_until_due(round == 1 ? 1 : 9);
    CHECK(choose_terms(*bench.store->newest(), bench.store->tuning()) != 1);
    bool done = false;
    const std::string name = "meanwhile" + std::to_string(round);
    std::vector<Term> terms = terms_of(name);
    terms.push_back(triple_term(ex(name), ex("p"), store.old_terms[8]));
    bench.merge([&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (done || phase.find("rows") == std::string_view::npos) return;
      done = true;
      bench.load(round % 2 == 0 ? 1 : 12);
      say(bench, terms, store.old_terms[0], ex(name), 1);
      const auto writer = bench.begin();
      remove(*writer, {intern(*writer, ex("s1")), Id(), Id()});
      writer->insert(intern(*writer, ex("s1"), ex("q"), store.old_terms[static_cast<std::size_t>(round)]));
      writer->commit();
    });
    CHECK(done);
    const std::set<std::string> expected = bench.texts();
    for (int opened = 0; opened < 2; ++opened) {
      verify_store(*bench.store->newest(), {});
      store.check_kept();
      found(*bench.store, terms);
      CHECK(bench.texts() == expected);
      bench.reopen();
    }
  }
  Bench same;
  same.load(bench.next);
  std::set<std::string> expected = same.texts();
  for (const std::string& text : bench.texts()) expected.erase(text);
  // What is said of s1 has been replaced in each round.
  for (const std::string& text : expected) CHECK(text.starts_with("<http://example.org/s1> "));
  bench.check_keys();
}

TEST_CASE("readers read and writers write while later terms are merged") {
  OldTail store(2400);
  Bench& bench = store.bench;
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> others;
  for (int reader = 0; reader < 2; ++reader) {
    others.emplace_back([&] {
      while (!stop) {
        const CommittedSnapshot snapshot(bench.store->newest());
        for (std::size_t i = 0; i < store.old_terms.size(); ++i) {
          if (snapshot.find(store.old_terms[i].view()) != store.old_ids[i]) ++wrong;
          if (snapshot.term(store.old_ids[i]) != store.old_terms[i]) ++wrong;
        }
        const std::vector<QuadIds> all = rows(snapshot);
        for (std::size_t i = all.size() - all.size() / 8; i < all.size(); ++i) {
          if (snapshot.find(snapshot.term(all[i].subject).view()) != all[i].subject) ++wrong;
          if (snapshot.find(snapshot.term(all[i].object).view()) != all[i].object) ++wrong;
        }
      }
    });
  }
  std::atomic<int> merges{0};
  others.emplace_back([&] {
    while (!stop) {
      if (bench.merge()) ++merges;
      do_background_step(*bench.store);
    }
  });
  for (int commit = 0; commit < 20; ++commit) bench.load(commit % 5 == 4 ? 1 : 9);
  while (merges < 3) {
    if (!choose_terms(*bench.store->newest(), bench.store->tuning())) bench.load(9);
    std::this_thread::yield();
  }
  stop = true;
  for (std::thread& thread : others) thread.join();
  CHECK(wrong == 0);
  verify_store(*bench.store->newest(), {});
  store.check_kept();
  Bench same;
  same.load(bench.next);
  const std::set<std::string> texts = bench.texts();
  for (const std::string& text : same.texts()) CHECK(texts.contains(text));
  bench.check_keys();
}

TEST_CASE("a follower keeps up with merges of later terms") {
  const TempDirectory directory;
  Bench bench(directory / "store");
  StoreOptions read_only = fast();
  read_only.read_only = true;
  const auto follower = open_database(directory / "store", read_only, restless());
  bench.load(1);
  bench.load(1200);
  bench.settle();
  const Id kept = bench.find("s0");
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    bench.load_until_due(9);
    const std::set<std::string> expected = bench.texts();
    CHECK(texts_of(*follower->snapshot()) == expected);
    CHECK(bench.merge());
    follower->verify();
    CHECK(texts_of(*follower->snapshot()) == expected);
    CHECK(follower->snapshot()->find(ex("s0").view()) == kept);
    bench.load(1);
    CHECK(texts_of(*follower->snapshot()) == bench.texts());
    bench.check_keys();
    follower->verify();
  }
}

// What the next one kills: writes how many subjects it has committed, and merges until it dies.
TEST_CASE("the process that is killed while it merges later terms" * doctest::skip()) {
  const char* const path = std::getenv(kMergeStore);
  if (path == nullptr) return;
  Bench bench(path);
  const auto load = [&](int subjects) {
    bench.load(subjects);
    std::ofstream(std::string(path) + ".committed") << bench.next;
  };
  load(1);
  load(1200);
  bench.settle();
  for (int merges = 0; merges < 4; ++merges) {
    while (!choose_terms(*bench.store->newest(), bench.store->tuning())) {
      load(merges == 0 ? 1 : 9);
      bench.do_chores();
    }
    if (choose_terms(*bench.store->newest(), bench.store->tuning()) == 1) ::_exit(kCannot);
    bool done = false;
    bench.merge([&](std::string_view phase, std::uint64_t, std::uint64_t) {
      if (done || phase.find("rows") == std::string_view::npos) return;
      done = true;
      load(1);
      if (merges >= 2) load(12);
    });
  }
}

TEST_CASE("a merge of later terms has happened or not, wherever the process is killed") {
  std::map<int, std::set<std::string>> known;
  const auto expected = [&](int subjects) -> const std::set<std::string>& {
    std::set<std::string>& texts = known[subjects];
    if (texts.empty()) {
      Bench bench;
      bench.load(subjects);
      texts = bench.texts();
    }
    return texts;
  };
  const auto check_after = [&](const char* point, int count) {
    CAPTURE(point);
    CAPTURE(count);
    const TempDirectory directory;
    Child::Variables variables = die_at(point, count);
    variables.emplace_back(kMergeStore, (directory / "store").string());
    const int ended = Child("*killed while it merges later terms", variables).wait();
    REQUIRE(ended == 137);
    Bench bench(directory / "store");
    int committed = 0;
    std::ifstream(directory / "store.committed") >> committed;
    CHECK(bench.next == committed);
    verify_store(*bench.store->newest(), {});
    CHECK(bench.texts() == expected(committed));
    CHECK(bench.find("s0").payload() == 1);
    bench.check_keys();
    // It goes on from there.
    while (!bench.merge()) bench.load(9);
    verify_store(*bench.store->newest(), {});
    CHECK(bench.texts() == expected(bench.next));
    CHECK(bench.find("s0").payload() == 1);
    CHECK(bench.store->newest()->dictionary->tail_terms() >= 6);
  };
  for (const char* point : {"optimize.staged", "optimize.taken_in", "optimize.published"}) {
    for (const int count : {1, 2, 3, 4}) check_after(point, count);
  }
  for (const int count : {1, 2}) check_after("optimize.caught_up", count);
  for (const char* point : {"merge.staged", "merge.published", "flush.staged", "flush.taken_in", "flush.published"}) {
    check_after(point, 2);
  }
  check_after("large_commit.staged", 4);
  check_after("delete.run", 1);
}

}  // namespace
}  // namespace akyn::storage::test
