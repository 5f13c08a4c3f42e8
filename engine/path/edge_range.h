// Where the edges of a label are stored, and reading them from there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/path/automaton.h"
#include "engine/runtime/active_graph.h"
#include "engine/storage/row_cursor.h"
#include "engine/storage/version.h"

namespace akyn::path {

// An edge that starts from a node known otherwise.
struct Edge {
  Id target;
  Id predicate;
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

// One range of one stored order. Over all ranges of a label an edge may come more than once.
struct EdgeRange {
  storage::OrderTag order = 0;
  storage::RowPrefix prefix;  // of all its rows
  std::size_t node = 0;       // columns: where an edge starts,
  std::size_t target = 0;     // and where it ends
  // The predicate's column, where it is not in the prefix; that wanted, or else those that are not.
  std::optional<std::size_t> predicate;
  std::optional<Id> wanted;
  std::vector<Id> excluded;  // ascending
  // Instances of the graphs that count, ascending; null: all that the range holds. Their column is the last.
  std::shared_ptr<const std::vector<std::uint64_t>> graphs;

  // Whether rows ascend by node within the range, so that nodes can be looked up.
  [[nodiscard]] bool sorted() const noexcept { return node == prefix.size(); }
  // Whether it takes all its rows.
  [[nodiscard]] bool takes_all() const noexcept { return !wanted && excluded.empty() && graphs == nullptr; }
  // Those that have to be read; with the predicate's, or with it only when it says what to take.
  [[nodiscard]] storage::ColumnMask columns(bool with_predicate) const noexcept;
  [[nodiscard]] bool takes(const storage::RowBatch& rows, std::size_t row) const noexcept;
};

// Ranges that are sorted by node, for looking nodes up.
[[nodiscard]] std::vector<EdgeRange> lookup_ranges(const storage::Version& version, const runtime::ActiveGraph& graph,
                                                   const Label& label);
// Ranges that hold little else, for reading all edges.
[[nodiscard]] std::vector<EdgeRange> scan_ranges(const storage::Version& version, const runtime::ActiveGraph& graph,
                                                 const Label& label);
// Rows that a scan of them reads, exactly, or more where graphs have been dropped.
[[nodiscard]] std::uint64_t rows_of(const storage::Version& version, const std::vector<EdgeRange>& ranges);

// Lists the edges of single nodes, best in ascending order: then each block is read once at most. One thread at a time.
class EdgeCursor {
 public:
  // Precondition: range.sorted().
  EdgeCursor(std::shared_ptr<const storage::Version> version, EdgeRange range)
      : version_(std::move(version)), range_(std::move(range)) {}

  // Appends where the node's edges lead. What comes twice in a row is given once.
  void targets(Id node, std::vector<Id>& out);
  // Appends the edges, one for each graph that holds it. Precondition: the range is of a negated label.
  void edges(Id node, std::vector<Edge>& out);

 private:
  void open(Id node);
  // Makes rows_[row_] the first row that is not before the node's; false when there is none.
  [[nodiscard]] bool find(Id node);
  [[nodiscard]] bool refill();
  // Calls use(row) for all rows of the node that the range takes.
  template <class Use>
  void each_row(Id node, Use use);
  [[nodiscard]] storage::RowPrefix prefix_of(Id node) const;

  std::shared_ptr<const storage::Version> version_;
  EdgeRange range_;
  std::unique_ptr<storage::RowCursor> cursor_;
  storage::RowBatch rows_;
  std::size_t row_ = 0;
  std::size_t read_ahead_ = 0;  // rows
  Id last_;                     // the node looked for last
};

// Edges of a range, Ids as bits, in the order of its rows.
struct EdgeRows {
  std::span<const std::uint64_t> nodes;
  std::span<const std::uint64_t> targets;
  std::span<const std::uint64_t> predicates;  // where they are read
};
// Calls use(rows) for all edges of a range, some thousands at a time. Precondition of `with_predicates`: the range is
// of a negated label.
void scan_edges(const std::shared_ptr<const storage::Version>& version, const EdgeRange& range, bool with_predicates,
                const std::function<void(const EdgeRows& rows)>& use);

}  // namespace akyn::path
