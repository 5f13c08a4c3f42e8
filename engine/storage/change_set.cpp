#include "engine/storage/change_set.h"

#include <optional>
#include <string>
#include <utility>

#include "engine/storage/kill_point.h"
#include "engine/storage/status.h"
#include "engine/storage/write_run.h"

namespace akyn::storage {

void BatchSink::put(std::string_view key, std::string_view value) {
  check(batch_.Put(family_, key, value), rocks_.name());
}

void BatchSink::remove(std::string_view key) {
  check(batch_.Delete(family_, key), rocks_.name());
}

ChangeSet::ChangeSet(VersionStore& store, const PendingTerms& terms, DeltaRows rows,
                     std::vector<GraphMap::Named> graphs)
    : store_(store), rows_(std::move(rows)), graphs_(std::move(graphs)), used_(terms) {
  const auto mark = [this](const auto& changed) {
    for (const auto& row : changed) {
      if (row.back() == kDeleteMark) continue;
      for (std::size_t i = 0; i < 3; ++i) used_.mark(Id::from_bits(row[i]));
    }
  };
  mark(rows_.triples);
  mark(rows_.quads);
  for (const GraphMap::Named& graph : graphs_) {
    if (graph.entry.rows != 0) used_.mark(graph.name);
  }
  used_.finish();
}

void ChangeSet::stage() {
  if (rows_.size() + used_.count() > store_.tuning().large_commit) write_files(store_.tuning().run_terms, {});
}

void ChangeSet::stage_as_runs(const WorkCheck& check) {
  if (rows_.size() + used_.count() != 0) write_files(1, check);
}

void ChangeSet::write_files(std::size_t fewest_terms, const WorkCheck& check) {
  const std::uint32_t run = store_.new_run();
  std::uint32_t dictionary_run = 0;
  std::optional<BlockRunInfo> info;
  StagedFiles files(store_.rocks(), std::to_string(run));
  if (used_.count() >= fewest_terms) {
    dictionary_run = store_.new_run();
    ids_ = write_as_run(dictionary_run, used_, files.sink(Family::terms)).ids;
    renumber(*ids_);
  }
  if (rows_.size() != 0) {
    info = write_run(files, run, DeltaChunk(std::exchange(rows_, {})), store_.tuning().block_rows, check);
  }
  kill_point("large_commit.staged");
  files.take_in();
  if (info) run_ = std::make_shared<const StoredRun>(*info, store_.sources().runs, store_.chores());
  if (dictionary_run != 0) {
    dictionary_run_ = open_dictionary_run(dictionary_run, store_.sources().runs, store_.chores());
  }
}

void ChangeSet::renumber(const PendingRenumbering& ids) {
  const auto renumber_rows = [&](auto& changed) {
    for (auto& row : changed) {
      for (std::size_t i = 0; i < 3; ++i) row[i] = ids(Id::from_bits(row[i])).bits();
    }
  };
  renumber_rows(rows_.triples);
  renumber_rows(rows_.quads);
  for (GraphMap::Named& graph : graphs_) graph.name = ids(graph.name);
}

Id ChangeSet::final_id(Id id) const {
  if (used_.terms().owns(id) && !used_.contains(used_.terms().index_of(id))) return Id();
  return ids_ ? (*ids_)(id) : id;
}

Layer ChangeSet::rows() const {
  Layer layer;
  layer.run = run_;
  if (run_ == nullptr && rows_.size() != 0) layer.chunk = std::make_shared<const DeltaChunk>(rows_);
  return layer;
}

std::vector<Id> ChangeSet::graph_names() const {
  std::vector<Id> names;
  for (const GraphMap::Named& graph : graphs_) names.push_back(graph.name);
  return names;
}

void ChangeSet::apply(Version& next, rocksdb::WriteBatch& batch) {
  const Rocks& rocks = store_.rocks();
  Counters& counters = next.counters;
  if (dictionary_run_ != nullptr) {
    next.dictionary = next.dictionary->with_run(dictionary_run_);
  } else {
    BatchSink tail(batch, rocks, Family::tail);
    write_to_tail(next.dictionary->tail()->tail(), used_, tail);
    next.dictionary = next.dictionary->with_tail(used_.count(), used_.terms().next_term());
  }
  counters.next_term = next.dictionary->next_number();
  counters.tail_terms = next.dictionary->tail_terms();

  next.graphs.apply(graphs_);
  BatchSink metadata(batch, rocks, Family::metadata);
  for (const GraphMap::Named& graph : graphs_) {
    if (graph.entry.rows == 0) {
      metadata.remove(graph_key(graph.name));
    } else {
      metadata.put(graph_key(graph.name), graph_value(graph.entry));
    }
  }

  if (run_ != nullptr) {
    Layer& layer = next.layers.emplace_back();
    layer.first = layer.last = counters.commits;
    layer.run = run_;
  } else if (rows_.size() != 0) {
    BatchSink(batch, rocks, Family::delta).put(delta_key(counters.commits), rows_.serialize());
    append_commit(next.layers, counters.commits, std::exchange(rows_, {}));
  }
}

}  // namespace akyn::storage
