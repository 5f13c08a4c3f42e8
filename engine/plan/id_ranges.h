// Ranges of Ids that a scan needs to read for a FILTER.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/expr/functions.h"
#include "engine/plan/truth_map.h"
#include "engine/runtime/local_terms.h"

namespace akyn::plan {

// [first, last], as bits.
struct IdRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const IdRange&, const IdRange&) = default;
};

// Of stored and inlined Ids, as scans give them: query-local ones, which columns that a query computes may have, and
// unbound cells are not spoken of.
struct IdRanges {
  std::vector<IdRange> ranges;  // ascending, with gaps between them; none: the condition is never true
  bool exact = false;           // all within satisfy the condition

  // Whether the ranges leave anything out.
  [[nodiscard]] bool is_everything() const noexcept;
  [[nodiscard]] bool contains(std::uint64_t bits) const noexcept;
};

// The ranges that hold every value of `variable` for which the condition can be true, whatever other variables have.
// Exact ones hold nothing else: who scans them needs no filter. Costs are those of condition_map().
[[nodiscard]] IdRanges id_ranges(const algebra::ExpressionNode& condition, algebra::Slot variable,
                                 runtime::LocalTerms& terms, expr::Context& context);
// Of a conjunction.
[[nodiscard]] IdRanges id_ranges(const std::vector<algebra::Expression>& conditions, algebra::Slot variable,
                                 runtime::LocalTerms& terms, expr::Context& context);
[[nodiscard]] IdRanges id_ranges(const TruthMap& map);

// The part of some ranges, nothing being everything, that is within another one.
[[nodiscard]] std::vector<IdRange> within(const std::optional<std::vector<IdRange>>& ranges, const IdRange& range);

}  // namespace akyn::plan
