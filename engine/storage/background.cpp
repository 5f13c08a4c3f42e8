#include "engine/storage/background.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/kill_point.h"
#include "engine/storage/optimize_store.h"
#include "engine/storage/statistics.h"
#include "engine/storage/status.h"
#include "engine/storage/write_run.h"

namespace akyn::storage {
namespace {

// --- Flush ---

// Makes the oldest chunks that follow one another one frozen layer, and returns it; nothing when there are no chunks.
std::optional<Layer> freeze(VersionStore& store) {
  const auto lock = store.lock_changes();
  const auto next = std::make_shared<Version>(*store.newest());
  std::vector<Layer>& layers = next->layers;
  const auto is_chunk = [](const Layer& layer) { return layer.chunk != nullptr; };
  const auto first = std::find_if(layers.begin(), layers.end(), is_chunk);
  if (first == layers.end()) return std::nullopt;
  const auto last = std::find_if_not(first, layers.end(), is_chunk);
  std::vector<const DeltaChunk*> chunks;
  for (auto it = first; it != last; ++it) chunks.push_back(it->chunk.get());
  Layer frozen;
  frozen.first = first->first;
  frozen.last = std::prev(last)->last;
  frozen.frozen = true;
  frozen.chunk = chunks.size() == 1 ? first->chunk : DeltaChunk::merge(chunks);
  *first = frozen;
  layers.erase(first + 1, last);
  store.publish(next);
  return frozen;
}

std::vector<Layer>::iterator find_chunk(std::vector<Layer>& layers, const DeltaChunk& chunk) {
  return std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) { return layer.chunk.get() == &chunk; });
}

// Above the numbers of the terms that the rows use.
std::uint64_t terms_end(const DeltaChunk& chunk) {
  std::uint64_t end = 1;
  for (const OrderTag order : {OrderTag{0}, kNamedGraphTag}) {
    const SortedRows& rows = *chunk.rows(order);
    for (std::size_t column = 0; column < 3; ++column) {
      for (const std::uint64_t bits : rows.column(column)) {
        const Id id = Id::from_bits(bits);
        if (Dictionary::is_stored(id)) end = std::max(end, id.payload() + 1);
      }
    }
  }
  return end;
}

// --- Merge ---

struct RunRange {
  std::size_t first = 0;  // among the runs, oldest first
  std::size_t last = 0;
};

// Dead graphs that merges have not dropped yet.
struct DeadRows {
  std::uint64_t graphs = 0;
  std::uint64_t rows = 0;
};

// Runs that should be merged. Nothing when they are fine as they are.
std::optional<RunRange> choose_merge(const std::vector<std::uint64_t>& sizes, const DeadRows& dead,
                                     bool oldest_has_deletes, const Tuning& tuning, MergeGoal goal) {
  if (sizes.empty()) return std::nullopt;
  std::uint64_t total = 0;
  for (const std::uint64_t size : sizes) total += size;
  const bool many_dead = dead.rows > tuning.flush_rows && dead.rows * 4 > total;
  if (many_dead || dead.graphs > tuning.most_dead_graphs) return RunRange{0, sizes.size()};
  // It may have deletes of dead graphs' rows, which are gone from the runs before it.
  if (oldest_has_deletes) return RunRange{0, 1};
  if (sizes.size() < 2) return std::nullopt;
  const std::uint64_t share = goal == MergeGoal::rest ? tuning.rest_base_share : tuning.base_share;
  if ((total - sizes[0]) * share > sizes[0]) return RunRange{0, sizes.size()};
  // From the newest on, as long as a run is not much larger than all that is newer: every row is rewritten as often as
  // the sum doubles.
  const std::uint64_t growth = goal == MergeGoal::rest ? tuning.rest_growth : 2;
  std::size_t first = sizes.size() - 1;
  std::uint64_t sum = sizes[first];
  const auto add_run = [&] { sum += sizes[--first]; };
  if (sizes.size() > tuning.most_runs) {
    add_run();
  } else if (goal == MergeGoal::enough) {
    return std::nullopt;
  }
  while (first > 1 && sizes[first - 1] <= growth * sum) add_run();
  if (first + 1 == sizes.size()) return std::nullopt;
  return RunRange{first, sizes.size()};
}

// The layers to be merged, which are all runs; nothing when there is nothing to merge. Layers between that are chunks
// are to be flushed first.
struct MergePlan {
  std::vector<Layer> layers;
  bool oldest = false;
  bool flush_first = false;
};

// `held`: layers of commits up to this one stay as they are.
std::optional<MergePlan> plan_merge(const Version& version, std::uint64_t held, const Tuning& tuning, MergeGoal goal) {
  std::vector<std::size_t> places;
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < version.layers.size(); ++i) {
    if (version.layers[i].run == nullptr || version.layers[i].last <= held) continue;
    places.push_back(i);
    sizes.push_back(version.layers[i].rows());
  }
  DeadRows dead;
  if (held == 0) {
    for (const DeadGraph& graph : version.dead) {
      dead.rows += graph.rows;
      dead.graphs += graph.rows == 0 ? 0 : 1;
    }
  }
  const bool oldest_has_deletes =
      !places.empty() && places.front() == 0 &&
      version.layers.front().counts(0).deletes + version.layers.front().counts(kNamedGraphTag).deletes != 0;
  MergePlan plan;
  // Chunks of few rows may be many layers. As runs they can be merged until commits need not wait.
  const std::size_t layers = version.layers_after(held);
  if (layers > tuning.stall_layers / 4 * 3 && layers > places.size()) {
    plan.flush_first = true;
    return plan;
  }
  const std::optional<RunRange> chosen = choose_merge(sizes, dead, oldest_has_deletes, tuning, goal);
  if (!chosen) return std::nullopt;
  const auto begin = version.layers.begin();
  plan.layers.assign(begin + static_cast<std::ptrdiff_t>(places[chosen->first]),
                     begin + static_cast<std::ptrdiff_t>(places[chosen->last - 1]) + 1);
  plan.oldest = places[chosen->first] == 0;
  // A run may hold deletes of what a chunk before it inserted: then it cannot become the base.
  plan.flush_first = std::any_of(begin + static_cast<std::ptrdiff_t>(places[0]),
                                 begin + static_cast<std::ptrdiff_t>(places[chosen->last - 1]),
                                 [](const Layer& layer) { return layer.chunk != nullptr; });
  return plan;
}

// Dead graphs that no layer but those merged has rows of.
std::vector<DeadGraph> purged_graphs(const Version& version, const MergePlan& plan) {
  const OrderTag order = order_tag(Partition::named_graphs, Permutation::gspo);
  std::vector<DeadGraph> purged;
  for (const DeadGraph& graph : version.dead) {
    const bool elsewhere = std::any_of(version.layers.begin(), version.layers.end(), [&](const Layer& layer) {
      const bool merged =
          layer.run != nullptr && layer.first >= plan.layers.front().first && layer.last <= plan.layers.back().last;
      return !merged && layer.counts(order, RowRange::prefix({graph.instance})).rows() != 0;
    });
    if (!elsewhere) purged.push_back(graph);
  }
  return purged;
}

void merge(VersionStore& store, const std::shared_ptr<const Version>& version, MergePlan plan) {
  const std::uint32_t run = store.new_run();
  StagedFiles files(store.rocks(), std::to_string(run));
  const BlockRunInfo info = write_merged_run(files, run, *version, plan.layers, plan.oldest, store.tuning().block_rows,
                                             [&] { return store.chores()->stopped(); });
  const std::vector<DeadGraph> purged = purged_graphs(*version, plan);
  kill_point("merge.staged");
  files.take_in();
  kill_point("merge.taken_in");
  Layer merged;
  merged.first = plan.layers.front().first;
  merged.last = plan.layers.back().last;
  for (const Layer& layer : plan.layers) merged.terms_end = std::max(merged.terms_end, layer.terms_end);
  merged.run = std::make_shared<const StoredRun>(info, store.sources().runs, store.chores());
  {
    const auto lock = store.lock_changes();
    auto next = std::make_shared<Version>(*store.newest());
    const auto first = std::find_if(next->layers.begin(), next->layers.end(),
                                    [&](const Layer& layer) { return layer.run == plan.layers.front().run; });
    const auto after = next->layers.erase(first, first + static_cast<std::ptrdiff_t>(plan.layers.size()));
    if (merged.rows() != 0) next->layers.insert(after, merged);
    const auto is_in = [](const std::vector<DeadGraph>& graphs, const DeadGraph& graph) {
      return std::any_of(graphs.begin(), graphs.end(),
                         [&](const DeadGraph& other) { return other.instance == graph.instance; });
    };
    std::erase_if(next->dead, [&](const DeadGraph& graph) { return is_in(purged, graph); });
    if (plan.oldest) {
      // The few rows that later layers still have of the others are no reason to merge again.
      for (DeadGraph& graph : next->dead) {
        if (is_in(version->dead, graph)) graph.rows = 0;
      }
    }
    rocksdb::WriteBatch batch;
    store.change_structure(std::move(next), batch);
  }
  kill_point("merge.published");
  std::vector<std::uint32_t> merged_runs;
  for (const Layer& layer : plan.layers) merged_runs.push_back(layer.run->info().run);
  store.retire(version, merged_runs);
}

// --- Statistics ---

// False when there is nothing to count.
bool count_oldest_run(VersionStore& store) {
  const std::shared_ptr<const Version> version = store.newest();
  if (version->layers.empty() || version->layers.front().run == nullptr) return false;
  const std::uint32_t run = version->layers.front().run->info().run;
  if (store.counted_run() == run) return false;
  if (!read_statistics(store.rocks(), run)) {
    // Read past the cache.
    const RunSources sources(store.sources().rocks, 0, false);
    const BlockRun rows(version->layers.front().run->info(), sources.blocks, sources.directory);
    const auto open = [&](OrderTag order) {
      return rows.cursor(order, RowRange::all(), static_cast<ColumnMask>(column_bit(0) | column_bit(1)));
    };
    const RunStatistics counted = count_distinct(run, open, [&] { return store.chores()->stopped(); });
    rocksdb::WriteBatch batch;
    check(batch.Put(store.rocks().family(Family::metadata), statistics_key(), counted.serialize()),
          store.rocks().name());
    store.rocks().write(batch);
  }
  store.set_counted_run(run);
  return true;
}

}  // namespace

bool flush_oldest(VersionStore& store) {
  const std::optional<Layer> frozen = freeze(store);
  if (!frozen) return false;
  try {
    Layer replacement;
    replacement.first = frozen->first;
    replacement.last = frozen->last;
    replacement.terms_end = terms_end(*frozen->chunk);
    if (frozen->chunk->size() != 0) {
      const std::uint32_t run = store.new_run();
      StagedFiles files(store.rocks(), std::to_string(run));
      const BlockRunInfo info = write_run(files, run, *frozen->chunk, store.tuning().block_rows);
      kill_point("flush.staged");
      files.take_in();
      kill_point("flush.taken_in");
      replacement.run = std::make_shared<const StoredRun>(info, store.sources().runs, store.chores());
    }
    {
      const auto lock = store.lock_changes();
      auto next = std::make_shared<Version>(*store.newest());
      const auto place = find_chunk(next->layers, *frozen->chunk);
      if (replacement.run != nullptr) {
        *place = replacement;
      } else {
        next->layers.erase(place);
      }
      rocksdb::WriteBatch batch;
      check(
          batch.DeleteRange(store.rocks().family(Family::delta), delta_key(frozen->first), delta_key(frozen->last + 1)),
          store.rocks().name());
      store.change_structure(std::move(next), batch);
    }
    kill_point("flush.published");
  } catch (...) {
    const auto lock = store.lock_changes();
    const auto next = std::make_shared<Version>(*store.newest());
    const auto place = find_chunk(next->layers, *frozen->chunk);
    if (place != next->layers.end()) place->frozen = false;
    store.publish(next);
    throw;
  }
  return true;
}

bool needs_flush(const Version& version, const Tuning& tuning) {
  return version.delta_rows() > tuning.flush_rows || version.delta_commits() > tuning.flush_rows;
}

bool needs_room(const VersionStore& store) {
  const std::shared_ptr<const Version> version = store.newest();
  return needs_flush(*version, store.tuning()) ||
         version->layers_after(store.held_layers()) > store.tuning().stall_layers / 2;
}

void count_first_run(VersionStore& store) {
  const std::shared_ptr<const Version> version = store.newest();
  if (version->layers.size() != 1 || version->layers.front().run == nullptr) return;
  const std::unique_lock<std::mutex> lock = store.try_lock_structure();
  if (!lock.owns_lock()) return;
  try {
    count_oldest_run(store);
  } catch (const std::exception&) {
    return;
  }
}

bool do_background_step(VersionStore& store, MergeGoal goal) {
  store.rocks().check_open_to_changes();
  const auto lock = store.lock_structure();
  while (const std::optional<std::uint32_t> run = store.chores()->buried()) {
    kill_point("delete.run");
    delete_run(store.rocks(), *run);
    store.chores()->forget(*run);
  }
  const std::shared_ptr<const Version> version = store.newest();
  std::optional<MergePlan> plan = plan_merge(*version, store.held_layers(), store.tuning(), goal);
  // Commits wait for flushes, so that these go first; but no stream of commits may make runs without end.
  const bool many = plan && plan->layers.size() > 2 * store.tuning().most_runs;
  if (needs_flush(*version, store.tuning()) && !many) {
    flush_oldest(store);
    return true;
  }
  if (!plan) return count_oldest_run(store);
  if (plan->flush_first) {
    flush_oldest(store);
  } else {
    merge(store, version, std::move(*plan));
  }
  return true;
}

void flush_commits(VersionStore& store) {
  const auto lock = store.lock_structure();
  while (flush_oldest(store)) {
  }
}

Background::Background(std::shared_ptr<VersionStore> store, std::shared_ptr<WriterSlot> slot, std::size_t memory_bytes)
    : store_(std::move(store)), slot_(std::move(slot)), memory_bytes_(memory_bytes), thread_([this] { run(); }) {}

Background::~Background() {
  store_->chores()->stop();
  thread_.join();
}

void Background::run() {
  const auto stopped = [this] { return store_->chores()->stopped(); };
  while (store_->chores()->wait()) {
    // Terms first: when they all get new numbers, the rows have been merged, too.
    MergeGoal goal = MergeGoal::enough;
    do {
      goal = store_->chores()->goal();
      if (!stopped()) try_to_merge_terms(goal);
    } while (!stopped() && step(goal));
  }
}

bool Background::step(MergeGoal goal) {
  std::exception_ptr failure;
  try {
    return do_background_step(*store_, goal);
  } catch (...) {
    failure = std::current_exception();
  }
  // Given away whole: it ends in the thread that is told.
  store_->report_failure(std::move(failure));
  return false;
}

void Background::try_to_merge_terms(MergeGoal goal) {
  constexpr std::uint32_t kLongestPause = 1024;
  if (term_wait_ > 0) {
    --term_wait_;
    return;
  }
  MergeOptions options;
  options.limits.memory_bytes = memory_bytes_;
  options.progress = [this](std::string_view, std::uint64_t, std::uint64_t) {
    if (store_->chores()->stopped()) throw Error(ErrorCode::cancelled, "the store is being closed");
  };
  try {
    store_->rocks().check_open_to_changes();
    merge_terms(*store_, *slot_, options, goal);
    term_pause_ = 0;
  } catch (const std::exception&) {
    // Nobody waits for it, and nothing is lost: the store is as it was.
    term_pause_ = std::min(2 * term_pause_ + 1, kLongestPause);
    term_wait_ = term_pause_;
  }
}

}  // namespace akyn::storage
