// The join of any two inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/hashed_rows.h"
#include "engine/exec/join_output.h"
#include "engine/exec/loose_index.h"
#include "engine/exec/operator.h"
#include "engine/exec/row_partitions.h"
#include "engine/plan/plan.h"

namespace akyn::exec {

// Says which rows of a batch some conditions hold for, ascending.
using BatchCondition = std::function<void(const Batch& batch, std::vector<std::uint32_t>& rows)>;

struct HashJoinSpec {
  plan::JoinKind kind = plan::JoinKind::inner;
  std::vector<Slot> keys;     // both inputs bind them in every row; none: every row meets every other one
  std::vector<Slot> loose;    // other common variables, which agree where both bind them
  bool ordered = false;       // the order of the left input's rows has a meaning
  bool needs_common = false;  // without any common variable that both bind, rows are no match
  // Of merged rows, whose columns are condition_columns; empty: none.
  std::vector<Slot> condition_columns;
  BatchCondition condition;
};

// Reads the right input into a table, then goes through the left one. Result: in the order of the left input, unless
// there are conditions. Where the right input's columns are not asked for, equal solutions are counted.
//
// A right input that finds no room within the query's memory limit goes to a temporary file, as does the left one, both
// in partitions by their keys, which are joined one after another: a Grace join. Where there are no keys, or the order
// has a meaning, it is an Error(limit).
class HashJoinOperator final : public Operator {
 public:
  HashJoinOperator(Run& run, HashJoinSpec spec, OperatorPtr left, OperatorPtr right, std::vector<Slot> columns);

  void skip_to(std::uint64_t value) override { left_->skip_to(value); }

 private:
  static constexpr std::uint32_t kNone = HashedRows::kNone;

  bool produce(Batch& out) override;
  void build();
  // The next rows of the right input, in the columns that are kept.
  [[nodiscard]] bool pull_right(Batch& batch);
  // Puts a right batch into the table or, when that is full, with all that is in it into partitions.
  void add_right(const Batch& batch, bool& spilled);
  void spill_all(std::size_t side, const Batch& batch);
  // The next left rows, and the table that they are to be looked up in.
  [[nodiscard]] bool pull_left();
  // Fills the table from the next partition that fits.
  [[nodiscard]] bool open_partition();
  void clear_table(bool bounded);
  // Finds the matches of the left batch, or what may be.
  void find_batch();
  // Whether it is done by the loose columns, too.
  [[nodiscard]] bool find_by_loose();
  // Sets at_ to the first right row found for the left one, or to the next one.
  void begin_row();
  void advance();
  // The right row at its place in the index, or behind it; kNone behind the last.
  [[nodiscard]] std::uint32_t found_by_index();
  // Pairs of the left batch, from where it stopped, until enough are collected or the batch is done.
  void collect(std::size_t room);
  [[nodiscard]] bool loose_agree(std::size_t left_row, std::uint32_t right_row) const;
  // Drops pairs for which the condition does not hold, and notes the left rows of the others.
  void check_pairs();
  // Left rows of the batch that are due at its end: those without match, or those with one.
  void finish_batch();

  HashJoinSpec spec_;
  OperatorPtr left_;
  OperatorPtr right_;
  std::vector<std::size_t> left_keys_;
  std::vector<std::size_t> right_keys_;
  std::size_t right_columns_;
  std::vector<std::size_t> left_loose_;
  std::vector<std::size_t> right_loose_;
  JoinOutput output_;
  bool pairs_ = false;        // the result has rows for pairs, not just for left rows
  bool rows_matter_ = false;  // which of the right rows with a key it is; otherwise only their keys are kept

  bool built_ = false;
  std::optional<HashedRows> table_;
  std::optional<LooseIndex> index_;          // of the table's rows
  bool no_index_ = false;                    // there is no room for one
  std::optional<RowPartitions> partitions_;  // once the table has been full
  Batch pulled_;
  std::vector<std::uint32_t> later_;

  Batch batch_;  // of the left input
  bool ended_ = false;
  std::vector<std::uint32_t> found_;  // by row of the batch: the first right row with its keys
  std::size_t row_ = 0;
  std::uint32_t at_ = kNone;  // the next right row for it
  bool indexed_ = false;      // found by the index: at_ is in this part, at this place
  std::size_t part_ = 0;
  std::size_t place_ = 0;
  bool in_row_ = false;  // at_ is of row_
  bool row_matched_ = false;
  std::vector<bool> matched_;  // with conditions: left rows of the batch
  JoinOutput merged_output_;   // writes the columns of the condition
  Batch merged_;
  std::vector<std::uint32_t> passing_;
};

}  // namespace akyn::exec
