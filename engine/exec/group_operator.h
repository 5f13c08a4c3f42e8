// GROUP BY and aggregates (SPARQL 1.1 Query 11, 18.5.1).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/accumulator.h"
#include "engine/exec/operator.h"
#include "engine/exec/row_partitions.h"
#include "engine/exec/row_table.h"

namespace akyn::exec {

// An aggregate over columns of the input. A cell that is unbound stands for an error.
struct GroupAggregate {
  expr::AggregateKind kind = expr::AggregateKind::count;
  bool distinct = false;
  bool rows = false;  // COUNT(*)
  // One; none for COUNT(*); any number for custom aggregates. For COUNT(DISTINCT *): the variables that make a
  // solution.
  std::vector<Slot> arguments;
  std::optional<std::string> separator;  // GROUP_CONCAT
  std::string iri;                       // of a custom aggregate
  Slot result = 0;
  // With DISTINCT: the input is sorted by the keys and then by the arguments, or equal arguments of a group follow each
  // other for another reason.
  bool sorted = false;
};

// One row for each group: its keys, then the aggregates' results. Without keys there is one group, even of nothing.
//
// Where the input is sorted by the keys, in their order, groups are given as they end, sorted likewise, and nothing is
// held but the groups of a batch. Otherwise they come in the order of their first rows, after the input has ended; what
// finds no room within the query's memory limit is put off into a temporary file, and its groups come last. States of
// one group that are too large by themselves - a GROUP_CONCAT, the values that a DISTINCT has seen - are Error(limit).
//
// `partial`, of unsorted input with keys: a group may come several times, of different rows of it, so that little
// memory is enough; where groups come for the first time they are in the same order.
class GroupOperator final : public Operator {
 public:
  // Precondition: keys and arguments are columns of the input.
  GroupOperator(Run& run, OperatorPtr input, const std::vector<Slot>& keys,
                const std::vector<GroupAggregate>& aggregates, bool sorted, bool partial = false);

  void skip_to(std::uint64_t value) override;

 protected:
  bool produce(Batch& out) override;

 private:
  bool produce_sorted(Batch& out);
  bool produce_hashed(Batch& out);
  bool produce_single(Batch& out);
  void find_runs();
  void add_hashed();
  void start_again();
  void resize(std::size_t groups);
  // Gives groups [first, last): their results after the keys.
  void give_results(std::size_t first, std::size_t last, Batch& out);
  void make_accumulators();

  OperatorPtr input_;
  std::vector<std::size_t> keys_;  // places in the input
  std::vector<AccumulatorSpec> specs_;
  std::vector<std::unique_ptr<Accumulator>> accumulators_;
  bool sorted_;
  bool partial_;

  Batch batch_;
  bool ended_ = false;                 // the input
  std::vector<std::uint32_t> groups_;  // by row of the batch
  std::vector<std::uint32_t> fresh_;
  std::size_t given_ = 0;  // groups of the table

  // Of sorted input.
  std::vector<GroupedRun> runs_;
  std::vector<std::vector<std::uint64_t>> open_keys_;  // column by column, of the groups that are not given yet
  std::vector<std::uint8_t> starts_;
  std::size_t open_ = 0;  // groups that are not given yet; the last one may go on

  // Of unsorted input.
  std::optional<RowTable> table_;
  std::vector<std::span<const std::uint64_t>> key_columns_;
  std::optional<RowPartitions> partitions_;
  std::vector<std::uint32_t> later_;  // rows put off
};

}  // namespace akyn::exec
