// Patterns within triple terms (SPARQL 1.2): << ?s :p ?o >> as subject or object of a triple.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/plan/plan.h"

namespace akyn::exec {

// A variable that stands for a triple term against the term's parts: constants, or variables, which are bound where the
// input does not have them.
class TriplePartsOperator final : public Operator {
 public:
  // The input's columns, then the parts it has not, are what `columns` may be of. The input binds the term, or (then
  // the term is found among the stored ones, and rows go for which there is none) all parts.
  TriplePartsOperator(Run& run, OperatorPtr input, const plan::TripleParts& parts, std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;
  // Fills a row's new cells; false when it does not match.
  [[nodiscard]] bool take_apart(std::size_t row);
  [[nodiscard]] bool put_together(std::size_t row);

  struct Part {
    Id constant;
    std::optional<std::size_t> column;  // of the input
    std::size_t made = 0;               // otherwise: the place among the new cells
    bool repeats = false;               // another part before makes it
  };
  OperatorPtr input_;
  bool term_is_bound_;
  std::size_t term_ = 0;  // the input's column
  std::array<Part, 3> parts_;
  std::vector<Slot> made_slots_;
  std::vector<std::uint64_t> made_;
  struct Source {
    bool made;
    std::size_t place;
  };
  std::vector<Source> sources_;
  Batch batch_;
};

}  // namespace akyn::exec
