// The current solution of an answer as terms.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <akyn/term.h>
#include "engine/exec/answer_cursor.h"
#include "engine/exec/column_reader.h"

namespace akyn::exec {

// Columns nobody looks at are never decoded. One thread at a time; cursor and terms must outlive it.
class TermCells {
 public:
  TermCells(const AnswerCursor& cursor, const runtime::LocalTerms& terms);

  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
  // The term bound in a column; no term when unbound. Valid as long as the cursor stays. Throws as
  // TermTexts::decode(). Precondition: cursor.at_row().
  [[nodiscard]] const Term& operator[](std::size_t column);

 private:
  struct Cell {
    std::optional<ColumnReader> column;  // once somebody has looked
    std::uint64_t id = 0;                // of the term
    Term term;
  };

  const AnswerCursor& cursor_;
  const runtime::LocalTerms& terms_;
  std::vector<Cell> cells_;
};

}  // namespace akyn::exec
