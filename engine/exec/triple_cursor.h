// The triples of an active graph, sorted: what scans and look-ups read, whatever graphs the dataset is made of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/runtime/active_graph.h"
#include "engine/storage/counted_cursor.h"
#include "engine/storage/database.h"
#include "engine/storage/row_counter.h"
#include "engine/storage/row_cursor.h"

namespace akyn::exec {

// Which graphs, and whether it is to be said which one a triple is in.
struct GraphChoice {
  runtime::ActiveGraph graph;
  bool by_name = false;  // then `graph` is not used: all named graphs, a triple once for each that has it
  std::shared_ptr<const std::vector<Id>> names;  // of those, only these; null: all
};

// Triples whose columns, in the sequence of an order, are within a range; in that order, each once (once a graph with
// GraphChoice::by_name). One thread at a time. Throws Error(io), Error(corruption).
class TripleCursor {
 public:
  TripleCursor() = default;
  TripleCursor(const TripleCursor&) = delete;
  TripleCursor& operator=(const TripleCursor&) = delete;
  virtual ~TripleCursor() = default;

  // Goes on to the next triples: at least one and about `max_rows`. False at the end.
  [[nodiscard]] virtual bool next(std::size_t max_rows) = 0;
  [[nodiscard]] virtual std::size_t rows() const = 0;
  // Of these triples, the i-th column of the order. Precondition: asked for when the cursor was opened.
  [[nodiscard]] virtual std::span<const std::uint64_t> column(std::size_t i) const = 0;
  // The names of their graphs. Precondition: GraphChoice::by_name.
  [[nodiscard]] virtual std::span<const std::uint64_t> graphs() const = 0;

  // Goes on to the first triple not before `prefix`, whose values are columns of the order; never back.
  virtual void seek(const storage::RowPrefix& prefix) = 0;

  [[nodiscard]] virtual storage::ScanStatistics statistics() const = 0;
};

// `order` is one of the six orders of triples; `columns` those that will be read, of three.
[[nodiscard]] std::unique_ptr<TripleCursor> open_triples(const std::shared_ptr<const storage::Version>& version,
                                                         const GraphChoice& graphs, storage::Permutation order,
                                                         const storage::RowRange& range, storage::ColumnMask columns);

// How many triples have the same values in the first columns of an order. One thread at a time.
class TripleCounts {
 public:
  TripleCounts(std::unique_ptr<storage::CountedCursor> cursor, std::optional<std::uint64_t> instance)
      : cursor_(std::move(cursor)), instance_(instance) {}

  // As TripleCursor, with groups of equal triples in place of these.
  [[nodiscard]] bool next(std::size_t max_groups) { return cursor_->next(max_groups); }
  [[nodiscard]] std::size_t groups() const { return cursor_->groups(); }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t i) const {
    return cursor_->column(instance_ ? i + 1 : i);
  }
  [[nodiscard]] std::span<const std::uint64_t> counts() const { return cursor_->counts(); }
  void seek(const storage::RowPrefix& prefix);
  [[nodiscard]] storage::ScanStatistics statistics() const { return cursor_->statistics(); }

 private:
  std::unique_ptr<storage::CountedCursor> cursor_;
  std::optional<std::uint64_t> instance_;  // of the graph whose triples are counted, when it is a named one
};

// Triples that are equal in the first `columns` columns as one group; all those of the range are in the first `fixed`.
// Null where that takes more than counting: where graphs may share triples, or come by name.
[[nodiscard]] std::unique_ptr<TripleCounts> open_counts(const std::shared_ptr<const storage::Version>& version,
                                                        const GraphChoice& graphs, storage::Permutation order,
                                                        const storage::RowRange& range, std::size_t fixed,
                                                        std::size_t columns);

// How many triples begin with some values, in the columns of an order. One thread at a time.
class TripleCounter {
 public:
  TripleCounter(std::unique_ptr<storage::RowCounter> counter, std::optional<std::uint64_t> instance)
      : counter_(std::move(counter)), instance_(instance) {}

  // Precondition: the values are after all that have been asked for.
  [[nodiscard]] std::uint64_t count(const storage::RowPrefix& values);
  [[nodiscard]] storage::ScanStatistics statistics() const { return counter_->statistics(); }

 private:
  std::unique_ptr<storage::RowCounter> counter_;
  std::optional<std::uint64_t> instance_;  // as above
};

// Of the triples of a range. Null as above.
[[nodiscard]] std::unique_ptr<TripleCounter> open_counter(const std::shared_ptr<const storage::Version>& version,
                                                          const GraphChoice& graphs, storage::Permutation order,
                                                          const storage::RowRange& range);

}  // namespace akyn::exec
