#include "engine/storage/bulk_load.h"

#include <algorithm>
#include <map>
#include <thread>
#include <unordered_map>

#include <rocksdb/write_batch.h>

#include <akyn/error.h>
#include "engine/storage/background.h"
#include "engine/storage/bulk_rows.h"
#include "engine/storage/bulk_terms.h"
#include "engine/storage/change_set.h"
#include "engine/storage/commit.h"
#include "engine/storage/dictionary_tail.h"
#include "engine/storage/kill_point.h"
#include "engine/storage/ordered_work.h"
#include "engine/storage/page_memory.h"
#include "engine/storage/pending.h"
#include "engine/storage/staged_files.h"
#include "engine/storage/statistics.h"
#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

// With less a load is slow and no smaller: its parts have sizes of their own.
constexpr std::size_t kLeastMemory = std::size_t{1} << 16U;
// How the memory is shared out, in percent. While statements are read there are vocabularies and rows; afterwards only
// rows, in twice the room.
constexpr std::size_t kTermPercent = 40;
constexpr std::size_t kRowPercent = 25;
constexpr std::size_t kMergePercent = 25;
constexpr std::size_t kSortPercent = 75;
// A load of this part of the store makes all of it new.
constexpr std::uint64_t kRebuildPart = 4;
// When less than this part of its rows brings a new term, most of them may be in the store already.
constexpr std::uint64_t kNewTermPart = 64;

std::uint64_t quads_of(const Version& version) {
  return version.counters.default_quads + version.counters.named_quads;
}

}  // namespace

// The writer slot, held.
class BulkLoad::Slot {
 public:
  explicit Slot(WriterSlot& slot) : slot_(slot) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { slot_.release(); }

 private:
  WriterSlot& slot_;
};

BulkLoad::BulkLoad(std::shared_ptr<VersionStore> store, std::shared_ptr<WriterSlot> slot, const StoreOptions& options,
                   const BulkOptions& bulk)
    : store_(std::move(store)),
      writer_slot_(std::move(slot)),
      options_(options),
      memory_bytes_(std::max(bulk.memory_bytes != 0 ? bulk.memory_bytes : physical_memory() / 4, kLeastMemory)),
      threads_(bulk.threads != 0 ? bulk.threads : std::max(std::thread::hardware_concurrency(), 1U)) {
  take_slot(*store_, *writer_slot_, options_);
  slot_ = std::make_unique<Slot>(*writer_slot_);
  base_ = store_->newest();
  first_term_ = std::max(base_->counters.next_term, writer_slot_->unused_term);
  first_blank_ = std::max(base_->counters.next_blank, writer_slot_->unused_blank);
  BulkLaneLimits limits;
  limits.term_bytes = memory_bytes_ / 100 * kTermPercent / threads_;
  limits.row_bytes = memory_bytes_ / 100 * kRowPercent / threads_;
  if (!store_->rocks().is_in_memory()) {
    limits.directory = store_->rocks().staging_directory();
    check(store_->rocks().db().GetEnv()->CreateDirIfMissing(limits.directory), store_->rocks().name());
  }
  for (std::size_t i = 0; i < threads_; ++i) {
    lanes_.push_back(std::make_unique<BulkLane>(limits, base_->counters.next_blank));
  }
}

BulkLoad::~BulkLoad() = default;

void BulkLoad::add_prefix(std::string_view prefix, std::string_view iri) {
  prefixes_.emplace_back(prefix, iri);
}

std::uint64_t BulkLoad::commit(const WorkProgress& progress) {
  if (slot_ == nullptr) throw Error(ErrorCode::closed, "the load has ended");
  Committed committed;
  {
    const std::unique_ptr<Slot> ended = std::move(slot_);
    for (const auto& lane : lanes_) lane->end();
    committed = is_small() ? commit_small() : commit_large(progress);
    lanes_.clear();
    store_->rocks().keep();
  }
  base_ = nullptr;
  finish_commit(*store_, committed.turn, options_.durability);
  return committed.added;
}

bool BulkLoad::is_small() const {
  std::uint64_t size = 0;
  for (const auto& lane : lanes_) {
    if (!lane->is_whole()) return false;
    for (const auto& segment : lane->segments()) {
      if (segment->vocabulary == nullptr) return false;
      size += segment->rows.size() + segment->named_rows.size() + segment->vocabulary->size();
    }
  }
  return size <= store_->tuning().large_commit;
}

BulkLoad::Committed BulkLoad::commit_small() {
  Pending pending(base_, first_term_, first_blank_);
  std::unordered_map<std::string, Id> nodes;
  std::uint64_t added = 0;
  for (const auto& lane : lanes_) {
    for (const auto& segment : lane->segments()) {
      const BulkVocabulary& terms = *segment->vocabulary;
      std::vector<Id> ids(terms.size());
      std::size_t next_triple = 0;
      std::string body;
      for (std::uint32_t i = 0; i < terms.size(); ++i) {
        const IdType type = terms.type_of(i);
        std::string_view folded = terms.folded_body(i);
        if (type == kIdAsItIs) {
          ids[i] = load_id(folded.data());
          continue;
        }
        if (type == IdType::blank) {
          Id& node = nodes[std::string(folded)];
          if (!node.is_bound()) node = pending.terms().new_blank();
          ids[i] = node;
          continue;
        }
        body.clear();
        if (type == IdType::triple) {
          const BulkTriple& triple = terms.triples()[next_triple++];
          body = triple_body({ids[triple.subject], ids[triple.predicate], ids[triple.object]});
          folded = body;
        } else {
          terms.append_body(i, body);
        }
        ids[i] = pending.terms().find(type, folded);
        if (!ids[i].is_bound()) ids[i] = base_->dictionary->find(type, folded);
        if (!ids[i].is_bound()) ids[i] = pending.terms().add(type, folded, body);
      }
      segment->rows.consume([&](const auto& rows) {
        for (const auto& row : rows) {
          if (pending.insert({ids[row[0]], ids[row[1]], ids[row[2]], kDefaultGraph})) ++added;
        }
      });
      segment->named_rows.consume([&](const auto& rows) {
        for (const auto& row : rows) {
          if (pending.insert({ids[row[0]], ids[row[1]], ids[row[2]], ids[row[3]]})) ++added;
        }
      });
    }
  }
  for (const auto& [prefix, iri] : prefixes_) pending.add_prefix(prefix, iri);
  return {added, write_commit(*store_, pending)};
}

BulkLoad::Committed BulkLoad::commit_large(const WorkProgress& progress) {
  VersionStore& store = *store_;
  Rocks& rocks = store.rocks();
  store.wait_for_room();
  if (progress) progress("sorting terms", 0, 1);
  run_parallel(threads_, lanes_.size(), [&](std::size_t lane) { lanes_[lane]->finish(); });

  SymbolSample sample;
  std::vector<std::vector<BulkSegment*>> segments;
  std::vector<BulkSegment*> all_segments;
  for (const auto& lane : lanes_) {
    auto& own = segments.emplace_back();
    for (const auto& segment : lane->segments()) {
      own.push_back(segment.get());
      all_segments.push_back(segment.get());
    }
    for (SymbolSample& part : lane->samples()) sample.join(std::move(part));
    lane->samples().clear();
  }
  kill_point("load.read");

  SortLimits limits;
  if (!rocks.is_in_memory()) limits.directory = rocks.staging_directory();
  limits.memory_bytes = memory_bytes_ / 100 * kMergePercent;
  const std::uint32_t dictionary_run = store.new_run();
  const std::uint32_t run = store.new_run();
  StagedFiles term_files(rocks, std::to_string(dictionary_run));
  const bool first_load = base_->layers.empty();
  BulkTerms terms = merge_bulk_terms(BulkTermsInput{.segments = all_segments,
                                                    .base = *base_->dictionary,
                                                    .run = dictionary_run,
                                                    .first_term = first_term_,
                                                    .first_blank = first_blank_,
                                                    .fewest_run_terms = first_load ? 1 : store.tuning().run_terms,
                                                    .symbols = sample.train(),
                                                    .sink = term_files.sink(Family::terms),
                                                    .limits = limits,
                                                    .threads = threads_,
                                                    .progress = progress});
  kill_point("load.merged");

  std::unique_lock<std::mutex> structure;
  if (is_large_beside_base(terms.next_term - first_term_)) structure = hold_base();
  const bool rebuilds = structure.owns_lock();
  limits.memory_bytes = memory_bytes_ / 100 * kSortPercent;
  StagedFiles directory_files(rocks, std::to_string(run));
  std::map<OrderTag, StagedFiles> block_files;
  BulkRows rows = write_bulk_rows(
      BulkRowsInput{.segments = segments,
                    .terms = terms,
                    .first_blank = first_blank_,
                    .base = *base_,
                    .with_base = rebuilds,
                    .first_instance = base_->counters.next_instance,
                    .run = run,
                    .blocks = [&](OrderTag order) -> KeyValueSink& {
                      return block_files.try_emplace(order, rocks, std::to_string(run) + "-" + std::to_string(order))
                          .first->second.sink(Family::blocks);
                    },
                    .directory = directory_files.sink(Family::directory),
                    .block_rows = store.tuning().block_rows,
                    .limits = limits,
                    .threads = threads_,
                    .progress = progress});
  const std::uint64_t added = rows.default_added + rows.named_added;
  std::vector<StagedFiles*> staged = {&directory_files};
  if (terms.meta.terms != 0) staged.push_back(&term_files);
  for (auto& [order, files] : block_files) staged.push_back(&files);
  kill_point("load.staged");
  if (added == 0) {
    // Nothing but prefixes, perhaps.
    Pending pending(base_, first_term_, first_blank_);
    for (const auto& [prefix, iri] : prefixes_) pending.add_prefix(prefix, iri);
    return {0, write_commit(store, pending)};
  }
  if (progress) progress("publishing", 0, 1);
  StagedFiles::take_in(staged);
  kill_point("load.taken_in");

  std::shared_ptr<const DictionaryRun> new_terms;
  if (terms.meta.terms != 0) {
    new_terms = open_dictionary_run(dictionary_run, store.sources().runs, store.chores());
  }
  const auto new_rows = std::make_shared<const StoredRun>(rows.info, store.sources().runs, store.chores());
  CommitFeed::Turn turn;
  {
    const auto lock = store.lock_changes();
    const std::shared_ptr<const Version> before = store.newest();
    const auto next = std::make_shared<Version>(*before);
    rocksdb::WriteBatch batch;
    BatchSink metadata(batch, rocks, Family::metadata);
    Counters& counters = next->counters;
    ++counters.commits;
    if (new_terms != nullptr) {
      next->dictionary = next->dictionary->with_run(new_terms);
    } else {
      BatchSink tail(batch, rocks, Family::tail);
      for (const auto& [id, body] : terms.few) {
        std::string folded = body;
        fold_body(id.type(), folded);
        write_tail_body(next->dictionary->tail()->tail(), id, body, tail);
        write_tail_number(next->dictionary->tail()->tail(), id, folded, tail);
      }
      next->dictionary = next->dictionary->with_tail(terms.few.size(), terms.next_term);
    }
    counters.next_term = next->dictionary->next_number();
    counters.tail_terms = next->dictionary->tail_terms();
    counters.next_blank = terms.next_blank;
    counters.next_instance = rows.next_instance;
    counters.default_quads += rows.default_added;
    counters.named_quads += rows.named_added;
    for (const GraphMap::Named& graph : rows.graphs) {
      if (graph.entry.rows == 0) continue;
      next->graphs.put(graph.name, graph.entry);
      metadata.put(graph_key(graph.name), graph_value(graph.entry));
    }
    if (!prefixes_.empty()) {
      auto prefixes = std::make_shared<std::map<std::string, std::string>>(*next->prefixes);
      for (const auto& [prefix, iri] : prefixes_) {
        metadata.put(prefix_key(prefix), iri);
        (*prefixes)[prefix] = iri;
      }
      next->prefixes = std::move(prefixes);
    }
    Layer layer;
    layer.first = layer.last = counters.commits;
    layer.run = new_rows;
    if (rebuilds) {
      layer.first = next->layers.front().first;
      next->layers.clear();
      next->dead.clear();
    }
    if (next->layers.empty()) metadata.put(statistics_key(), rows.statistics.serialize());
    next->layers.push_back(std::move(layer));
    kill_point("load.before_write");
    store.change_structure(next, batch);
    kill_point("load.written");
    if (store.commits().is_followed()) {
      CommittedChange change{before, next, next->layers.back(), {}, rebuilds};
      for (const GraphMap::Named& graph : rows.graphs) change.graphs.push_back(graph.name);
      turn = store.commits().take_turn(std::move(change));
    }
  }
  if (rebuilds) {
    std::vector<std::uint32_t> replaced;
    for (const Layer& layer : base_->layers) replaced.push_back(layer.run->info().run);
    store.retire(base_, replaced);
  }
  // Beside what a load costs, that is little.
  store.chores()->rest();
  return {added, std::move(turn)};
}

bool BulkLoad::is_large_beside_base(std::uint64_t new_terms) const {
  std::uint64_t rows = 0;
  for (const auto& lane : lanes_) {
    for (const auto& segment : lane->segments()) rows += segment->rows.size() + segment->named_rows.size();
  }
  const std::uint64_t before = quads_of(*base_);
  return before != 0 && rows > store_->tuning().flush_rows && rows >= before / kRebuildPart &&
         new_terms >= rows / kNewTermPart;
}

std::unique_lock<std::mutex> BulkLoad::hold_base() {
  std::unique_lock<std::mutex> structure = store_->try_lock_structure();
  if (!structure.owns_lock() || store_->held_layers() != 0) return {};
  while (flush_oldest(*store_)) {
  }
  base_ = store_->newest();
  if (base_->layers.empty()) return {};
  return structure;
}

}  // namespace akyn::storage
