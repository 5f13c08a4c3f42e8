#include "engine/storage/optimize_store.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <rocksdb/write_batch.h>

#include <akyn/error.h>
#include "engine/storage/background.h"
#include "engine/storage/change_set.h"
#include "engine/storage/kill_point.h"
#include "engine/storage/later_commits.h"
#include "engine/storage/load_version.h"
#include "engine/storage/staged_files.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

constexpr std::uint64_t kFewRows = 500'000;
// What a row that came later takes while it is translated: in a few orders, and with its terms.
constexpr std::uint64_t kLaterRowBytes = 256;
// How many times as many rows as there are at first are written, of those and of what comes with them, before nobody
// may write: enough when three rows come while four are written.
constexpr std::uint64_t kMostWritten = 4;
// How often that begins, once more when whoever had the slot at the end has committed much.
constexpr int kMostBeginnings = 8;

// The writer slot and the lock of the structure, held.
class Standstill {
 public:
  // Waits for the transaction that has the slot; `progress` may end the wait, and is what merges later layers when its
  // commit waits for room. Meanwhile no lock is held.
  Standstill(VersionStore& store, WriterSlot& slot, const WorkProgress& progress) : slot_(slot) {
    for (;;) {
      while (!slot_.acquire_for_store(std::chrono::milliseconds(50))) {
        if (progress) progress("waiting for the open transaction", 0, 1);
      }
      structure_ = store.try_lock_structure();
      if (structure_.owns_lock()) return;
      slot_.release();
      // Until what is at work there is done.
      static_cast<void>(store.lock_structure());
    }
  }
  Standstill(const Standstill&) = delete;
  Standstill& operator=(const Standstill&) = delete;
  ~Standstill() { slot_.release(); }

 private:
  WriterSlot& slot_;
  std::unique_lock<std::mutex> structure_;
};

// Behind the first layers, those that are runs.
std::span<const Layer>::iterator end_of_runs(std::span<const Layer> layers) {
  return std::find_if(layers.begin(), layers.end(), [](const Layer& layer) { return layer.run == nullptr; });
}

class StoreRebuilder {
 public:
  // Terms with numbers from `first_term` on are renumbered. Under lock_rebuild().
  StoreRebuilder(VersionStore& store, WriterSlot& slot, std::uint64_t first_term, MergeOptions options)
      : store_(store),
        slot_(slot),
        first_term_(first_term),
        options_(std::move(options)),
        progress_(options_.progress) {
    // Commits go on, and wait when too many of their rows are in no run.
    options_.progress = [this](std::string_view phase, std::uint64_t done, std::uint64_t total) {
      if (progress_) progress_(phase, done, total);
      if (needs_room(store_)) do_background_step(store_);
    };
    if (!store_.rocks().is_in_memory()) options_.limits.directory = store_.rocks().staging_directory();
  }
  StoreRebuilder(const StoreRebuilder&) = delete;
  StoreRebuilder& operator=(const StoreRebuilder&) = delete;
  ~StoreRebuilder() { store_.hold_layers(0); }

  // False when so much has been written meanwhile that it would not fit into memory: nothing has changed.
  [[nodiscard]] bool run() {
    take_base();
    if (base_->layers.empty() && base_->dictionary->from(first_term_)->terms() == 0) return true;
    std::shared_ptr<const Version> before;
    try {
      write_base();
      const std::unique_ptr<const Standstill> standstill = catch_up();
      if (standstill != nullptr) {
        before = publish();
        // What the old numbers were given out for is gone with them.
        slot_.unused_term = store_.newest()->counters.next_term;
      }
    } catch (...) {
      if (!written_) forget_runs();
      throw;
    }
    if (before == nullptr) {
      forget_runs();
      return false;
    }
    kill_point("optimize.published");
    retire(std::move(before));
    return true;
  }

 private:
  // Whether a layer stays as it is.
  [[nodiscard]] bool stays(const Layer& layer) const {
    return first_term_ > 1 && layer.run != nullptr && layer.terms_end <= first_term_;
  }

  // Makes runs of all that is committed at the moment. They stay as they are until the end; what comes later comes in
  // layers of its own.
  std::shared_ptr<const Version> hold_runs() {
    // Every scan goes through held layers until the end: let them be few each time.
    while (store_.newest()->layers_after(store_.held_layers()) > store_.tuning().stall_layers / 2 &&
           do_background_step(store_)) {
    }
    const auto structure = store_.lock_structure();
    const std::uint64_t now = store_.newest()->counters.commits;
    const auto has_old_chunk = [&](const Version& version) {
      return std::any_of(version.layers.begin(), version.layers.end(),
                         [&](const Layer& layer) { return layer.chunk != nullptr && layer.first <= now; });
    };
    while (has_old_chunk(*store_.newest())) flush_oldest(store_);
    std::shared_ptr<const Version> newest = store_.newest();
    const std::span<const Layer> layers(newest->layers);
    const auto end = end_of_runs(layers);
    store_.hold_layers(end == layers.begin() ? 0 : std::prev(end)->last);
    return newest;
  }

  // The state that is rebuilt: all that is committed at the moment, but for old layers that stay.
  void take_base() {
    const std::shared_ptr<const Version> newest = hold_runs();
    const std::span<const Layer> layers(newest->layers);
    const auto end = end_of_runs(layers);
    const auto begin = std::find_if_not(layers.begin(), end, [&](const Layer& layer) { return stays(layer); });
    kept_layers_ = static_cast<std::size_t>(begin - layers.begin());
    if (end != layers.begin()) last_ = std::prev(end)->last;
    const auto base = std::make_shared<Version>(*newest);
    base->layers = uncached(*newest, std::vector<Layer>(begin, end));
    base_ = base;
  }

  // Of work that ends before it is published.
  void forget_runs() noexcept {
    if (block_run_ == 0) return;
    store_.forget_runs({dictionary_run_, block_run_, tail_});
    if (later_) store_.forget_runs(later_->runs());
  }

  // The terms of the tail whose numbers stay, for the new tail. Returns how many they are.
  std::uint64_t copy_tail(KeyValueSink& sink) const {
    if (first_term_ == 1) return 0;
    const std::uint32_t old_tail = base_->dictionary->tail()->tail();
    std::uint64_t terms = 0;
    for_each_tail_entry(store_.rocks(), old_tail, [&](const TailEntry& entry) {
      if (entry.number >= first_term_) return;
      std::string key;
      append_u32(key, tail_);
      sink.put(key += entry.key.substr(key.size()), entry.value);
      if (entry.by_number) ++terms;
    });
    return terms;
  }

  // Writes both runs, and what stays of the tail, and takes them in; nobody sees them yet.
  void write_base() {
    Rocks& rocks = store_.rocks();
    dictionary_run_ = store_.new_run();
    block_run_ = store_.new_run();
    tail_ = store_.new_run();
    StagedFiles terms(rocks, std::to_string(dictionary_run_));
    tail_terms_ = copy_tail(terms.sink(Family::tail));
    const auto rows_in = [&](OrderTag order) {
      std::uint64_t rows = 0;
      for (const Layer& layer : base_->layers) rows += layer.counts(order).rows();
      return rows;
    };
    // Of few rows it is the files that take the time: then one thread writes them, all orders into the same.
    if (rows_in(0) + rows_in(kNamedGraphTag) < kFewRows) options_.threads = 1;
    std::map<OrderTag, StagedFiles> rows;
    std::vector<Id> names;
    for (const GraphMap::Named& graph : base_->graphs.all()) names.push_back(graph.name);
    const bool whole = kept_layers_ == 0;
    const bool marked = !whole && std::any_of(base_->layers.begin(), base_->layers.end(),
                                              [](const Layer& layer) { return layer.run->info().marked; });
    const OpenRows open = [&](OrderTag order) {
      ColumnMask columns = all_columns(order);
      if (marked) columns = static_cast<ColumnMask>(columns | column_bit(kMarkColumn));
      return open_layers(*base_, base_->layers, order, columns, whole ? MergeKind::state : MergeKind::changes);
    };
    const RebuildInput input{*base_->dictionary,           open,        names, rows_in(0) != 0,
                             rows_in(kNamedGraphTag) != 0, first_term_, marked};
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
    rebuilt_ = rebuild(input, output, options_);
    kill_point("optimize.staged");
    std::vector<StagedFiles*> staged = {&terms};
    for (auto& [set, files] : rows) staged.push_back(&files);
    StagedFiles::take_in(staged);
    kill_point("optimize.taken_in");
    later_.emplace(store_, rebuilt_->renumbering, rebuilt_dictionary(), last_);
  }

  // Writes what has been committed since, in parts, until little is left or too much comes with it. Then nobody writes.
  // Null when a layer, or what is left, does not fit into memory.
  std::unique_ptr<const Standstill> catch_up() {
    // So few that the rest may be written while nobody else writes.
    const std::uint64_t close_rows = store_.tuning().large_commit / 4;
    const std::uint64_t most_rows = options_.limits.memory_bytes / kLaterRowBytes;
    // Each is a layer afterwards, and commits are to have room for theirs.
    const std::size_t most_parts = store_.tuning().stall_layers / 4;
    const auto missing_rows = [&] { return later_->missing_rows(*store_.newest()); };
    for (int beginnings = 1;; ++beginnings) {
      bool is_close = missing_rows() <= close_rows;
      std::uint64_t budget = kMostWritten * missing_rows();
      while (!is_close && budget != 0 && later_->layers().size() < most_parts) {
        const std::shared_ptr<const Version> version = hold_runs();
        const std::span<const Layer> layers = later_->missing(*version);
        const auto end = end_of_runs(layers);
        std::uint64_t rows = 0;
        auto part_end = layers.begin();
        while (part_end != end && rows + part_end->rows() <= most_rows) rows += (part_end++)->rows();
        if (part_end != layers.begin()) {
          later_->write(*version, {layers.begin(), part_end}, options_.progress);
        } else if (part_end != end) {
          return nullptr;
        }
        kill_point("optimize.caught_up");
        // A part costs something, however small it is.
        budget -= std::min(budget, std::max(rows, close_rows + 1));
        is_close = missing_rows() <= close_rows;
      }
      auto standstill = std::make_unique<const Standstill>(store_, slot_, options_.progress);
      const std::uint64_t left = missing_rows();
      if (left <= close_rows) return standstill;
      if (!is_close || beginnings == kMostBeginnings) return left <= most_rows ? std::move(standstill) : nullptr;
    }
  }

  // The dictionary with the new run in place of what it was made of.
  [[nodiscard]] std::shared_ptr<const Dictionary> rebuilt_dictionary() const {
    Dictionary::Runs runs;
    for (const auto& run : base_->dictionary->runs()) {
      if (run->range().first < first_term_) runs.push_back(run);
    }
    runs.push_back(open_dictionary_run(dictionary_run_, store_.sources().runs, store_.chores()));
    const std::uint64_t next_number = runs.back()->range().last;
    return std::make_shared<const Dictionary>(
        std::move(runs), open_dictionary_tail(tail_, store_.sources().runs, store_.chores()), tail_terms_, next_number);
  }

  // Under the standstill: makes the new runs, and what was committed since, the store. Returns the version before.
  std::shared_ptr<const Version> publish() {
    std::shared_ptr<const Version> newest = store_.newest();
    LaterCommits::Rest rest = later_->rest(*newest);
    rest.changes.stage();

    const auto lock = store_.lock_changes();
    const auto next = std::make_shared<Version>(*newest);
    next->dictionary = later_->dictionary();
    next->layers.resize(kept_layers_);
    const BlockRunInfo& rows = rebuilt_->rows;
    if (rows.default_graph.rows() + rows.named_graphs.rows() != 0) {
      Layer& layer = next->layers.emplace_back();
      layer.first = kept_layers_ == 0 ? 1 : base_->layers.front().first;
      layer.last = last_;
      layer.run = std::make_shared<const StoredRun>(rows, store_.sources().runs, store_.chores());
      layer.terms_end = rebuilt_->terms.first + rebuilt_->terms.terms;
    }
    next->layers.insert(next->layers.end(), later_->layers().begin(), later_->layers().end());
    if (kept_layers_ == 0) {
      std::erase_if(next->dead, [&](const DeadGraph& graph) { return base_->is_dead(graph.instance); });
    }
    rocksdb::WriteBatch batch;
    const Rocks& rocks = store_.rocks();
    check(batch.DeleteRange(rocks.family(Family::delta), delta_key(0), delta_key(next->counters.commits + 1)),
          rocks.name());
    BatchSink metadata(batch, rocks, Family::metadata);
    for (const Id name : rest.old_names) {
      metadata.remove(graph_key(name));
      next->graphs.erase(name);
    }
    rest.changes.apply(*next, batch);
    // From here on nobody can tell whether the disk has it.
    written_ = true;
    store_.change_structure(next, batch);
    return newest;
  }

  // Files go at once and for good: not before the manifest that does without them is on the device.
  void retire(std::shared_ptr<const Version> before) {
    std::vector<std::uint32_t> runs = {before->dictionary->tail()->tail()};
    for (std::size_t i = kept_layers_; i < before->layers.size(); ++i) {
      if (before->layers[i].run != nullptr) runs.push_back(before->layers[i].run->info().run);
    }
    for (const auto& run : before->dictionary->runs()) {
      if (run->range().first >= first_term_) runs.push_back(run->run());
    }
    store_.retire(std::move(before), runs);
    store_.chores()->wake();
  }

  VersionStore& store_;
  WriterSlot& slot_;
  std::uint64_t first_term_;
  MergeOptions options_;
  WorkProgress progress_;
  std::shared_ptr<const Version> base_;
  std::size_t kept_layers_ = 0;       // before those of the base
  std::uint64_t last_ = 0;            // the last commit of the base
  std::uint32_t dictionary_run_ = 0;  // 0 until it is written
  std::uint32_t block_run_ = 0;
  std::uint32_t tail_ = 0;
  std::uint64_t tail_terms_ = 0;  // that stay in the tail
  std::optional<Rebuilt> rebuilt_;
  std::optional<LaterCommits> later_;
  bool written_ = false;
};

// Whether all runs of rows are about to be merged into one (Tuning::rest_base_share).
bool rewrites_base(const Version& version, const Tuning& tuning) {
  std::optional<std::uint64_t> base;
  std::uint64_t later = 0;
  for (const Layer& layer : version.layers) {
    if (layer.run == nullptr) continue;
    if (!base) {
      base = layer.rows();
    } else {
      later += layer.rows();
    }
  }
  return later * tuning.rest_base_share > base.value_or(0);
}

}  // namespace

void optimize_store(VersionStore& store, WriterSlot& slot, const MergeOptions& options) {
  // What the background worker rebuilds may be waiting for a transaction, and this is to be ended all the same.
  std::unique_lock<std::mutex> rebuild = store.try_lock_rebuild();
  while (!rebuild.owns_lock()) {
    if (options.progress) options.progress("waiting for the merge of terms that is going on", 0, 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    rebuild = store.try_lock_rebuild();
  }
  while (!StoreRebuilder(store, slot, 1, options).run()) {
    if (options.progress) options.progress("beginning anew, with what was written meanwhile", 0, 1);
  }
}

bool merge_terms(VersionStore& store, WriterSlot& slot, const MergeOptions& options, MergeGoal goal) {
  const auto has_many_layers = [&] { return store.newest()->layers.size() > store.tuning().stall_layers / 2; };
  if (has_many_layers() || !choose_terms(*store.newest(), store.tuning(), goal)) return false;
  const auto rebuild = store.try_lock_rebuild();
  if (!rebuild.owns_lock()) return false;
  const std::optional<std::uint64_t> first = choose_terms(*store.newest(), store.tuning(), goal);
  if (!first) return false;
  return StoreRebuilder(store, slot, *first, options).run();
}

std::optional<std::uint64_t> choose_terms(const Version& version, const Tuning& tuning, MergeGoal goal) {
  const Dictionary& dictionary = *version.dictionary;
  const Dictionary::Runs& runs = dictionary.runs();
  const std::uint64_t in_runs = dictionary.terms() - dictionary.tail_terms();
  const bool rest = goal == MergeGoal::rest;
  const bool long_tail =
      dictionary.tail_terms() >= (rest ? tuning.run_terms : std::max<std::uint64_t>(tuning.tail_terms, in_runs / 8));
  const bool many_runs = runs.size() > tuning.most_term_runs;
  if (!many_runs && !long_tail && (!rest || runs.empty())) return std::nullopt;
  // Later on, terms that the oldest run uses could not be merged without rewriting it once more.
  const bool has_later_terms = !runs.empty() && dictionary.terms() > runs.front()->meta().terms;
  if (rest && has_later_terms && rewrites_base(version, tuning)) return 1;
  // The first run that is merged, with all that is newer.
  std::size_t first = runs.size();
  std::uint64_t terms = dictionary.tail_terms();
  const auto add_run = [&] { terms += runs[--first]->meta().terms; };
  if (many_runs || !long_tail) add_run();
  if (many_runs && first > 0) add_run();
  while (first > 1 && runs[first - 1]->meta().terms <= (rest ? tuning.rest_growth : 2) * terms) add_run();
  if (!many_runs && !long_tail && first + 1 == runs.size()) return std::nullopt;
  if (first == 0 || 4 * (dictionary.terms() - runs.front()->meta().terms) > runs.front()->meta().terms) return 1;
  const std::uint64_t number = runs[first - 1]->range().last;
  const auto oldest = std::find_if(version.layers.begin(), version.layers.end(),
                                   [](const Layer& layer) { return layer.run != nullptr; });
  return oldest != version.layers.end() && oldest->terms_end <= number ? number : 1;
}

}  // namespace akyn::storage
