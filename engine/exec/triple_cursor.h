// The triples of an active graph, sorted: what scans and look-ups read, whatever graphs the dataset is made of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/runtime/active_graph.h"
#include "engine/storage/database.h"
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

}  // namespace akyn::exec
