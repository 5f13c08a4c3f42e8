// Reads an answer solution by solution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/exec/answer.h"

namespace akyn::exec {

// A row that stands for several solutions is given so many times; nothing is copied for that. One thread at a time.
class AnswerCursor {
 public:
  // Takes the first batch, so that what fails at once fails here. More solutions than `max_rows` are an Error(limit),
  // thrown by whatever takes the batch in which they are too many; zero: no limit.
  AnswerCursor(std::unique_ptr<Answer> answer, std::uint64_t max_rows);

  [[nodiscard]] const std::vector<std::string>& variables() const noexcept { return answer_->variables(); }

  // Moves to the next solution; false at the end. Throws what Answer::next() throws, and the same again when called
  // again.
  bool next() {
    if (repeats_ > 0) {
      --repeats_;
      return true;
    }
    if (++row_ >= batch_.rows() && !take_batch()) return false;
    repeats_ = batch_.count(row_) - 1;
    return true;
  }
  // Whether next() gives a solution without computing one.
  [[nodiscard]] bool ready() const noexcept { return repeats_ > 0 || row_ + 1 < batch_.rows(); }
  // Whether there is a current solution.
  [[nodiscard]] bool at_row() const noexcept { return row_ < batch_.rows(); }

  // --- Where it is: a row of a batch. Batches are numbered from 1.
  [[nodiscard]] std::uint64_t batch_number() const noexcept { return batch_number_; }
  [[nodiscard]] std::size_t row() const noexcept { return row_; }
  // A column of the whole batch. Precondition: at_row().
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t column) const noexcept {
    return batch_.column(column);
  }

 private:
  // Stands before the first row of the next batch, or at the end.
  void pull();
  // Stands on the first row of the next batch.
  bool take_batch();

  static constexpr std::size_t kBeforeFirst = ~std::size_t{0};

  std::unique_ptr<Answer> answer_;
  std::uint64_t max_rows_;
  Batch batch_;
  std::uint64_t batch_number_ = 0;
  std::size_t row_ = kBeforeFirst;
  std::uint64_t repeats_ = 0;    // of the current row, still to give
  std::uint64_t solutions_ = 0;  // of all batches so far, where there is a limit
  bool ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace akyn::exec
