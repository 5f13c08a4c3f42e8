// Comparisons with a constant, as functions of an Id.
#pragma once

#include "engine/expr/value.h"
#include "engine/plan/truth_map.h"
#include "engine/runtime/local_terms.h"
#include "parser/sparql/ast.h"

namespace akyn::plan {

// `x op value` for any x (equal ... greater_equal). See condition_map() about Ids and costs.
[[nodiscard]] TruthMap comparison_map(sparql::BinaryOperator op, const expr::Value& value, runtime::LocalTerms& terms);

// The operator with its operands in the other places: `a < b` is `b > a`.
[[nodiscard]] sparql::BinaryOperator mirrored(sparql::BinaryOperator op) noexcept;

// Sets what is known of IdType::valued: `numbers` for the numbers in sorted runs, NaN included, `others` for the other
// values there.
void set_valued_numbers(TruthMap& map, Truths numbers, Truths others, runtime::LocalTerms& terms);

}  // namespace akyn::plan
