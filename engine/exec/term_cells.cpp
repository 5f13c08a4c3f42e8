#include "engine/exec/term_cells.h"

#include "engine/exec/packed_term.h"

namespace akyn::exec {

TermCells::TermCells(const AnswerCursor& cursor, const runtime::LocalTerms& terms)
    : cursor_(cursor), terms_(terms), cells_(cursor.variables().size()) {}

const Term& TermCells::operator[](std::size_t column) {
  Cell& cell = cells_[column];
  const std::uint64_t id = cursor_.column(column)[cursor_.row()];
  if (id == cell.id) return cell.term;
  if (!cell.column) cell.column.emplace(cursor_, column, terms_, append_packed);
  cell.term = unpack_term(cell.column->text());
  cell.id = id;
  return cell.term;
}

}  // namespace akyn::exec
