// The built-in functions of SPARQL 1.1 and 1.2 (17.4) and the casts (17.5), in one table.
//
//     const Function* strlen = find_function("STRLEN");
//     Result length = strlen->call(arguments, context);
//
// A function is called with arguments that are all values: an argument that is an error makes the
// call an error (the evaluator sees to it), except for BOUND, IF, COALESCE, IN, EXISTS, || and &&,
// which are the evaluator's own and not in the table. The number of arguments is checked when a query
// is prepared, against min_args and max_args.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/expr/regex_cache.h"
#include "engine/expr/room.h"
#include "engine/expr/value.h"

namespace akyn::expr {

// A function that the program embedding the store defines. Nothing returned: an error.
using CustomFunction = std::function<Result(std::span<const Value>)>;

// An aggregate of the program's own, over one group. Each call gets the arguments for one solution, nothing where
// one is an error or unbound; with DISTINCT each list of arguments comes once.
class CustomAggregate {
 public:
  CustomAggregate() = default;
  CustomAggregate(const CustomAggregate&) = delete;
  CustomAggregate& operator=(const CustomAggregate&) = delete;
  virtual ~CustomAggregate() = default;
  virtual void add(std::span<const Result> arguments) = 0;
  [[nodiscard]] virtual Result result() = 0;
};
using AggregateFactory = std::function<std::unique_ptr<CustomAggregate>()>;

// By IRI.
struct FunctionRegistry {
  std::unordered_map<std::string, CustomFunction> functions;
  std::unordered_map<std::string, AggregateFactory> aggregates;
};

// What functions depend on beyond their arguments. One per running query (or per thread of it, with
// the same `now` and `blank_seed`); not thread-safe.
struct Context {
  // `now` is the current time in UTC with milliseconds, randomness comes from the system.
  Context();

  Value now;             // an xsd:dateTime; one per query (17.4.5.1)
  std::string base_iri;  // IRI() resolves against it; empty: relative IRIs are an error
  std::mt19937_64 random;
  RegexCache regexes;
  const FunctionRegistry* functions = nullptr;  // may be null
  RoomCheck check_room;                         // asked before a long string is built

  // BNODE("label") gives one blank node per label and solution (17.4.2.9). The evaluator sets
  // `solution` to a number that identifies the solution being extended before it evaluates an
  // expression for it; equal numbers under one blank_seed give equal blank nodes.
  std::uint64_t solution = 0;
  std::array<std::uint64_t, 2> blank_seed{};  // random, one per query
  std::uint64_t fresh_blanks = 0;             // BNODE() calls so far

  // What STEP edges of paths cost, which their text does not say: by step_text() (engine/term/path_text.h).
  std::unordered_map<std::string, Value> step_costs;
};

inline constexpr std::uint8_t kAnyNumber = 255;

struct Function {
  std::string_view name;  // as the grammar spells it: "STRLEN", "isIRI"; a cast: its IRI
  std::uint8_t min_args;
  std::uint8_t max_args;  // kAnyNumber: no limit
  Result (*call)(std::span<const Value> arguments, Context& context);
  // False when two calls with the same arguments may differ (RAND, UUID, STRUUID, BNODE): such a
  // call is never folded or shared. NOW is constant within a query.
  bool deterministic = true;
};

// By name in upper case ("STRLEN", "SAMETERM", "ISIRI"); null when there is none.
[[nodiscard]] const Function* find_function(std::string_view upper_case_name);

// The casts, by datatype IRI: xsd:string, boolean, integer, decimal, float, double, dateTime and, as
// extensions, the integer types derived from xsd:integer, date, time, gYear ... and the durations; the functions of
// paths, whose IRIs begin with urn:akyn:path#.
[[nodiscard]] const Function* find_function_by_iri(std::string_view iri);

// A function call by IRI: a cast or one of context.functions; an error for an unknown IRI. A custom
// function that throws ends the query with what it threw.
[[nodiscard]] Result call_by_iri(std::string_view iri, std::span<const Value> arguments, Context& context);

}  // namespace akyn::expr
