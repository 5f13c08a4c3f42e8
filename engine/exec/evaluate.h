// Running a query's algebra over a snapshot: the answers as Ids.
//
//     LocalTerms terms(database.snapshot());
//     const Solutions answer = evaluate_select(algebra::translate(parse_query(text)), terms, {});
//     for (std::size_t i = 0; i < answer.size(); ++i) terms.term(answer.row(i)[0]) ...
//
// Ids in answers belong to the LocalTerms they were made with; LocalTerms::term decodes them.
// Everything here throws Error: cancelled, timeout, limit; unsupported (SERVICE); what a ServiceClient throws; io,
// corruption.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/exec/limits.h"
#include "engine/exec/local_terms.h"
#include "engine/exec/service.h"
#include "engine/expr/functions.h"
#include "engine/storage/database.h"

namespace akyn::exec {

struct Environment {
  ExecutionLimits limits;
  unsigned threads = 0;                               // that may work on the run at once; 0: all cores
  bool union_default_graph = false;                   // without FROM, the default graph is the merge of all graphs
  std::string base_iri;                               // for IRI()
  const expr::FunctionRegistry* functions = nullptr;  // may be null; must outlive the run
  const ServiceClient* services = nullptr;            // may be null: SERVICE is switched off; must outlive the run
};

// A sequence of solutions.
class Solutions {
 public:
  Solutions(std::vector<algebra::Slot> slots, std::vector<std::string> variables, std::vector<Id> cells,
            std::size_t size)
      : slots_(std::move(slots)), variables_(std::move(variables)), cells_(std::move(cells)), size_(size) {}

  // The columns: their names without '?', and their slots in the query's VariableTable.
  [[nodiscard]] const std::vector<std::string>& variables() const noexcept { return variables_; }
  [[nodiscard]] const std::vector<algebra::Slot>& slots() const noexcept { return slots_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // As many Ids as there are columns; unbound ones are unbound.
  [[nodiscard]] std::span<const Id> row(std::size_t i) const noexcept {
    return {cells_.data() + i * slots_.size(), slots_.size()};
  }

 private:
  std::vector<algebra::Slot> slots_;
  std::vector<std::string> variables_;
  std::vector<Id> cells_;  // row by row
  std::size_t size_ = 0;
};

// Each with a form of its own as a precondition.
[[nodiscard]] Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment);
[[nodiscard]] bool evaluate_ask(const algebra::Query& query, LocalTerms& terms, const Environment& environment);
// Distinct triples, in the order made.
[[nodiscard]] std::vector<TripleIds> evaluate_construct(const algebra::Query& query, LocalTerms& terms,
                                                        const Environment& environment);
// The concise bounded description of each resource, from all graphs of the dataset: its triples as
// subject, those of blank nodes that they lead to, and what reifies any of these triples. Distinct.
[[nodiscard]] std::vector<TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms,
                                                       const Environment& environment);

// All solutions of a query's pattern, of whatever form; columns as the pattern has them.
[[nodiscard]] Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms,
                                         const Environment& environment);

// Fills templates with the values of solutions (16.2).
class Instantiator {
 public:
  // The solutions must outlive it.
  Instantiator(const Solutions& solutions, LocalTerms& terms) : solutions_(solutions), terms_(terms) {}

  // Starts with a solution: template blanks are new ones from here on.
  void next_solution(std::size_t row);
  // Unbound when the term has no value under this solution, or is an ill-formed triple term.
  [[nodiscard]] Id term(const algebra::PatternTerm& pattern);
  // Nothing when a part has no value, or stands where RDF does not allow it.
  [[nodiscard]] std::optional<TripleIds> triple(const algebra::Triple& pattern);

 private:
  const Solutions& solutions_;
  LocalTerms& terms_;
  std::size_t row_ = 0;
  std::vector<Id> blanks_;  // by index; unbound: not used yet
};

}  // namespace akyn::exec
