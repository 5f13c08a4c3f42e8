// DISTINCT and REDUCED (SPARQL 1.1 Query 18.5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/exec/row_partitions.h"
#include "engine/exec/row_table.h"

namespace akyn::exec {

// How a DistinctOperator may go about it.
enum class DistinctInput : std::uint8_t {
  sorted,    // equal rows follow one another: nothing is held
  ordered,   // the order of the rows has a meaning, which is kept; Error(limit) when the rows do not fit into memory
  anything,  // what finds no room is put off into a temporary file, and comes last
};

// Each row once, the first time it comes, and uncounted. Gives rows as soon as it has them.
class DistinctOperator final : public Operator {
 public:
  DistinctOperator(Run& run, OperatorPtr input, DistinctInput kind);

  void skip_to(std::uint64_t value) override;

 protected:
  bool produce(Batch& out) override;

 private:
  [[nodiscard]] bool pull(Batch& out);

  OperatorPtr input_;
  DistinctInput kind_;
  bool ended_ = false;               // the input
  std::vector<std::uint64_t> last_;  // the last row, of sorted input
  bool any_ = false;                 // whether there was one
  std::optional<RowTable> table_;
  std::optional<RowPartitions> partitions_;
  std::vector<std::span<const std::uint64_t>> columns_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> fresh_;
  std::vector<std::uint32_t> later_;
};

// Drops what duplicates it meets next to each other, and counts.
class ReducedOperator final : public Operator {
 public:
  ReducedOperator(Run& run, OperatorPtr input);

  void skip_to(std::uint64_t value) override { input_->skip_to(value); }

 protected:
  bool produce(Batch& out) override;

 private:
  OperatorPtr input_;
  std::vector<std::uint64_t> last_;
  bool any_ = false;
  std::vector<std::uint32_t> fresh_;
};

}  // namespace akyn::exec
