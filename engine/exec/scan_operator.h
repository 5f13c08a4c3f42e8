// Matches of one triple pattern.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/exec/triple_cursor.h"
#include "engine/plan/plan.h"

namespace akyn::exec {

// A pattern as a cursor sees it: what stands in each column of the order.
struct ScanLayout {
  explicit ScanLayout(const plan::Scan& scan);

  std::array<plan::Position, 3> columns;
  std::size_t prefix = 0;  // leading constants
  // Pairs of columns that a variable binds to each other, and constants behind the prefix.
  std::vector<std::pair<std::size_t, std::size_t>> equal;
  std::vector<std::size_t> constant;
  std::optional<std::size_t> named_by;  // the column whose variable also names the graph

  [[nodiscard]] storage::RowPrefix prefix_values() const;
  // The first column that binds a variable; nothing for the graph's or an unknown one.
  [[nodiscard]] std::optional<std::size_t> column_of(Slot slot) const noexcept;
};

// Sorted by the order of the scan as far as its columns go. Variables that are not asked for are counted over: rows
// that are equal without them, and neighbours, come as one.
class ScanOperator final : public Operator {
 public:
  ScanOperator(Run& run, const plan::Scan& scan, std::vector<Slot> columns);

  void skip_to(std::uint64_t value) override;
  [[nodiscard]] OperatorProfile profile() const override;

 private:
  // Where a column of the batch comes from.
  static constexpr std::size_t kGraphColumn = 3;

  bool produce(Batch& out) override;
  [[nodiscard]] bool open_next_range();
  // Rows of the cursor's batch that the checks let through; false when it is all of them.
  bool choose();
  [[nodiscard]] std::span<const std::uint64_t> source(std::size_t place) const;
  void copy(Batch& out);
  // Copies the rows, equal neighbours as one.
  void copy_counted(Batch& out);
  // Copies what counter_ gives.
  void copy_counts(Batch& out) const;

  plan::Scan scan_;
  ScanLayout layout_;
  GraphChoice graphs_;
  std::shared_ptr<const storage::Version> version_;
  std::vector<std::size_t> places_;  // for each column: of the order, or kGraphColumn
  storage::ColumnMask read_ = 0;
  bool counts_ = false;         // some variable is counted over
  bool can_skip_ = false;       // the first sorting column follows the prefix
  std::size_t next_range_ = 0;  // of scan_.ranges
  std::uint64_t skip_to_ = 0;
  std::size_t leading_ = 0;  // with can_count_: as many columns, from the order's first one, tell rows apart
  bool can_count_ = false;   // nothing but these columns and the number of rows is wanted
  std::unique_ptr<TripleCursor> cursor_;
  std::unique_ptr<TripleCounts> counter_;  // in place of cursor_
  std::vector<std::uint32_t> chosen_;
  bool all_chosen_ = true;
  std::vector<std::uint32_t> starts_;  // of runs of equal rows
  storage::ScanStatistics ended_;
};

}  // namespace akyn::exec
