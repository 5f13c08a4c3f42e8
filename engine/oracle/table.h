// A multiset of solutions, materialized.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/algebra/variables.h"
#include "engine/runtime/limits.h"
#include "engine/term/id.h"

namespace akyn::oracle {

using runtime::Budget;
using runtime::Charge;

using Row = std::span<const Id>;

// Rows of Ids under columns of slots; the unbound Id where a solution does not bind a variable. A
// slot that is no column is unbound in every row. Move-only; its cells are charged to a Budget, which
// must outlive it.
class Table {
 public:
  Table(std::vector<algebra::Slot> columns, Budget& budget) : columns_(std::move(columns)), budget_(&budget) {}
  Table(Table&& other) noexcept
      : columns_(std::move(other.columns_)),
        cells_(std::move(other.cells_)),
        size_(std::exchange(other.size_, 0)),
        charged_(std::exchange(other.charged_, 0)),
        budget_(other.budget_) {}
  Table& operator=(Table&& other) noexcept {
    std::swap(columns_, other.columns_);
    std::swap(cells_, other.cells_);
    std::swap(size_, other.size_);
    std::swap(charged_, other.charged_);
    std::swap(budget_, other.budget_);
    return *this;
  }
  ~Table() { budget_->release(charged_); }

  // One solution that binds nothing: the unit of Join.
  [[nodiscard]] static Table unit(Budget& budget) {
    Table table({}, budget);
    table.append({});
    return table;
  }

  [[nodiscard]] const std::vector<algebra::Slot>& columns() const noexcept { return columns_; }
  [[nodiscard]] std::size_t width() const noexcept { return columns_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::optional<std::size_t> column_of(algebra::Slot slot) const;

  [[nodiscard]] Row row(std::size_t i) const noexcept { return {cells_.data() + i * width(), width()}; }
  [[nodiscard]] Id cell(std::size_t row, std::size_t column) const noexcept { return cells_[row * width() + column]; }
  // True when no row leaves the column unbound.
  [[nodiscard]] bool always_bound(std::size_t column) const;

  // Counts as one step of the budget. Precondition: row.size() == width().
  void append(Row row);

  [[nodiscard]] std::vector<Id> take_cells() && { return std::move(cells_); }
  [[nodiscard]] Budget& budget() const noexcept { return *budget_; }

 private:
  std::vector<algebra::Slot> columns_;
  std::vector<Id> cells_;  // row by row
  std::size_t size_ = 0;
  std::size_t charged_ = 0;
  Budget* budget_;
};

// Some cells of a row, in a form that hashes.
struct RowKey {
  std::vector<Id> cells;
  friend bool operator==(const RowKey&, const RowKey&) = default;
};
// Bytes that a key takes in a hash table, roughly.
[[nodiscard]] inline std::size_t hashed_bytes(const RowKey& key) noexcept {
  return sizeof(RowKey) + 48 + key.cells.size() * sizeof(Id);
}
struct RowKeyHash {
  [[nodiscard]] std::size_t operator()(const RowKey& key) const noexcept {
    std::size_t hash = key.cells.size();
    for (const Id id : key.cells) hash = hash * 0x9e3779b97f4a7c15ULL + std::hash<Id>()(id);
    return hash;
  }
};

// The operators that only look at rows. Order: that of the (left) input.
[[nodiscard]] Table join(const Table& left, const Table& right);
[[nodiscard]] Table minus(Table left, const Table& right, const algebra::VariableTable& variables);
[[nodiscard]] Table project(const Table& table, const std::vector<algebra::Slot>& slots);
[[nodiscard]] Table distinct(const Table& table);

// Finds the rows of `right` that are compatible (18.3) with a row of `left`: no variable is bound to
// different terms. Both tables must outlive it.
class CompatibleRows {
 public:
  CompatibleRows(const Table& left, const Table& right);
  // Calls use(row number) for each, in order, until it returns false.
  template <class Use>
  void for_each(Row left, Use use) const;
  // Columns of the merged rows: left's, then right's own.
  [[nodiscard]] const std::vector<algebra::Slot>& merged_columns() const noexcept { return merged_columns_; }
  // Replaces `out` by the union of two compatible rows.
  void merge(Row left, std::size_t right_row, std::vector<Id>& out) const;

 private:
  [[nodiscard]] bool loose_columns_agree(Row left, std::size_t right_row) const;

  struct Pair {
    std::size_t left;
    std::size_t right;
  };
  const Table& right_;
  std::vector<Pair> keys_;        // shared columns bound in all rows of both: hashed
  std::vector<Pair> loose_;       // other shared columns: compared
  std::vector<std::size_t> own_;  // right's columns that left has not
  std::vector<algebra::Slot> merged_columns_;
  std::unordered_map<RowKey, std::vector<std::size_t>, RowKeyHash> index_;  // empty without keys
  mutable RowKey probe_;
  Charge charge_;
};

template <class Use>
void CompatibleRows::for_each(Row left, Use use) const {
  if (keys_.empty()) {
    for (std::size_t i = 0; i < right_.size(); ++i) {
      right_.budget().step();
      if (loose_columns_agree(left, i) && !use(i)) return;
    }
    return;
  }
  probe_.cells.clear();
  for (const Pair& pair : keys_) probe_.cells.push_back(left[pair.left]);
  const auto place = index_.find(probe_);
  if (place == index_.end()) return;
  for (const std::size_t i : place->second) {
    right_.budget().step();
    if (loose_columns_agree(left, i) && !use(i)) return;
  }
}

}  // namespace akyn::oracle
