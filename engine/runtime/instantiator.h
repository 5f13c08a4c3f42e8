// Templates of CONSTRUCT and of updates (SPARQL 1.1 Query 16.2).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/runtime/local_terms.h"

namespace akyn::runtime {

// Fills templates with the values of solutions (16.2).
class Instantiator {
 public:
  // `slots`: the variables of the solutions.
  Instantiator(std::vector<algebra::Slot> slots, LocalTerms& terms) : slots_(std::move(slots)), terms_(terms) {}

  // Starts with a solution, as many Ids as slots, which must stay: template blanks are new ones from here on.
  void next_solution(std::span<const Id> solution);
  // Unbound when the term has no value under this solution, or is an ill-formed triple term.
  [[nodiscard]] Id term(const algebra::PatternTerm& pattern);
  // Nothing when a part has no value, or stands where RDF does not allow it.
  [[nodiscard]] std::optional<TripleIds> triple(const algebra::Triple& pattern);

 private:
  std::vector<algebra::Slot> slots_;
  LocalTerms& terms_;
  std::span<const Id> solution_;
  std::vector<Id> blanks_;  // by index; unbound: not used yet
};

}  // namespace akyn::runtime
