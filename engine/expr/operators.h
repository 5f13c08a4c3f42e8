// The operators of SPARQL expressions (SPARQL 1.1 Query 17.3 and 17.4.1, XPath and XQuery Functions
// and Operators 3.1), on values.
//
// An operand of a kind that the operator is not defined for gives "no value": a type error. The
// logical connectives, IN and EXISTS, whose operands may be errors, are the evaluator's.
//
// Dates and times without a time zone follow XML Schema's partial order: against a zoned value they
// compare only where every zone between -14:00 and +14:00 gives the same answer; otherwise the
// comparison is an error.
#pragma once

#include <compare>
#include <optional>

#include "engine/expr/value.h"

namespace akyn::expr {

// Effective boolean value (SPARQL 1.2, 17.2.2): an error for language-tagged strings and for ill-typed booleans and
// numbers, which 1.1 still had as true or false.
[[nodiscard]] std::optional<bool> effective_boolean(const Value& value);

// `=` (17.3; sameValue of SPARQL 1.2, 17.4.2.2): by value where both values are understood, component by
// component for triple terms; two literals that differ and of which one is ill-typed or not understood: error.
[[nodiscard]] std::optional<bool> equal(const Value& left, const Value& right);

// `<`, `>`, `<=`, `>=` in one: nothing for operands that do not compare (an error);
// partial_ordering::unordered when a NaN takes part (then all four are false). Beyond the specification's rows, which
// 17.3.1 allows where they have an error: dates, times, durations; strings of one language; paths, by length, then by
// text; triple terms, by parts.
[[nodiscard]] std::optional<std::partial_ordering> compare(const Value& left, const Value& right);
[[nodiscard]] std::optional<bool> less(const Value& left, const Value& right);

// Of two language-tagged strings: the same tag, ASCII case aside, and direction.
[[nodiscard]] bool same_language(const Value& left, const Value& right);

// sameTerm: kind, lexical form, datatype, language (ASCII case aside) and direction all agree.
[[nodiscard]] bool same_term(const Value& left, const Value& right);

// Arithmetic on numbers with type promotion (integer, decimal, float, double), and on dates, times
// and durations (XPath F&O 8.4, 9.7). integer / integer is a decimal; dividing an integer or decimal
// by zero is an error, dividing a float or double by zero is INF or NaN.
[[nodiscard]] Result add(const Value& left, const Value& right);
[[nodiscard]] Result subtract(const Value& left, const Value& right);
[[nodiscard]] Result multiply(const Value& left, const Value& right);
[[nodiscard]] Result divide(const Value& left, const Value& right);
[[nodiscard]] Result negate(const Value& value);      // unary -
[[nodiscard]] Result unary_plus(const Value& value);  // a number as it is; anything else is an error
[[nodiscard]] Result logical_not(const Value& value);

// A total order for ORDER BY, MIN and MAX (15.1): unbound (nullptr), blank nodes, IRIs, literals,
// triple terms. Literals come in the sequence of the type bits of an Id: strings, language-tagged
// strings, unknown and ill-typed ones, paths (by length, then by text), booleans, numbers, dates and dateTimes, the
// other times, durations; by value among those (NaN after all numbers), then by term, so that equal means same term.
// Where `compare` says less, so does this.
[[nodiscard]] std::strong_ordering order_compare(const Value* left, const Value* right);

// The same order up to equality of value: 1, 1.0 and 01 are equivalent.
[[nodiscard]] std::weak_ordering order_by_value(const Value* left, const Value* right);

}  // namespace akyn::expr
