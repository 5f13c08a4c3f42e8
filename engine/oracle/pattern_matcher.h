// Triple patterns and property paths against one active graph.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/oracle/table.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"

namespace akyn::oracle {

using runtime::ActiveGraph;
using runtime::LocalTerms;
using runtime::TripleIds;

// At most so many rows are asked for; more do no harm.
inline constexpr std::size_t kAllRows = ~std::size_t{0};

// Extends the solutions of a table by those of a pattern: Join(table, pattern), with the table's
// bindings looked up rather than the pattern's solutions spelt out. Requires that columns which the
// pattern mentions are bound in every row. The result has the table's columns and the pattern's.
class PatternMatcher {
 public:
  PatternMatcher(const ActiveGraph& graph, LocalTerms& terms, Budget& budget)
      : graph_(graph), terms_(terms), budget_(budget), reachable_charge_(budget) {}

  [[nodiscard]] Table extend(Table table, const algebra::BasicGraph& pattern, std::size_t goal = kAllRows);
  [[nodiscard]] Table extend(const Table& table, const algebra::PathPattern& pattern, std::size_t goal = kAllRows);

 private:
  // A pattern's part over the columns of the result: a constant, a column, or a triple term of such.
  struct TriplePart;
  struct Column {
    std::size_t index;
  };
  using Part = std::variant<Id, Column, std::shared_ptr<const TriplePart>>;
  struct TriplePart {
    Part subject;
    Part predicate;
    Part object;
  };

  [[nodiscard]] Part compile(const algebra::PatternTerm& term, std::vector<algebra::Slot>& columns);
  [[nodiscard]] TripleIds constants_of(const TriplePart& triple);
  // The Id a part stands for in a partly filled row; unbound when that is open. `impossible` is set
  // when nothing can match.
  [[nodiscard]] Id resolve(const Part& part, const std::vector<Id>& row, bool& impossible);
  // Binds what is open in `row` so that `part` stands for `id`; false when it cannot.
  [[nodiscard]] bool unify(const Part& part, Id id, std::vector<Id>& row);
  [[nodiscard]] bool unify(const TriplePart& part, const TripleIds& triple, std::vector<Id>& row);

  [[nodiscard]] Table extend(const Table& table, const algebra::Triple& pattern, std::uint64_t estimate,
                             std::size_t goal);
  [[nodiscard]] Table look_up(const Table& table, const TriplePart& part, std::vector<algebra::Slot> columns,
                              std::size_t goal);

  // --- paths (18.4)
  using Nodes = std::vector<Id>;
  // One row of a path pattern: appends every way to complete `row`; false once the goal is reached.
  [[nodiscard]] bool complete_negated(const TriplePart& ends, const sparql::PathNegated& path, std::vector<Id>& row,
                                      Table& result, std::size_t goal);
  [[nodiscard]] bool complete_repeat(const TriplePart& ends, const sparql::PathNode& path, bool both_variables,
                                     std::vector<Id>& row, Table& result, std::size_t goal);
  // Appends the nodes one application of `path` away from `from`, against its direction when
  // `inverse`; with repetitions.
  void step(const sparql::PathNode& path, Id from, bool inverse, Nodes& out);
  void step_negated(const sparql::PathNegated& path, Id from, bool inverse, Nodes& out);
  void step_sequence(const sparql::PathSequence& path, Id from, bool inverse, Nodes& out);
  // Distinct nodes that repetition reaches, the start itself included when min is 0.
  void repeat(const sparql::PathRepeat& path, Id from, bool inverse, Nodes& out);
  [[nodiscard]] const Nodes& reachable(const sparql::PathNode& path, Id from, bool inverse);
  void forget_reachable();
  [[nodiscard]] const Nodes& graph_nodes();

  const ActiveGraph& graph_;
  LocalTerms& terms_;
  Budget& budget_;
  std::optional<Nodes> graph_nodes_;
  std::array<std::unordered_map<Id, Nodes>, 2> reachable_;  // of the path at hand; forward, inverse
  Charge reachable_charge_;
};

}  // namespace akyn::oracle
