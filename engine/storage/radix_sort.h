// Sorts rows of numbers by one column at a time, keeping the order of rows that are equal in it.
//
// Sorting rows by column X that are in the order A B C gives the order X A B C without X twice: so every order of rows
// is had from any other by sorting by its columns, the last one first, and often by one column alone.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/storage/ordered_work.h"

namespace akyn::storage {

template <class Value, std::size_t Columns>
class RadixSort {
 public:
  using Row = std::array<Value, Columns>;

  // Looks at the rows that are to be sorted, now in `rows`, to know which bits of a column differ at all.
  RadixSort(std::size_t threads, const Row* rows, std::size_t count) : threads_(threads), count_(count) {
    std::vector<Row> ones(parts());
    std::vector<Row> any(parts());
    run_parallel(threads_, parts(), [&](std::size_t part) {
      const auto [first, last] = range(part);
      Row& all = ones[part];
      all.fill(static_cast<Value>(~Value{0}));
      for (std::size_t row = first; row < last; ++row) {
        for (std::size_t i = 0; i < Columns; ++i) {
          all[i] &= rows[row][i];
          any[part][i] |= rows[row][i];
        }
      }
    });
    for (std::size_t i = 0; i < Columns; ++i) {
      Value all = static_cast<Value>(~Value{0});
      Value some = 0;
      for (std::size_t part = 0; part < parts(); ++part) {
        all &= ones[part][i];
        some |= any[part][i];
      }
      differ_[i] = static_cast<Value>(some & ~all);
    }
  }

  // Of rows that have become fewer.
  void set_count(std::size_t count) noexcept { count_ = count; }

  // Sorts `rows`; afterwards they are in `rows` again, which may be the other room.
  void by(std::size_t column, Row*& rows, Row*& other) {
    Value left = differ_[column];
    while (left != 0) {
      const int shift = std::countr_zero(left);
      if (pass(column, shift, rows, other)) std::swap(rows, other);
      const Value done = static_cast<Value>(Value{kBuckets - 1} << shift);
      left &= static_cast<Value>(~done);
    }
  }

 private:
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::size_t kFewRows = std::size_t{1} << 16U;

  [[nodiscard]] std::size_t parts() const noexcept { return count_ < kFewRows ? 1 : threads_; }
  [[nodiscard]] std::pair<std::size_t, std::size_t> range(std::size_t part) const noexcept {
    return {count_ * part / parts(), count_ * (part + 1) / parts()};
  }

  // False when all rows have the same digit: then they stay where they are.
  bool pass(std::size_t column, int shift, const Row* rows, Row* other) {
    std::vector<std::array<std::size_t, kBuckets>> places(parts());
    run_parallel(threads_, parts(), [&](std::size_t part) {
      const auto [first, last] = range(part);
      auto& counts = places[part];
      counts.fill(0);
      for (std::size_t row = first; row < last; ++row) ++counts[(rows[row][column] >> shift) % kBuckets];
    });
    std::size_t place = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
      const std::size_t start = place;
      for (auto& counts : places) place += std::exchange(counts[bucket], place);
      if (place - start == count_) return false;
    }
    run_parallel(threads_, parts(), [&](std::size_t part) {
      const auto [first, last] = range(part);
      auto& next = places[part];
      for (std::size_t row = first; row < last; ++row)
        other[next[(rows[row][column] >> shift) % kBuckets]++] = rows[row];
    });
    return true;
  }

  std::size_t threads_;
  std::size_t count_;
  std::array<Value, Columns> differ_{};
};

}  // namespace akyn::storage
