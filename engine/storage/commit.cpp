#include "engine/storage/commit.h"

#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <rocksdb/write_batch.h>

#include "engine/storage/background.h"
#include "engine/storage/change_set.h"
#include "engine/storage/kill_point.h"
#include "engine/storage/status.h"

namespace akyn::storage {

CommitFeed::Turn write_commit(VersionStore& store, const Pending& pending) {
  DeltaRows rows = pending.net_rows();
  std::vector<GraphMap::Named> graphs = pending.changed_graphs();
  if (rows.size() == 0 && graphs.empty() && pending.prefixes().empty()) return {};
  store.wait_for_room();
  ChangeSet changes(store, pending.terms(), std::move(rows), std::move(graphs));
  changes.stage();

  const std::shared_ptr<const Version> after = pending.outline();
  const std::vector<DeadGraph> dead = pending.dead_graphs();
  const Rocks& rocks = store.rocks();
  CommitFeed::Turn turn;
  {
    const auto lock = store.lock_changes();
    // Not the state that the transaction started from: runs may have been written and merged since.
    const std::shared_ptr<const Version> before = store.newest();
    const auto next = std::make_shared<Version>(*before);
    std::optional<CommittedChange> told;
    if (store.commits().is_followed()) told = CommittedChange{before, next, changes.rows(), changes.graph_names()};
    rocksdb::WriteBatch batch;
    Counters& counters = next->counters;
    ++counters.commits;
    counters.next_blank = pending.terms().next_blank();
    counters.next_instance = after->counters.next_instance;
    counters.default_quads = after->counters.default_quads;
    counters.named_quads = after->counters.named_quads;
    changes.apply(*next, batch);
    next->add_dead(dead);
    next->prefixes = after->prefixes;
    BatchSink metadata(batch, rocks, Family::metadata);
    for (const auto& [prefix, iri] : pending.prefixes()) metadata.put(prefix_key(prefix), iri);

    if (changes.has_runs()) {
      kill_point("large_commit.before_write");
      store.change_structure(next, batch);
      kill_point("large_commit.written");
    } else {
      kill_point("commit.before_write");
      store.change_rows(next, batch);
      kill_point("commit.written");
    }
    if (told) turn = store.commits().take_turn(std::move(*told));
  }
  store.chores()->wake();
  return turn;
}

void finish_commit(VersionStore& store, CommitFeed::Turn& turn, Durability durability) {
  std::exception_ptr failure;
  try {
    if (durability == Durability::sync) store.sync();
  } catch (...) {
    failure = std::current_exception();
  }
  turn.tell();
  if (failure) std::rethrow_exception(failure);
  count_first_run(store);
}

}  // namespace akyn::storage
