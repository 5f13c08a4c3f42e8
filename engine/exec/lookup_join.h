// The join of few rows with a pattern, by searching for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/exec/join_output.h"
#include "engine/exec/operator.h"
#include "engine/exec/scan_operator.h"
#include "engine/exec/triple_cursor.h"
#include "engine/plan/plan.h"

namespace akyn::exec {

// Takes the different keys of each batch of the left input in ascending order and seeks them in the pattern's order,
// one forward pass a batch; blocks without any are not read. Result: in the order of the left input. Where the
// pattern's other variables are not asked for, equal solutions are counted. Rows that leave the last key unbound are
// sought by the others, in a pass of their own.
class LookupJoinOperator final : public Operator {
 public:
  // `keys`: variables of the first columns behind the scan's constants, in this sequence; the left input binds them in
  // every row, but perhaps for the last one. `checks`: further variables of the pattern that are columns of it. `open`:
  // those of both that it does not bind in every row; there they get the pattern's values.
  LookupJoinOperator(Run& run, plan::JoinKind kind, OperatorPtr left, const plan::Scan& scan,
                     const std::vector<Slot>& keys, const std::vector<Slot>& checks, const std::vector<Slot>& open,
                     std::vector<Slot> columns);

  void skip_to(std::uint64_t value) override { left_->skip_to(value); }
  [[nodiscard]] OperatorProfile profile() const override;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  // Rows of matches_ for one key.
  struct Group {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint64_t solutions = 0;
  };

  // A pass through the pattern's matches.
  struct Pass {
    std::unique_ptr<TripleCursor> cursor;
    std::size_t row = 0;
    std::size_t read_ahead = 0;
    bool ended = false;
  };

  bool produce(Batch& out) override;
  bool next_left();
  void find_groups();
  void find_matches();
  // The matches of those rows, which are in the order of their keys: all that bind the last key, or all that do not.
  void find_matches(std::span<const std::uint32_t> rows);
  // The same where nothing but how many there are is wanted; false where they have to be looked at all the same.
  bool count_matches(std::span<const std::uint32_t> rows);
  // The pattern's columns up to the last key, of a row that binds it or does not.
  [[nodiscard]] storage::RowPrefix key_of(std::uint32_t row) const;
  // The matches of a key from the pass's row on.
  void take_matches(const storage::RowPrefix& key, Group& group);
  // Goes on to the first row that is not before `key`; false at the end.
  bool seek(const storage::RowPrefix& key);
  [[nodiscard]] int compare(std::size_t row, const storage::RowPrefix& key) const;
  [[nodiscard]] bool row_counts(std::size_t row) const;
  [[nodiscard]] std::span<const std::uint64_t> source(std::size_t column) const;
  void match_row(std::size_t room);

  plan::JoinKind kind_;
  OperatorPtr left_;
  plan::Scan scan_;
  ScanLayout layout_;
  GraphChoice graphs_;
  std::shared_ptr<const storage::Version> version_;
  std::vector<std::size_t> left_keys_;
  bool last_is_open_ = false;  // the last key may be unbound
  storage::ColumnMask read_ = 0;
  std::vector<std::size_t> kept_;  // columns of the order that matches keep; kGraphColumn for the graph
  std::vector<std::pair<std::size_t, std::size_t>> checks_;  // places left, and among the kept ones
  JoinOutput output_;
  bool pairs_ = false;
  bool rows_matter_ = false;
  bool can_count_ = false;  // matches are told apart by the keys alone

  Batch batch_;
  bool ended_ = false;
  std::size_t row_ = 0;
  std::vector<std::uint32_t> order_;  // rows of the batch by key
  std::vector<std::uint32_t> bound_;  // of these, those that bind the last key, and those that do not
  std::vector<std::uint32_t> unbound_;
  std::vector<std::uint32_t> group_of_;  // by row
  std::vector<Group> groups_;
  Batch matches_;  // of the keys found so far in this batch
  std::size_t match_ = 0;
  bool in_row_ = false;
  bool row_matched_ = false;
  Charge charge_;

  Pass pass_;
  storage::ScanStatistics scanned_;
};

}  // namespace akyn::exec
