// Functions and aggregates of the program's own, which queries call by IRI.
//
//     store.define_function("http://ex.org/even", [](std::span<const akyn::Term> arguments) {
//       return akyn::boolean(arguments[0].as_int64() % 2 == 0);
//     });
//     store.prepare("PREFIX ex: <http://ex.org/> SELECT ?n { VALUES ?n { 1 2 3 } FILTER(ex:even(?n)) }");
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <span>

#include <akyn/export.h>
#include <akyn/term.h>

namespace akyn {

// How many arguments a function takes; a call with another number ends the query with Error(invalid_argument).
struct ArgumentCount {
  static constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();
  std::size_t least = 1;
  std::size_t most = 1;
};

// The value of a call. Every argument is a term; where one is an error or unbound, the call is an error without
// being made. No term returned, or Error(invalid_argument) thrown, as Term::as_int64 does when the term is no
// integer, is an error of the expression (SPARQL 1.1 Query 17.2); anything else thrown ends the query.
// Queries in different threads may call it at the same time.
using Function = std::function<Term(std::span<const Term> arguments)>;

// The values of one group, one call of add() for each solution, in their order. One thread at a time.
class AKYN_EXPORT Aggregate {
 public:
  Aggregate() = default;
  Aggregate(const Aggregate&) = delete;
  Aggregate& operator=(const Aggregate&) = delete;
  virtual ~Aggregate() = default;

  // No term in a place: the argument is an error or unbound. With DISTINCT, each list of arguments comes once.
  virtual void add(std::span<const Term> arguments) = 0;
  // Called once, at the end; no add() at all for the one group of no solutions. Errors as those of a Function.
  [[nodiscard]] virtual Term result() = 0;
};

// Makes an Aggregate for each group.
using AggregateFactory = std::function<std::unique_ptr<Aggregate>()>;

}  // namespace akyn
