// Rows and new terms on their way into a store.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <rocksdb/write_batch.h>

#include "engine/storage/dictionary_commit.h"
#include "engine/storage/progress.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

// Keys of one family into a write batch. Neither outlives the other.
class BatchSink final : public KeyValueSink {
 public:
  BatchSink(rocksdb::WriteBatch& batch, const Rocks& rocks, Family family)
      : batch_(batch), rocks_(rocks), family_(rocks.family(family)) {}
  void put(std::string_view key, std::string_view value) override;
  void remove(std::string_view key);

 private:
  rocksdb::WriteBatch& batch_;
  const Rocks& rocks_;
  rocksdb::ColumnFamilyHandle* family_;
};

// What becomes part of a store in one step. Few rows go into one record and few terms into the dictionary's tail, in a
// write batch. When there are more than Tuning::large_commit of both, rows are written as a run of their own, and many
// terms too, in files that RocksDB takes in before the batch names them: that needs no log and no later flush. Terms
// that become a run get other Ids than they had.
//
//     ChangeSet changes(store, terms, rows, graphs);
//     changes.stage();
//     // under lock_changes(), in a copy of the version that `terms` continues:
//     changes.apply(next, batch);
//
// One thread at a time. Throws Error(io); what has been staged and is not named by any manifest goes at the next open.
class ChangeSet {
 public:
  // `rows` are effective, each once; `graphs` those whose entry changes, without rows when they go. Of `terms` those
  // are written that an inserted row uses, directly or inside a triple term, or that name a graph. All but `rows` and
  // `graphs` must outlive this.
  ChangeSet(VersionStore& store, const PendingTerms& terms, DeltaRows rows, std::vector<GraphMap::Named> graphs);

  // Writes the files, if there are to be any.
  void stage();
  // Writes everything in files, however little it is: rows(), if there are any, are a run afterwards. What `check`
  // throws ends it.
  void stage_as_runs(const WorkCheck& check);
  // After staging: the Id that one of the terms has, unbound when it is not used; any other as it is.
  [[nodiscard]] Id final_id(Id id) const;
  // The run of terms; null when there is none.
  [[nodiscard]] const std::shared_ptr<const DictionaryRun>& terms() const noexcept { return dictionary_run_; }
  // Whether the manifest changes, too.
  [[nodiscard]] bool has_runs() const noexcept { return run_ != nullptr || dictionary_run_ != nullptr; }
  // What apply() is about to add: a layer of the rows, whose commit is not said yet, and the graphs' names.
  [[nodiscard]] Layer rows() const;
  [[nodiscard]] std::vector<Id> graph_names() const;
  // Adds the changes to `next`, as those of commit number next.counters.commits, and what the batch has to write of
  // them. Counters of quads are the caller's business.
  void apply(Version& next, rocksdb::WriteBatch& batch);

 private:
  // The terms, too, when there are so many at least.
  void write_files(std::size_t fewest_terms, const WorkCheck& check);
  void renumber(const PendingRenumbering& ids);

  VersionStore& store_;
  DeltaRows rows_;
  std::vector<GraphMap::Named> graphs_;
  UsedTerms used_;
  std::optional<PendingRenumbering> ids_;  // of terms in a run
  std::shared_ptr<const StoredRun> run_;
  std::shared_ptr<const DictionaryRun> dictionary_run_;
};

}  // namespace akyn::storage
