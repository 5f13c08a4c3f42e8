// A transaction's changes, and the state they make.
#pragma once

#include <cstddef>
#include <cstdint>
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
  // `first_term` and `first_blank`: the numbers of the first new ones.
  Pending(std::shared_ptr<const Version> base, std::uint64_t first_term, std::uint64_t first_blank);
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  // The state the transaction started from.
  [[nodiscard]] const Version& base() const noexcept { return *base_; }
  // The state with all changes, but for new terms, which are in terms() alone; the same object until the next change.
  [[nodiscard]] std::shared_ptr<const Version> version() const;

  [[nodiscard]] PendingTerms& terms() noexcept { return terms_; }
  [[nodiscard]] const PendingTerms& terms() const noexcept { return terms_; }

  // True when it changed anything.
  bool insert(const QuadIds& quad) { return change(quad, true); }
  bool remove(const QuadIds& quad) { return change(quad, false); }
  // As Writer's.
  std::uint64_t clear_graph(Id graph);
  void move_graph(Id from, Id to);
  void add_prefix(std::string_view prefix, std::string_view iri);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& prefixes() const noexcept { return prefixes_; }

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

  bool change(const QuadIds& quad, bool insert);
  // Whether the base holds a row that the transaction has not touched.
  [[nodiscard]] bool base_holds(const QuadRow& row) const;
  [[nodiscard]] std::uint64_t rows_of(std::uint64_t instance) const noexcept;
  std::uint64_t clear_default_graph();
  // Quads of one graph under another name.
  void copy_rows(Id from, Id to);

  std::shared_ptr<const Version> base_;
  PendingTerms terms_;
  PendingQuads quads_;
  PendingGraphs graphs_;
  std::vector<std::pair<std::string, std::string>> prefixes_;  // later entries win
  std::vector<Savepoint> savepoints_;

  mutable std::shared_ptr<const Version> version_;  // null when changes have been made since
  mutable std::vector<Layer> chunks_;               // the log of changes up to covered_, sorted
  mutable std::size_t covered_ = 0;
};

}  // namespace akyn::storage
