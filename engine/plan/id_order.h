// What Ids alone tell of the order of their terms: ORDER BY's (SPARQL 1.1 Query 15.1), in which IRIs, numbers, strings
// ... come kind by kind.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/storage/dictionary.h"
#include "engine/term/inline_time.h"

namespace akyn::plan {

// A range of Ids [first, last] on which the order of bits is that of expr::order_compare: integers, strings of one run
// of the dictionary, ... One that holds a single Id holds nothing else.
struct OrderedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  [[nodiscard]] bool contains(std::uint64_t bits) const noexcept { return bits >= first && bits <= last; }
  [[nodiscard]] bool is_single() const noexcept { return first == last; }
  friend bool operator==(const OrderedRange&, const OrderedRange&) = default;
};

// Immutable, hence thread-safe. Ids are given as bits; 0 is unbound.
class IdOrder {
 public:
  // Of Ids of this dictionary.
  explicit IdOrder(const storage::Dictionary& dictionary);

  // The largest known range of the kind described above around an Id.
  [[nodiscard]] OrderedRange range_of(std::uint64_t bits) const noexcept;
  // For an Id whose place among the Ids of its `range` is a matter of bits, those that are equivalent by
  // expr::order_by_value included: the range, in which order_key() is in the order of values and equal for equivalent
  // ones. One Id alone where there is none.
  [[nodiscard]] OrderedRange key_range_of(std::uint64_t bits) const noexcept;
  [[nodiscard]] static std::uint64_t order_key(std::uint64_t bits) noexcept;

  // The largest known range around an Id in which greater values have greater Ids. Those that are equivalent by
  // expr::order_by_value - the forms of one moment, or of one number - are less than `forms` apart, in any order; where
  // that is 1, Ids are in the order of expr::order_compare, which equivalent terms have, too.
  struct ValueRange {
    OrderedRange ids;
    std::uint64_t forms = 1;
  };
  [[nodiscard]] ValueRange value_range_of(std::uint64_t bits) const noexcept;

  // Where all terms of an Id's kind stand in the order of kinds: Ids of different ranks compare as their ranks do.
  // Nothing where that takes the term.
  [[nodiscard]] static std::optional<int> rank_of(std::uint64_t bits) noexcept;

  // Forms of one moment are less apart than this: zeros at the end, 9 of them, times zones (inline_time.h).
  static constexpr std::uint64_t kMomentForms = 9 * kDateTimeZones + 1;

 private:
  std::vector<OrderedRange> runs_;  // payloads of the dictionary's runs, ascending
};

}  // namespace akyn::plan
