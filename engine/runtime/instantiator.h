// Templates of CONSTRUCT and of updates (SPARQL 1.1 Query 16.2).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/runtime/local_terms.h"
#include "engine/runtime/solutions.h"

namespace akyn::runtime {

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

}  // namespace akyn::runtime
