// Solutions in columns: what operators hand to each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace akyn::exec {

// Rows that operators aim at; batches may be smaller, and somewhat larger.
inline constexpr std::size_t kBatchRows = 4096;

// Rows of Ids as bits (Id::from_bits), column by column; 0 where a solution does not bind a variable. What variables
// the columns stand for, the operator knows that gives the batch.
//
// A counted batch holds each row with the number of equal solutions that it stands for, at least 1: the solutions of a
// pattern whose other variables nobody asks for. Every operator takes counted batches.
//
// Memory is kept from use to use. A value; not thread-safe.
class Batch {
 public:
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t column) const noexcept {
    return {columns_[column].data(), rows_};
  }
  [[nodiscard]] bool counted() const noexcept { return counted_; }
  // Precondition: counted().
  [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept { return {counts_.data(), rows_}; }
  [[nodiscard]] std::uint64_t count(std::size_t row) const noexcept { return counted_ ? counts_[row] : 1; }
  // Solutions that the rows stand for. Throws Error(limit) beyond 2^64.
  [[nodiscard]] std::uint64_t solutions() const;

  // --- For those who fill a batch: reset(), then as many values in each column (and in counts()) as set_rows() says.
  void reset(std::size_t width);
  // Of any size, and keeps it; what is in it is left over from earlier use, but empty after reset().
  [[nodiscard]] std::vector<std::uint64_t>& values(std::size_t column) noexcept { return columns_[column]; }
  // Makes the batch a counted one.
  [[nodiscard]] std::vector<std::uint64_t>& count_values() noexcept {
    counted_ = true;
    return counts_;
  }
  // Precondition: the columns have at least so many values.
  void set_rows(std::size_t rows) noexcept { rows_ = rows; }

  // Appends the count of a row of another batch for each of the `times` rows that are being made of it and not set yet.
  // Batches of one input may be counted or not.
  void append_count(const Batch& from, std::size_t row, std::size_t times = 1);
  // Appends a row of another batch of the same width, and its count.
  void append_row(const Batch& from, std::size_t row);

  // Keeps the rows with these numbers, which ascend.
  void select(std::span<const std::uint32_t> rows);
  // Keeps rows [first, last).
  void slice(std::size_t first, std::size_t last);
  // Each row stands for itself alone.
  void drop_counts() noexcept {
    counted_ = false;
    counts_.clear();
  }
  // Replaces each row by as many as it stands for. For batches known to be small.
  void expand();

  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  std::vector<std::vector<std::uint64_t>> columns_;  // width_ of them or more
  std::vector<std::uint64_t> counts_;
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  bool counted_ = false;
};

// Multiplies numbers of solutions. Throws Error(limit) beyond 2^64.
[[nodiscard]] std::uint64_t multiply_counts(std::uint64_t a, std::uint64_t b);
[[nodiscard]] std::uint64_t add_counts(std::uint64_t a, std::uint64_t b);

}  // namespace akyn::exec
