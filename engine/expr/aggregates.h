// The aggregates of SPARQL 1.1 Query 18.5.1, as accumulators over one group.
//
//     auto sum = make_aggregate(AggregateKind::sum, {.distinct = true});
//     for (...) sum->add(value_or_error);
//     Result total = sum->result();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/expr/room.h"
#include "engine/expr/value.h"

namespace akyn::expr {

enum class AggregateKind : std::uint8_t { count, sum, min, max, avg, sample, group_concat, custom };

// Accumulates one group; not thread-safe. Errors and the empty group:
//   COUNT         counts the values that are not errors; 0
//   SUM, AVG      one error or value that is not a number makes the result an error; integer 0
//   MIN, MAX      by order_compare over ORDER BY's order; no value. Errors come first in that order:
//                 one makes MIN an error, and MAX passes them over, so that only a group of nothing but
//                 errors makes it one
//   SAMPLE        any value that is not an error, the first here; no value
//   GROUP_CONCAT  of the lexical forms of literals and the text of IRIs, in the order added; an error
//                 or any other term makes the result an error; the empty string
// COUNT(*) is COUNT over values that are never errors; COUNT(DISTINCT *) is the evaluator's.
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  virtual void add(const Result& value) = 0;
  [[nodiscard]] virtual Result result() const = 0;
  // Bytes held for DISTINCT and GROUP_CONCAT, roughly: for the evaluator's memory budget.
  [[nodiscard]] virtual std::size_t memory() const noexcept { return 0; }
};

struct AggregateOptions {
  bool distinct = false;                 // each term once (sameTerm)
  std::optional<std::string> separator;  // GROUP_CONCAT; nothing: one space
  RoomCheck check_room{};                // asked before a long string is built
};

// Precondition: not AggregateKind::custom.
[[nodiscard]] std::unique_ptr<Aggregate> make_aggregate(AggregateKind kind, const AggregateOptions& options = {});

}  // namespace akyn::expr
