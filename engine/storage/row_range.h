// Rows of a permutation, prefixes of rows and ranges of rows: the vocabulary of runs and cursors.
//
// A row is three Ids (default graph) or four (named graphs) in the order of its permutation. Which permutation, an
// order tag says: 0x00 to 0x05 the six orders of the default graph, 0x10 to 0x18 the nine of named graphs.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace akyn::storage {

inline constexpr std::size_t kMaxRowColumns = 4;

using OrderTag = std::uint8_t;
inline constexpr std::size_t kDefaultGraphOrders = 6;
inline constexpr std::size_t kNamedGraphOrders = 9;
inline constexpr std::size_t kOrders = kDefaultGraphOrders + kNamedGraphOrders;
inline constexpr OrderTag kNamedGraphTag = 0x10;

[[nodiscard]] constexpr bool is_order(OrderTag order) noexcept {
  return order < kDefaultGraphOrders || (order >= kNamedGraphTag && order < kNamedGraphTag + kNamedGraphOrders);
}
// Columns that rows are sorted by.
[[nodiscard]] constexpr std::size_t order_columns(OrderTag order) noexcept {
  return order < kNamedGraphTag ? 3 : 4;
}
// Dense number of an order, below kOrders. Precondition: is_order(order).
[[nodiscard]] constexpr std::size_t order_index(OrderTag order) noexcept {
  return order < kNamedGraphTag ? order : kDefaultGraphOrders + (order - kNamedGraphTag);
}

// A row that a commit adds or takes away. A column of marks may follow the columns of a row.
inline constexpr std::uint64_t kInsertMark = 0;
inline constexpr std::uint64_t kDeleteMark = 1;
// Where the marks are among the columns of a batch.
inline constexpr std::size_t kMarkColumn = kMaxRowColumns;

// Columns somebody asks for: bit i is column i, bit kMarkColumn the marks.
using ColumnMask = std::uint8_t;
[[nodiscard]] constexpr ColumnMask column_bit(std::size_t column) noexcept {
  return static_cast<ColumnMask>(1U << column);
}
[[nodiscard]] constexpr ColumnMask all_columns(OrderTag order) noexcept {
  return static_cast<ColumnMask>((1U << order_columns(order)) - 1);
}

using RowValues = std::array<std::uint64_t, kMaxRowColumns>;  // unused places are 0

// Values of the leading columns of a row: none, some or all of them.
class RowPrefix {
 public:
  constexpr RowPrefix() = default;
  // Precondition: at most kMaxRowColumns values.
  constexpr RowPrefix(std::initializer_list<std::uint64_t> values)
      : RowPrefix(std::span(values.begin(), values.end())) {}
  constexpr explicit RowPrefix(std::span<const std::uint64_t> values) : size_(values.size()) {
    std::copy(values.begin(), values.end(), values_.begin());
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr std::uint64_t operator[](std::size_t i) const noexcept { return values_[i]; }
  constexpr void append(std::uint64_t value) noexcept { values_[size_++] = value; }
  [[nodiscard]] constexpr std::span<const std::uint64_t> values() const noexcept { return {values_.data(), size_}; }

 private:
  RowValues values_{};
  std::size_t size_ = 0;
};

// Negative, 0 or positive as the leading columns of `row` are before, equal to or after `prefix`.
[[nodiscard]] inline int compare_prefix(const std::uint64_t* row, std::span<const std::uint64_t> prefix) noexcept {
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (row[i] != prefix[i]) return row[i] < prefix[i] ? -1 : 1;
  }
  return 0;
}

// The rows that are not before `lower` and not after `upper`, each compared in as many columns as it has.
struct RowRange {
  RowPrefix lower;
  RowPrefix upper;

  [[nodiscard]] static RowRange all() { return {}; }
  [[nodiscard]] static RowRange prefix(const RowPrefix& values) { return {values, values}; }
  // Rows with this prefix whose next column is in [first, last]. Precondition: prefix.size() < kMaxRowColumns.
  [[nodiscard]] static RowRange between(const RowPrefix& prefix, std::uint64_t first, std::uint64_t last) {
    RowRange range{prefix, prefix};
    range.lower.append(first);
    range.upper.append(last);
    return range;
  }
};

// What a reader wants of each column; blocks without any such value need not be read.
struct ColumnBounds {
  RowValues min{};
  RowValues max{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
};

struct RowCounts {
  std::uint64_t inserts = 0;
  std::uint64_t deletes = 0;

  // Only effective changes are stored: every delete takes away an older insert.
  [[nodiscard]] std::int64_t net() const noexcept { return static_cast<std::int64_t>(inserts - deletes); }
  [[nodiscard]] std::uint64_t rows() const noexcept { return inserts + deletes; }
  RowCounts& operator+=(const RowCounts& other) noexcept {
    inserts += other.inserts;
    deletes += other.deletes;
    return *this;
  }
  friend bool operator==(const RowCounts&, const RowCounts&) = default;
};

}  // namespace akyn::storage
