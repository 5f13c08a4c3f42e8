// The order of values on Ids: ORDER BY, MIN and MAX (SPARQL 1.1 Query 15.1, 18.5.1), with a look into the dictionary
// only where the Ids themselves do not tell.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/exec/run.h"
#include "engine/exec/term_values.h"

namespace akyn::exec {

// A range of Ids [first, last] on which the order of bits is that of expr::order_compare: integers, strings of one run
// of the dictionary, ... One that holds a single Id holds nothing else.
struct OrderedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  [[nodiscard]] bool contains(std::uint64_t bits) const noexcept { return bits >= first && bits <= last; }
  friend bool operator==(const OrderedRange&, const OrderedRange&) = default;
};

// One thread at a time; the Run must outlive it.
class ValueOrder {
 public:
  explicit ValueOrder(Run& run);

  // Reads what comparisons of these Ids may need, all at once.
  void expect(std::span<const std::uint64_t> ids);

  // As expr::order_compare; 0 is unbound.
  [[nodiscard]] std::strong_ordering compare(std::uint64_t left, std::uint64_t right);
  // As expr::order_by_value.
  [[nodiscard]] std::weak_ordering compare_values(std::uint64_t left, std::uint64_t right);

  // The largest known range of the kind described above around an Id.
  [[nodiscard]] OrderedRange range_of(std::uint64_t bits) const noexcept;
  // For an Id whose place among the Ids of its `range` is a matter of bits, those that are equivalent by
  // expr::order_by_value included: the range, in which order_key() is in the order of values and equal for equivalent
  // ones. One Id alone where there is none.
  [[nodiscard]] OrderedRange key_range_of(std::uint64_t bits) const noexcept;
  [[nodiscard]] static std::uint64_t order_key(std::uint64_t bits) noexcept;

  // Where all terms of an Id's kind stand in the order of kinds: Ids of different ranks compare as their ranks do.
  // Nothing where that takes the term.
  [[nodiscard]] static std::optional<int> rank_of(std::uint64_t bits) noexcept;

 private:
  // What Ids alone say. Of `strong` order: equivalent only for equal Ids.
  [[nodiscard]] std::optional<std::weak_ordering> by_ids(std::uint64_t left, std::uint64_t right, bool strong) const;

  TermValues values_;
  std::vector<OrderedRange> runs_;  // payloads of the dictionary's runs, ascending
};

}  // namespace akyn::exec
