// Answers of a SELECT, as Ids of the LocalTerms they were made with.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/algebra/variables.h"
#include "engine/term/id.h"

namespace akyn::runtime {

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

}  // namespace akyn::runtime
