#include "engine/storage/optimize_store.h"

#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rocksdb/write_batch.h>

#include <akyn/error.h>
#include "engine/storage/background.h"
#include "engine/storage/change_set.h"
#include "engine/storage/kill_point.h"
#include "engine/storage/staged_files.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

constexpr std::uint64_t kFewRows = 500'000;

// The writer slot, held.
class HeldSlot {
 public:
  // Waits for the transaction that has it; `progress` may end the wait.
  HeldSlot(WriterSlot& slot, const WorkProgress& progress) : slot_(slot) {
    while (!slot_.acquire(std::chrono::milliseconds(50))) {
      if (progress) progress("waiting for the open transaction", 0, 1);
    }
  }
  HeldSlot(const HeldSlot&) = delete;
  HeldSlot& operator=(const HeldSlot&) = delete;
  ~HeldSlot() { slot_.release(); }

 private:
  WriterSlot& slot_;
};

class StoreOptimizer {
 public:
  StoreOptimizer(VersionStore& store, WriterSlot& slot, MergeOptions options)
      : store_(store), slot_(slot), options_(std::move(options)), progress_(options_.progress) {
    // Commits go on, and wait when too many of their rows are in no run.
    options_.progress = [this](std::string_view phase, std::uint64_t done, std::uint64_t total) {
      if (progress_) progress_(phase, done, total);
      if (needs_flush(*store_.newest(), store_.tuning())) flush_oldest(store_);
    };
    if (!store_.rocks().is_in_memory()) options_.limits.directory = store_.rocks().staging_directory();
  }

  void run() {
    const auto structure = store_.lock_structure();
    take_base();
    if (base_->layers.empty() && base_->dictionary->terms() == 0) return;
    std::optional<Rebuilt> rebuilt;
    std::optional<HeldSlot> held;
    try {
      rebuilt.emplace(write_base());
      held.emplace(slot_, options_.progress);
    } catch (...) {
      forget_runs();
      throw;
    }
    publish(*rebuilt);
    // What the old numbers were given out for is gone with them.
    slot_.unused_term = store_.newest()->counters.next_term;
  }

 private:
  // The state that is rebuilt: all that is in runs at the moment, which everything in commits is made to be. What comes
  // later comes in layers of its own.
  void take_base() {
    const std::uint64_t now = store_.newest()->counters.commits;
    const auto has_old_chunk = [&](const Version& version) {
      for (const Layer& layer : version.layers) {
        if (layer.chunk != nullptr && layer.first <= now) return true;
      }
      return false;
    };
    while (has_old_chunk(*store_.newest())) flush_oldest(store_);

    const std::shared_ptr<const Version> newest = store_.newest();
    const auto base = std::make_shared<Version>(*newest);
    base->layers.clear();
    // Read past the cache: everything once, and soon to be gone.
    const auto sources = std::make_shared<const RunSources>(store_.sources().rocks, 0, false);
    for (const Layer& layer : newest->layers) {
      if (layer.run == nullptr) break;
      last_ = layer.last;
      Layer& copy = base->layers.emplace_back(layer);
      copy.run = std::make_shared<const StoredRun>(layer.run->info(), sources, nullptr);
    }
    base_ = base;
  }

  // Of work that ends before it is published. What cannot be deleted now goes when the store is next opened.
  void forget_runs() noexcept {
    try {
      for (const std::uint32_t run : {dictionary_run_, block_run_}) {
        if (run != 0) delete_run(store_.rocks(), run);
      }
    } catch (const std::exception&) {
      return;
    }
  }

  // Writes both runs and takes them in; nobody sees them yet.
  Rebuilt write_base() {
    Rocks& rocks = store_.rocks();
    dictionary_run_ = store_.new_run();
    block_run_ = store_.new_run();
    StagedFiles terms(rocks, std::to_string(dictionary_run_));
    // Of few rows it is the files that take the time: then one thread writes them, all orders into the same.
    if (base_->counters.default_quads + base_->counters.named_quads < kFewRows) options_.threads = 1;
    std::map<OrderTag, StagedFiles> rows;
    const auto has_rows = [&](OrderTag order) {
      for (const Layer& layer : base_->layers) {
        if (layer.counts(order).rows() != 0) return true;
      }
      return false;
    };
    std::vector<Id> names;
    for (const GraphMap::Named& graph : base_->graphs.all()) names.push_back(graph.name);
    const RebuildInput input{
        *base_->dictionary,
        [this](OrderTag order) { return open_cursor(base_, order, RowRange::all(), all_columns(order)); }, names,
        has_rows(0), has_rows(kNamedGraphTag)};
    const RebuildOutput output{
        dictionary_run_,
        block_run_,
        terms.sink(Family::terms),
        [&](OrderTag order) {
          const OrderTag set = options_.threads == 1 ? OrderTag{0} : order;
          StagedFiles& files =
              rows.try_emplace(set, rocks, std::to_string(block_run_) + "-" + std::to_string(set)).first->second;
          return RowSinks{files.sink(Family::blocks), files.sink(Family::directory)};
        },
        {}};
    Rebuilt rebuilt = rebuild(input, output, options_);
    kill_point("optimize.staged");
    std::vector<StagedFiles*> staged = {&terms};
    for (auto& [set, files] : rows) staged.push_back(&files);
    StagedFiles::take_in(staged);
    kill_point("optimize.taken_in");
    return rebuilt;
  }

  // The effective changes of the layers behind the base, in Ids of `newest`, those of dead graphs left out.
  [[nodiscard]] DeltaRows later_changes(const Version& newest) const {
    DeltaRows changes;
    for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
      const OrderTag order = order_tag(partition, Permutation::spo);
      const auto columns = static_cast<ColumnMask>(all_columns(order) | column_bit(kMarkColumn));
      std::vector<std::unique_ptr<RowSource>> sources;
      for (const Layer& layer : newest.layers) {
        if (layer.first <= last_ || layer.counts(order).rows() == 0) continue;
        sources.push_back(layer.cursor(order, RowRange::all(), columns, ColumnBounds()));
      }
      MergedCursor cursor(std::move(sources), order_columns(order), columns, MergeKind::changes);
      RowBatch batch;
      while (cursor.next(batch)) {
        for (std::size_t i = 0; i < batch.rows(); ++i) {
          const QuadRow row{Id::from_bits(batch.column(0)[i]), Id::from_bits(batch.column(1)[i]),
                            Id::from_bits(batch.column(2)[i]),
                            partition == Partition::default_graph ? 0 : batch.column(3)[i]};
          if (row.instance == 0 || !newest.is_dead(row.instance)) changes.add(row, batch.column(kMarkColumn)[i]);
        }
      }
    }
    return changes;
  }

  // Under the writer slot: makes the new runs, and what was committed since, the store.
  void publish(const Rebuilt& rebuilt) {
    const std::shared_ptr<const Version> newest = store_.newest();
    Dictionary::Runs runs = {open_dictionary_run(dictionary_run_, store_.sources().runs, store_.chores())};
    const std::uint64_t next_number = runs.front()->range().last;
    const auto dictionary = std::make_shared<const Dictionary>(
        std::move(runs), open_dictionary_tail(store_.new_run(), store_.sources().runs, store_.chores()), 0,
        next_number);

    PendingTerms terms(next_number, newest->counters.next_blank);
    Translator translate(*newest->dictionary, rebuilt.renumbering, *dictionary, terms);
    DeltaRows changes = later_changes(*newest);
    const auto translate_rows = [&](auto& rows) {
      for (auto& row : rows) {
        for (std::size_t i = 0; i < 3; ++i) row[i] = translate(Id::from_bits(row[i])).bits();
      }
    };
    translate_rows(changes.triples);
    translate_rows(changes.quads);
    const std::vector<GraphMap::Named> old_graphs = newest->graphs.all();
    std::vector<GraphMap::Named> graphs = old_graphs;
    for (GraphMap::Named& graph : graphs) graph.name = translate(graph.name);
    ChangeSet change_set(store_, terms, std::move(changes), std::move(graphs));
    try {
      change_set.stage();
    } catch (...) {
      forget_runs();
      throw;
    }

    {
      const auto lock = store_.lock_changes();
      const auto next = std::make_shared<Version>(*store_.newest());
      next->dictionary = dictionary;
      next->graphs = GraphMap();
      std::erase_if(next->dead, [&](const DeadGraph& graph) { return base_->is_dead(graph.instance); });
      next->layers.clear();
      if (rebuilt.rows.default_graph.rows() + rebuilt.rows.named_graphs.rows() != 0) {
        Layer& layer = next->layers.emplace_back();
        layer.first = 1;
        layer.last = last_;
        layer.run = std::make_shared<const StoredRun>(rebuilt.rows, store_.sources().runs, store_.chores());
      }
      rocksdb::WriteBatch batch;
      const Rocks& rocks = store_.rocks();
      check(batch.DeleteRange(rocks.family(Family::delta), delta_key(0), delta_key(next->counters.commits + 1)),
            rocks.name());
      BatchSink metadata(batch, rocks, Family::metadata);
      for (const GraphMap::Named& graph : old_graphs) metadata.remove(graph_key(graph.name));
      change_set.apply(*next, batch);
      store_.change_structure(next, batch);
    }
    kill_point("optimize.published");
    // Files go at once and for good: not before the manifest that does without them is on the device.
    store_.sync();
    for (const Layer& layer : newest->layers) {
      if (layer.run != nullptr) store_.chores()->retire(layer.run->info().run);
    }
    for (const auto& run : newest->dictionary->runs()) store_.chores()->retire(run->run());
    store_.chores()->retire(newest->dictionary->tail()->tail());
    store_.chores()->wake();
  }

  VersionStore& store_;
  WriterSlot& slot_;
  MergeOptions options_;
  WorkProgress progress_;
  std::shared_ptr<const Version> base_;
  std::uint64_t last_ = 0;            // the last commit of the base
  std::uint32_t dictionary_run_ = 0;  // 0 until it is written
  std::uint32_t block_run_ = 0;
};

}  // namespace

void optimize_store(VersionStore& store, WriterSlot& slot, const MergeOptions& options) {
  StoreOptimizer(store, slot, options).run();
}

}  // namespace akyn::storage
