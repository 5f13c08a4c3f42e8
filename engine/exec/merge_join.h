// The join of two inputs that are sorted alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/exec/join_output.h"
#include "engine/exec/operator.h"
#include "engine/plan/plan.h"

namespace akyn::exec {

// Goes through both inputs once, side by side, and lets each skip what the other has nothing for. Result: in the order
// of the left input; of the right one's columns, only those asked for in `columns`. Where that is none, equal solutions
// are counted.
class MergeJoinOperator final : public Operator {
 public:
  // Both inputs are sorted by `keys`, in this sequence, and bind them in every row. `checks`: further variables that
  // both bind in every row.
  MergeJoinOperator(Run& run, plan::JoinKind kind, OperatorPtr left, OperatorPtr right, const std::vector<Slot>& keys,
                    const std::vector<Slot>& checks, std::vector<Slot> columns);

  void skip_to(std::uint64_t value) override;

 private:
  struct Side {
    OperatorPtr input;
    std::vector<std::size_t> keys;  // places in its batches
    Batch batch;
    std::size_t row = 0;  // the next one; batch.rows(): the batch is used up
    bool ended = false;

    [[nodiscard]] std::uint64_t key(std::size_t key_number, std::size_t at) const {
      return batch.column(keys[key_number])[at];
    }
  };

  bool produce(Batch& out) override;
  // Makes sure that there is a current row; false at the end.
  bool fill_left(Batch& out);
  bool fill_right(Batch& out);
  [[nodiscard]] int compare(const Side& a, std::size_t a_row, const Side& b, std::size_t b_row) const;
  // Compares a right row with the key of the group.
  [[nodiscard]] int compare_group(const Side& side, std::size_t row) const;
  // Goes on in the right input to the first row that is not before the left one; false at its end.
  bool advance_right(Batch& out);
  // Takes the right rows that are equal to the current one.
  void take_group(Batch& out);
  // Left rows that nothing matches, up to the right row (or all of the batch).
  void pass_unmatched(std::size_t until);
  void match_row(Batch& out);
  void merge_window(Batch& out);
  [[nodiscard]] bool passes_checks(std::size_t left_row, std::size_t group_row) const;

  plan::JoinKind kind_;
  Side left_;
  Side right_;
  std::vector<std::pair<std::size_t, std::size_t>> checks_;  // places left and right
  JoinOutput output_;

  // The right rows of one key: a range of right_.batch, or a copy when they lie in several batches.
  bool has_group_ = false;
  std::vector<std::uint64_t> group_key_;
  bool group_is_copy_ = false;
  Batch copy_;
  Charge copy_charge_;
  std::size_t group_first_ = 0;
  std::size_t group_rows_ = 0;
  std::uint64_t group_solutions_ = 0;
  // For the current left row, when output was full in between.
  std::size_t next_of_group_ = 0;
  bool matched_before_ = false;
};

}  // namespace akyn::exec
