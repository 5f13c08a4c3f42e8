#include "engine/exec/answer_cursor.h"

#include <utility>

#include <akyn/error.h>

namespace akyn::exec {

AnswerCursor::AnswerCursor(std::unique_ptr<Answer> answer, std::uint64_t max_rows)
    : answer_(std::move(answer)), max_rows_(max_rows) {
  pull();
}

void AnswerCursor::pull() {
  row_ = kBeforeFirst;
  try {
    if (!answer_->next(batch_)) {
      ended_ = true;
      return;
    }
    ++batch_number_;
    if (max_rows_ == 0) return;
    solutions_ = add_counts(solutions_, batch_.solutions());
    if (solutions_ > max_rows_) {
      throw Error(ErrorCode::limit, "the answer has more than its limit of " + std::to_string(max_rows_) + " rows");
    }
  } catch (...) {
    failure_ = std::current_exception();
    batch_.reset(batch_.width());
    throw;
  }
}

bool AnswerCursor::take_batch() {
  if (failure_) std::rethrow_exception(failure_);
  if (!ended_) pull();
  row_ = 0;
  return !ended_;
}

}  // namespace akyn::exec
