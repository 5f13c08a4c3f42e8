// One column of an answer as texts, wherever its cursor stands.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/exec/answer_cursor.h"
#include "engine/exec/term_texts.h"

namespace akyn::exec {

// Nothing is decoded before somebody looks; then the rows that follow are, too, at first a few and later a thousand,
// fewer where the terms are long. One thread at a time; cursor and terms must outlive it.
class ColumnReader {
 public:
  ColumnReader(const AnswerCursor& cursor, std::size_t column, const runtime::LocalTerms& terms, TermTexts::Write write)
      : cursor_(&cursor), column_(column), texts_(terms, std::move(write)) {}

  // The term of the current solution; empty when unbound. Valid until this is called for another. Throws as
  // TermTexts::decode(). Precondition: cursor.at_row().
  [[nodiscard]] std::string_view text() {
    if (batch_number_ != cursor_->batch_number() || cursor_->row() - first_ >= texts_.size()) decode();
    return texts_[cursor_->row() - first_];
  }

 private:
  void decode() {
    const auto ids = cursor_->column(column_).subspan(cursor_->row());
    texts_.decode(ids.first(std::min(rows_, ids.size())));
    batch_number_ = cursor_->batch_number();
    first_ = cursor_->row();
    rows_ =
        texts_.bytes_written() <= kAimedBytes ? std::min(rows_ * 4, kMostRows) : std::max<std::size_t>(rows_ / 4, 1);
  }

  static constexpr std::size_t kFirstRows = 16;
  static constexpr std::size_t kMostRows = 1024;  // whose terms and pages fit into the processor's cache
  static constexpr std::size_t kAimedBytes = std::size_t{1} << 20;

  const AnswerCursor* cursor_;
  std::size_t column_;
  TermTexts texts_;
  std::size_t rows_ = kFirstRows;  // to decode next time
  // What is decoded: rows from `first_` on of a batch.
  std::uint64_t batch_number_ = 0;
  std::size_t first_ = 0;
};

}  // namespace akyn::exec
