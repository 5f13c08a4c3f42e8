// A store whose terms are merged when a test says so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/storage/background.h"
#include "engine/storage/directory.h"
#include "engine/storage/load_version.h"
#include "engine/storage/manifest.h"
#include "engine/storage/open_database.h"
#include "engine/storage/optimize_store.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {

// The quads, each once.
inline std::set<std::string> texts_of(const Snapshot& snapshot) {
  std::set<std::string> texts;
  for (const QuadIds& quad : rows(snapshot)) {
    std::string text;
    for (const Id id : {quad.subject, quad.predicate, quad.object}) text += snapshot.term(id).to_string() + ' ';
    if (quad.graph != kDefaultGraph) text += snapshot.term(quad.graph).to_string();
    CHECK(texts.insert(text).second);
  }
  return texts;
}

// A store without a background worker: the test does its steps.
struct Bench {
  // In memory.
  Bench() : rocks(Rocks::open_in_memory(fast())) {
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
    reopen();
  }
  // The store there, which is made when there is none.
  explicit Bench(const std::filesystem::path& path) {
    static_cast<void>(open_database(path, fast(), restless()));
    rocks = Rocks::open(path.string(), Access::write, fast(), StoreDirectory(path, fast()));
    reopen();
    while (find("s" + std::to_string(next)).is_bound()) ++next;
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
  bool merge(const WorkProgress& progress = {}, MergeGoal goal = MergeGoal::enough) const {
    MergeOptions options;
    options.progress = progress;
    return merge_terms(*store, *slot, options, goal);
  }
  void optimize(const WorkProgress& progress = {}) const {
    MergeOptions options;
    options.progress = progress;
    optimize_store(*store, *slot, options);
  }

  // Commits of so many subjects until terms are to be merged.
  void load_until_due(int subjects) {
    while (!choose_terms(*store->newest(), store->tuning())) {
      load(subjects);
      do_chores();
    }
  }
  // What the background worker would do, but for terms.
  void do_chores() const {
    while (do_background_step(*store)) {
    }
  }

  // The same, as long as there is something to do, for a store that is to be at rest.
  void rest() const {
    do {
      merge({}, MergeGoal::rest);
    } while (do_background_step(*store, MergeGoal::rest));
  }

  // All rows in runs, and these merged as they are to be.
  void settle() const {
    flush_commits(*store);
    do_chores();
  }

  [[nodiscard]] Manifest manifest() const { return read_manifest(*rocks); }
  [[nodiscard]] std::vector<std::uint32_t> term_runs() const {
    std::vector<std::uint32_t> runs;
    for (const DictionaryDescription::Run& run : manifest().dictionary.runs) runs.push_back(run.run);
    return runs;
  }
  [[nodiscard]] std::set<std::string> texts() const { return texts_of(CommittedSnapshot(store->newest())); }
  [[nodiscard]] Id find(const std::string& name) const {
    return CommittedSnapshot(store->newest()).find(ex(name).view());
  }
  // Keys of nothing but what the manifest names, when nobody reads anything older.
  void check_keys() const {
    do_chores();
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

}  // namespace akyn::storage::test
