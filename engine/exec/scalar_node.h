// The general way of a ColumnNode: an expression evaluated once for each distinct combination of the variables' values.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/column_node.h"
#include "engine/exec/id_memo.h"

namespace akyn::exec {

// Terms that a batch needs are read together. With one variable, the expression is evaluated right on the decoded
// terms. What is not deterministic, and EXISTS, are evaluated row by row.
class ScalarNode final : public ColumnNode {
 public:
  ScalarNode(const algebra::ExpressionNode& expression, ColumnContext& context);

  void values(const Frame& frame, IdColumn& out) override { evaluate(Kind::values, frame, out); }
  void ids(const Frame& frame, IdColumn& out) override { evaluate(Kind::ids, frame, out); }
  void truths(const Frame& frame, TruthColumn& out) override;

  // Calls use(row, value) for each row, in no particular order, without giving Ids to computed values. The value is
  // valid during the call.
  using Use = std::function<void(std::size_t row, const Datum& value)>;
  void visit(const Frame& frame, const Use& use);

 private:
  enum class Kind : std::uint8_t { values, ids, truths };

  void evaluate(Kind kind, const Frame& frame, IdColumn& out);
  [[nodiscard]] std::uint64_t result(Kind kind, const Datum& value);
  // Calls use(place in `rows`, value) for each.
  template <class Give>
  void evaluate_rows(const Frame& frame, std::span<const std::uint32_t> rows, const Give& give);
  template <class Give>
  void evaluate_terms(const Frame& frame, std::span<const std::uint32_t> rows, const Give& give);
  template <class Give>
  void evaluate_combinations(const Frame& frame, std::span<const std::uint32_t> rows, const Give& give);
  // Whether the rows of one variable ascend, from where those before ended: then nothing is met twice but by
  // neighbours.
  [[nodiscard]] bool goes_on_sorted(const Frame& frame);
  // Sets a value that is not read from the dictionary.
  void set_unstored(Datum& value, Id id);
  void load(const Frame& frame, std::span<const std::uint32_t> rows);

  static constexpr std::size_t kMostMemoized = 3;  // variables
  static constexpr std::size_t kChunkRows = 1024;  // whose terms are held together

  ColumnContext& context_;
  std::vector<std::size_t> variables_;  // the columns that the expression reads itself, without EXISTS
  ScalarPtr scalar_;
  bool row_by_row_;
  bool exists_;
  std::array<std::unique_ptr<IdMemo>, 3> memos_;           // by kind
  std::array<std::optional<std::uint64_t>, 3> constants_;  // the same, without variables

  std::uint64_t last_sorted_ = 0;  // the Id that goes_on_sorted() saw last

  std::vector<Datum> data_;  // of the row, or variable by variable those of a chunk
  std::vector<std::uint32_t> misses_;
  std::vector<std::uint32_t> all_rows_;
  IdColumn results_;
  IdColumn truth_bits_;
  std::vector<Id> wanted_;
  std::vector<Id> row_;
  std::string bodies_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  // offset and size in bodies_
};

}  // namespace akyn::exec
