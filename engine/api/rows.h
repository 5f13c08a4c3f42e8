// What Rows holds: a run and its answer, read row by row.
#pragma once

#include <string_view>

#include "engine/api/run.h"
#include "engine/exec/answer_cursor.h"
#include "engine/exec/term_cells.h"

namespace akyn::api {

struct RowsState {
  explicit RowsState(const QueryState& state);

  [[nodiscard]] bool next() {
    run.check();
    return cursor.next();
  }
  // Of the current row. Throws Error(invalid_argument) when there is none or it has no such column.
  [[nodiscard]] const Term& cell(std::size_t column) const;
  // Throws Error(not_found).
  [[nodiscard]] std::size_t column_of(std::string_view name) const;

  // Null when it was moved away.
  [[nodiscard]] static RowsState* of(Rows& rows) noexcept { return rows.state_.get(); }

  Run run;
  exec::AnswerCursor cursor;
  mutable exec::TermCells cells;
};

}  // namespace akyn::api
