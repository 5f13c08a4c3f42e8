// Inlined Ids in the order of their values.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/expr/operators.h"
#include "engine/expr/value.h"
#include "engine/term/id.h"

namespace akyn {
struct DateTime;
}  // namespace akyn

namespace akyn::plan {

// How the values of one type lie with regard to `value`: those below `middle` compare as less, those from
// `greater` on as greater, and those between as equal or, where a time zone is missing on one side, not at all. Bits of
// Ids; NaN is beyond `last`. A comparison of expressions (expr::compare) is meant, promotions included.
struct InlinedOrder {
  std::uint64_t middle = 0;   // the first that is not less
  std::uint64_t greater = 0;  // the first that is greater
  std::uint64_t last = 0;     // the last Id that has a place in the order
};
// Precondition: an inlined type other than boolean, and a value that it can be compared with: a number that is not NaN,
// a date, a dateTime.
[[nodiscard]] InlinedOrder order_around(IdType type, const expr::Value& value);

// The value of an inlined integer, decimal or double as the nearest double.
[[nodiscard]] double inlined_double(Id id) noexcept;
// Precondition: an inlined date or dateTime.
[[nodiscard]] DateTime inlined_moment(Id id) noexcept;

}  // namespace akyn::plan
