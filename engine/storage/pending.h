// A transaction's changes, and the state they make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/pending_graphs.h"
#include "engine/storage/pending_quads.h"
#include "engine/storage/pending_terms.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// One thread at a time, const calls included. Throws Error(io), Error(corruption).
class Pending {
 public:
  // `first_term` and `first_blank`: the numbers of the first new ones. `small_graph` as in Tuning.
  Pending(std::shared_ptr<const Version> base, std::uint64_t first_term, std::uint64_t first_blank,
          std::size_t small_graph = 0);
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  // The state the transaction started from.
  [[nodiscard]] const Version& base() const noexcept { return *base_; }
  // The state with all changes, but for new terms, which are in terms() alone; the same object until the next change.
  // Costs what the graphs cost that have been touched since the call before, not all graphs of the transaction.
  [[nodiscard]] std::shared_ptr<const Version> version() const;

  [[nodiscard]] PendingTerms& terms() noexcept { return terms_; }
  [[nodiscard]] const PendingTerms& terms() const noexcept { return terms_; }

  // True when it changed anything.
  bool insert(const QuadIds& quad) { return change(quad, true, false); }
  bool remove(const QuadIds& quad) { return change(quad, false, false); }
  // As Writer's.
  std::uint64_t clear_graph(Id graph, const WorkCheck& check = {});
  void move_graph(Id from, Id to, const WorkCheck& check = {});
  void add_prefix(std::string_view prefix, std::string_view iri);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& prefixes() const noexcept { return prefixes_; }

  // Bytes that the changes hold, about.
  [[nodiscard]] std::size_t memory() const noexcept { return terms_.memory() + quads_.memory(); }

  [[nodiscard]] std::size_t savepoint();
  // Throws Error(invalid_argument) for a savepoint that an earlier rollback has removed.
  void rollback_to(std::size_t savepoint);

  // --- For the commit ---

  // The state with all changes but those of rows: counters, graphs, prefixes.
  [[nodiscard]] std::shared_ptr<Version> outline() const;
  // The net changes, those of graphs that are gone left out.
  [[nodiscard]] DeltaRows net_rows() const;
  // Graphs of the base that are gone.
  [[nodiscard]] std::vector<DeadGraph> dead_graphs() const;
  // Graphs whose entry differs from the base's; one without rows for a graph that is gone.
  [[nodiscard]] std::vector<GraphMap::Named> changed_graphs() const;

 private:
  struct Savepoint {
    std::size_t changes;
    std::size_t prefixes;
    PendingGraphs::State graphs;
  };

  // `known`: the quad is in the state as it is, so that the base has it unless the transaction has touched it.
  bool change(const QuadIds& quad, bool insert, bool known);
  // Whether the base holds a row that the transaction has not touched.
  [[nodiscard]] bool base_holds(const QuadRow& row) const;
  [[nodiscard]] std::uint64_t rows_of(std::uint64_t instance) const noexcept;
  [[nodiscard]] std::uint64_t rows_of_graph(Id graph) const noexcept;
  std::uint64_t remove_rows(Id graph, const WorkCheck& check);
  // Quads of one graph under another name.
  void copy_rows(Id from, Id to, const WorkCheck& check);
  // For version(): the graph of this name, or instance, or both, is not what it was. None: the default graph.
  void touch(Id graph, std::uint64_t instance);
  // Without rows when there is no such graph.
  [[nodiscard]] GraphEntry entry_of(Id name) const noexcept;
  [[nodiscard]] std::shared_ptr<const std::map<std::string, std::string>> all_prefixes() const;
  // The state after version_, which is without what has been touched.
  [[nodiscard]] std::shared_ptr<Version> followed() const;

  std::shared_ptr<const Version> base_;
  std::size_t small_graph_;
  PendingTerms terms_;
  PendingQuads quads_;
  PendingGraphs graphs_;
  std::vector<std::pair<std::string, std::string>> prefixes_;  // later entries win
  std::vector<Savepoint> savepoints_;

  // The state as it was last asked for, null at first and after a rollback, and what has been changed since.
  struct Touched {
    Id graph;
    std::uint64_t instance = 0;
    friend bool operator==(const Touched&, const Touched&) = default;
  };
  mutable std::shared_ptr<const Version> version_;
  mutable std::vector<Touched> touched_;
  mutable std::size_t prefixes_seen_ = 0;
  mutable std::vector<Layer> chunks_;  // the log of changes up to covered_, sorted
  mutable std::size_t covered_ = 0;
};

}  // namespace akyn::storage
