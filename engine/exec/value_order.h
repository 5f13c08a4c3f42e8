// The order of values on Ids: ORDER BY, MIN and MAX (SPARQL 1.1 Query 15.1, 18.5.1), with a look into the dictionary
// only where the Ids themselves do not tell.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/exec/run.h"
#include "engine/exec/term_values.h"
#include "engine/plan/id_order.h"

namespace akyn::exec {

using plan::IdOrder;
using plan::OrderedRange;

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

  [[nodiscard]] const IdOrder& ids() const noexcept { return ids_; }

 private:
  // What Ids alone say. Of `strong` order: equivalent only for equal Ids.
  [[nodiscard]] std::optional<std::weak_ordering> by_ids(std::uint64_t left, std::uint64_t right, bool strong) const;

  TermValues values_;
  IdOrder ids_;
};

}  // namespace akyn::exec
