// Reads quads from an answer in columns.
#pragma once

#include <memory>
#include <utility>

#include <akyn/term.h>
#include "engine/exec/answer_cursor.h"
#include "engine/exec/term_cells.h"

namespace akyn::api {

// The answer has columns of subjects, predicates and objects, and perhaps of graphs, unbound in the default graph. One
// thread at a time; the terms must outlive it.
class QuadReader {
 public:
  QuadReader(std::unique_ptr<exec::Answer> answer, const runtime::LocalTerms& terms)
      : cursor_(std::move(answer), 0), cells_(cursor_, terms) {}

  // False at the end. Throws as AnswerCursor and TermCells do.
  [[nodiscard]] bool next(Quad& quad) {
    if (!cursor_.next()) return false;
    quad.subject = cells_[0];
    quad.predicate = cells_[1];
    quad.object = cells_[2];
    if (cells_.size() > 3) quad.graph = cells_[3];
    return true;
  }

 private:
  exec::AnswerCursor cursor_;
  exec::TermCells cells_;
};

}  // namespace akyn::api
