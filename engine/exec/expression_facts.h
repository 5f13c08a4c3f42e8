// What can be said of an expression without evaluating it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/algebra/expression.h"
#include "engine/plan/slot_set.h"

namespace akyn::exec {

struct ExpressionFacts {
  std::vector<std::size_t>
      variables;  // places among the columns of the variables that occur, outside of EXISTS; ascending
  std::vector<std::size_t> needed;  // the same, or with an EXISTS all columns
  bool deterministic = true;        // false: RAND, UUID, BNODE ...
  bool has_exists = false;
};
[[nodiscard]] ExpressionFacts facts_of(const algebra::ExpressionNode& expression,
                                       const std::vector<algebra::Slot>& columns);

// What values an expression has when it is no error. Numbers and truth values can mostly be said by inlined Ids.
enum class ValueClass : std::uint8_t {
  any,     // those of a variable
  number,  // numbers, or whatever else arithmetic gives
  truth,
  other,  // strings, IRIs ...
};
[[nodiscard]] ValueClass class_of(const algebra::ExpressionNode& expression);

// Variables whose Ids, which stand for terms without an inlined form, the expression may give as they are.
[[nodiscard]] plan::SlotSet handed_on(const algebra::ExpressionNode& expression);

// False when two evaluations over the same solution may differ (RAND, UUID, BNODE ...), so that each of the solutions
// that a row of a counted batch stands for needs one of its own.
[[nodiscard]] bool is_deterministic(const algebra::ExpressionNode& expression);

}  // namespace akyn::exec
