// ORDER BY's order as plain numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/exec/radix_sort.h"
#include "engine/exec/run.h"
#include "engine/exec/value_order.h"

namespace akyn::exec {

// Numbers the cells of a column, so that the numbers compare as expr::order_by_value does the terms: equivalent terms
// have one number.
//
// Where all cells are of kinds whose Ids are in the order of their values - numbers of one type, IRIs and strings of
// one run of the dictionary, ... - the numbers are made of the Ids. Otherwise the different terms are read and sorted.
// One thread at a time; the Run must outlive it.
class SortKeys {
 public:
  SortKeys(Run& run, ValueOrder& order) : run_(run), order_(order) {}

  // Replaces `keys`.
  void number(std::span<const std::uint64_t> cells, std::vector<std::uint64_t>& keys);

 private:
  [[nodiscard]] bool number_ids(std::span<const std::uint64_t> cells, std::vector<std::uint64_t>& keys);
  void join_moments(std::vector<std::uint64_t>& keys);
  void number_terms(std::span<const std::uint64_t> cells, std::vector<std::uint64_t>& keys);
  // Set ranks[i] for the terms ids[i], which ascend and are of kinds that do not mix with others, from `next` on;
  // return the number above them.
  std::uint64_t rank_texts(std::span<const std::uint64_t> ids, std::uint64_t next, std::span<std::uint64_t> ranks);
  std::uint64_t rank_values(std::span<const std::uint64_t> ids, std::uint64_t next, std::span<std::uint64_t> ranks);

  Run& run_;
  ValueOrder& order_;
};

}  // namespace akyn::exec
