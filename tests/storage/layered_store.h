// Versions of several layers, with deletes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "tests/storage/merge_bench.h"
#include "tests/storage/run_support.h"

namespace akyn::storage::test {

// A store without a background worker.
inline std::shared_ptr<VersionStore> make_layered_store(std::size_t block_rows) {
  const auto rocks = Rocks::open_in_memory(fast());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), counters_key(), counters_value(Counters())).ok());
  REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), manifest_key(), Manifest().serialize()).ok());
  Tuning tuning = tiny();
  tuning.block_rows = block_rows;
  tuning.stall_rows = tuning.flush_rows = 100'000;
  return std::make_shared<VersionStore>(rocks, tuning);
}

// Commits that add and take away few different quads, in runs that are never merged and in records.
inline std::shared_ptr<const Version> make_layers(std::mt19937& random, int commits, int most_quads) {
  const auto store = make_layered_store(1 + random() % 9);
  const auto slot = std::make_shared<WriterSlot>();
  for (int commit = 0; commit < commits; ++commit) {
    const auto writer = begin_writing(store, slot, fast());
    for (int i = random() % 3 == 0 ? most_quads - 10 : 0; i < most_quads; ++i) {
      const auto name = [&](const char* kind, unsigned of) { return ex(kind + std::to_string(random() % of)); };
      const QuadIds quad = intern(*writer, name("s", 40), name("p", 2), name("o", random() % 2 == 0 ? 3 : 40),
                                  random() % 2 == 0 ? Term() : name("g", 2));
      if (random() % 5 < 3) {
        writer->insert(quad);
      } else {
        writer->remove(quad);
      }
    }
    writer->commit();
    if (random() % 3 != 0) flush_commits(*store);
  }
  return store->newest();
}

}  // namespace akyn::storage::test
