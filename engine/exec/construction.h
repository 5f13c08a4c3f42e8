// The triples of a CONSTRUCT (SPARQL 1.1 Query 16.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/exec/answer.h"
#include "engine/exec/row_table.h"
#include "engine/runtime/instantiator.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"

namespace akyn::exec {

// Answers that are triples: rows of a subject, a predicate and an object.
class TripleAnswer : public Answer {
 public:
  TripleAnswer() : Answer({0, 1, 2}, {"subject", "predicate", "object"}) {}
};

// Triples that were computed before.
class ComputedTriples final : public TripleAnswer {
 public:
  explicit ComputedTriples(std::vector<runtime::TripleIds> triples) : triples_(std::move(triples)) {}

  [[nodiscard]] bool next(Batch& out) override;

 private:
  std::vector<runtime::TripleIds> triples_;
  std::size_t position_ = 0;
};

// A template filled with the solutions of a pattern as these come: each triple once, in the order of the solutions and,
// within one, of the template. What it has given is remembered and charged to the budget.
class Construction final : public TripleAnswer {
 public:
  // `pattern` has the variables of the template among its columns. The template, terms and budget must outlive this.
  // More triples than the budget's max_rows are an Error(limit).
  Construction(const std::vector<algebra::Triple>& triples, std::unique_ptr<Answer> pattern, runtime::LocalTerms& terms,
               runtime::Budget& budget);

  [[nodiscard]] bool next(Batch& out) override;

 private:
  // As many triples as a batch has, or those of the solutions at hand.
  void fill(Batch& out);
  // Adds those of the row at hand.
  void instantiate(Batch& out);
  void drop_seen(Batch& out);

  const std::vector<algebra::Triple>& template_;
  std::unique_ptr<Answer> pattern_;
  runtime::Budget& budget_;
  runtime::Instantiator instantiator_;
  bool makes_blanks_;  // and thus other triples for each of several equal solutions
  RowTable seen_;
  Batch batch_;                 // of the pattern
  std::size_t row_ = 0;         // of it, the next
  std::uint64_t repeated_ = 0;  // solutions of that row that are done
  std::vector<Id> solution_;
  std::vector<std::span<const std::uint64_t>> columns_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> fresh_;
};

}  // namespace akyn::exec
