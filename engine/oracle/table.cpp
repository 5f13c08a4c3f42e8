#include "engine/oracle/table.h"

#include <algorithm>
#include <unordered_set>

namespace akyn::oracle {

std::optional<std::size_t> Table::column_of(algebra::Slot slot) const {
  const auto place = std::find(columns_.begin(), columns_.end(), slot);
  if (place == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(place - columns_.begin());
}

bool Table::always_bound(std::size_t column) const {
  for (std::size_t i = 0; i < size_; ++i) {
    if (!cell(i, column).is_bound()) return false;
  }
  return true;
}

void Table::append(Row row) {
  cells_.insert(cells_.end(), row.begin(), row.end());
  ++size_;
  if (const std::size_t held = cells_.capacity() * sizeof(Id); held > charged_) {
    budget_->charge(held - charged_);
    charged_ = held;
  }
  budget_->step();
}

CompatibleRows::CompatibleRows(const Table& left, const Table& right) : right_(right), charge_(right.budget()) {
  merged_columns_ = left.columns();
  for (std::size_t column = 0; column < right.width(); ++column) {
    const std::optional<std::size_t> shared = left.column_of(right.columns()[column]);
    if (!shared) {
      own_.push_back(column);
      merged_columns_.push_back(right.columns()[column]);
    } else if (left.always_bound(*shared) && right.always_bound(column)) {
      keys_.push_back({*shared, column});
    } else {
      loose_.push_back({*shared, column});
    }
  }
  if (keys_.empty()) return;
  RowKey key;
  for (std::size_t i = 0; i < right.size(); ++i) {
    right.budget().step();
    key.cells.clear();
    for (const Pair& pair : keys_) key.cells.push_back(right.cell(i, pair.right));
    std::vector<std::size_t>& rows = index_[key];
    charge_.add(rows.empty() ? hashed_bytes(key) + sizeof(rows) : sizeof(std::size_t));
    rows.push_back(i);
  }
}

bool CompatibleRows::loose_columns_agree(Row left, std::size_t right_row) const {
  return std::all_of(loose_.begin(), loose_.end(), [&](const Pair& pair) {
    const Id a = left[pair.left];
    const Id b = right_.cell(right_row, pair.right);
    return a == b || !a.is_bound() || !b.is_bound();
  });
}

void CompatibleRows::merge(Row left, std::size_t right_row, std::vector<Id>& out) const {
  out.assign(left.begin(), left.end());
  for (const Pair& pair : loose_) {
    if (!out[pair.left].is_bound()) out[pair.left] = right_.cell(right_row, pair.right);
  }
  for (const std::size_t column : own_) out.push_back(right_.cell(right_row, column));
}

Table join(const Table& left, const Table& right) {
  const CompatibleRows matches(left, right);
  Table result(matches.merged_columns(), left.budget());
  std::vector<Id> merged;
  for (std::size_t i = 0; i < left.size(); ++i) {
    left.budget().step();
    matches.for_each(left.row(i), [&](std::size_t match) {
      matches.merge(left.row(i), match, merged);
      result.append(merged);
      return true;
    });
  }
  return result;
}

// 18.5: a solution goes when a compatible one on the right shares a variable with it. Blank nodes and
// the translation's own slots are no part of solutions.
Table minus(Table left, const Table& right, const algebra::VariableTable& variables) {
  std::vector<std::pair<std::size_t, std::size_t>> shared;
  for (std::size_t column = 0; column < left.width(); ++column) {
    const std::optional<std::size_t> other = right.column_of(left.columns()[column]);
    if (other && variables.is_named(left.columns()[column])) shared.emplace_back(column, *other);
  }
  if (shared.empty()) return left;
  const CompatibleRows matches(left, right);
  Table result(left.columns(), left.budget());
  for (std::size_t i = 0; i < left.size(); ++i) {
    left.budget().step();
    bool removed = false;
    matches.for_each(left.row(i), [&](std::size_t match) {
      removed = std::any_of(shared.begin(), shared.end(), [&](const auto& pair) {
        return left.cell(i, pair.first).is_bound() && right.cell(match, pair.second).is_bound();
      });
      return !removed;
    });
    if (!removed) result.append(left.row(i));
  }
  return result;
}

Table project(const Table& table, const std::vector<algebra::Slot>& slots) {
  Table result(slots, table.budget());
  std::vector<std::optional<std::size_t>> sources;
  for (const algebra::Slot slot : slots) sources.push_back(table.column_of(slot));
  std::vector<Id> row(slots.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t column = 0; column < slots.size(); ++column) {
      row[column] = sources[column] ? table.cell(i, *sources[column]) : Id();
    }
    result.append(row);
  }
  return result;
}

Table distinct(const Table& table) {
  Table result(table.columns(), table.budget());
  std::unordered_set<RowKey, RowKeyHash> seen;
  Charge charge(table.budget());
  for (std::size_t i = 0; i < table.size(); ++i) {
    table.budget().step();
    const Row row = table.row(i);
    const auto [place, is_new] = seen.insert(RowKey{{row.begin(), row.end()}});
    if (!is_new) continue;
    charge.add(hashed_bytes(*place));
    result.append(row);
  }
  return result;
}

}  // namespace akyn::oracle
