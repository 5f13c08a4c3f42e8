#include "engine/exec/batch.h"

#include <algorithm>

#include <akyn/error.h>

namespace akyn::exec {
namespace {

[[noreturn]] void too_many() {
  throw Error(ErrorCode::limit, "the query has more than 2^64 solutions");
}

void gather(std::vector<std::uint64_t>& values, std::span<const std::uint32_t> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) values[i] = values[rows[i]];
  values.resize(rows.size());
}

}  // namespace

std::uint64_t multiply_counts(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) too_many();
  return product;
}

std::uint64_t add_counts(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) too_many();
  return sum;
}

std::uint64_t Batch::solutions() const {
  if (!counted_) return rows_;
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts()) sum = add_counts(sum, count);
  return sum;
}

void Batch::reset(std::size_t width) {
  if (columns_.size() < width) columns_.resize(width);
  for (std::size_t i = 0; i < width; ++i) columns_[i].clear();
  counts_.clear();
  rows_ = 0;
  width_ = width;
  counted_ = false;
}

void Batch::append_count(const Batch& from, std::size_t row, std::size_t times) {
  if (from.counted_ && !counted_) {
    counts_.assign(rows_, 1);
    counted_ = true;
  }
  if (counted_) counts_.insert(counts_.end(), times, from.count(row));
}

void Batch::append_row(const Batch& from, std::size_t row) {
  for (std::size_t i = 0; i < width_; ++i) columns_[i].push_back(from.columns_[i][row]);
  append_count(from, row);
  ++rows_;
}

void Batch::select(std::span<const std::uint32_t> rows) {
  if (rows.size() == rows_) return;
  for (std::size_t i = 0; i < width_; ++i) gather(columns_[i], rows);
  if (counted_) gather(counts_, rows);
  rows_ = rows.size();
}

void Batch::slice(std::size_t first, std::size_t last) {
  const auto cut = [&](std::vector<std::uint64_t>& values) {
    if (first != 0)
      std::copy(values.begin() + static_cast<std::ptrdiff_t>(first), values.begin() + static_cast<std::ptrdiff_t>(last),
                values.begin());
    values.resize(last - first);
  };
  for (std::size_t i = 0; i < width_; ++i) cut(columns_[i]);
  if (counted_) cut(counts_);
  rows_ = last - first;
}

void Batch::expand() {
  if (!counted_) return;
  const std::uint64_t total = solutions();
  for (std::size_t i = 0; i < width_; ++i) {
    std::vector<std::uint64_t> values;
    values.reserve(total);
    for (std::size_t row = 0; row < rows_; ++row) values.insert(values.end(), counts_[row], columns_[i][row]);
    columns_[i] = std::move(values);
  }
  rows_ = total;
  counted_ = false;
  counts_.clear();
}

std::size_t Batch::memory_bytes() const noexcept {
  std::size_t bytes = counts_.capacity();
  for (const auto& values : columns_) bytes += values.capacity();
  return bytes * sizeof(std::uint64_t);
}

}  // namespace akyn::exec
