#include "engine/storage/row_rewriter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/database.h"
#include "engine/storage/keys.h"
#include "engine/storage/row_sorter.h"

namespace akyn::storage {
namespace {

// Whether a column holds Ids of terms, not graph instances.
bool holds_terms(OrderTag order, std::size_t column) {
  return columns_of(permutation_of(order))[column] != 3;
}

class Progress {
 public:
  Progress(const MergeOptions& options, std::string_view phase, std::uint64_t total)
      : progress_(options.progress), phase_(phase), total_(total) {}
  void add(std::uint64_t rows) {
    done_ += rows;
    if (progress_) progress_(phase_, done_, std::max(done_, total_));
  }

 private:
  const WorkProgress& progress_;
  std::string_view phase_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
};

// A batch of rows, renumbered.
class RenumberedRows {
 public:
  RenumberedRows(OrderTag order, const Renumbering& terms) : terms_(terms), columns_(order_columns(order)) {
    for (std::size_t i = 0; i < columns_; ++i) holds_terms_[i] = holds_terms(order, i);
  }

  void load(const RowBatch& batch) {
    rows_ = batch.rows();
    steady_.assign(rows_, true);
    for (std::size_t i = 0; i < columns_; ++i) {
      const auto from = batch.column(i);
      values_[i].assign(from.begin(), from.end());
      if (!holds_terms_[i]) continue;
      // Sorted rows repeat their values.
      std::uint64_t last = 0;
      std::uint64_t renumbered = 0;
      bool steady = true;
      for (std::size_t row = 0; row < rows_; ++row) {
        if (from[row] != last || row == 0) {
          last = from[row];
          const Id old = Id::from_bits(last);
          const Id id = terms_(old);
          if (!id.is_bound()) {
            throw Error(ErrorCode::corruption, "the store is damaged: a row names a term that does not exist");
          }
          renumbered = id.bits();
          steady = terms_.is_steady(old);
        }
        values_[i][row] = renumbered;
        steady_[row] &= static_cast<std::uint8_t>(steady);
      }
    }
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] bool is_steady(std::size_t row) const noexcept { return steady_[row] != 0; }
  [[nodiscard]] RowValues row(std::size_t row) const noexcept {
    RowValues values{};
    for (std::size_t i = 0; i < columns_; ++i) values[i] = values_[i][row];
    return values;
  }

 private:
  const Renumbering& terms_;
  std::size_t columns_;
  std::array<bool, kMaxRowColumns> holds_terms_{};
  std::size_t rows_ = 0;
  std::array<std::vector<std::uint64_t>, kMaxRowColumns> values_;
  std::vector<std::uint8_t> steady_;
};

// Collects rows and hands them on.
class Output {
 public:
  Output(std::size_t columns, bool marked, const TakeRows& take) : columns_(columns), marked_(marked), take_(take) {
    for (auto& column : values_) column.resize(kBatchRows);
  }

  void add(const RowValues& row, std::uint64_t mark) {
    for (std::size_t i = 0; i < columns_; ++i) values_[i][rows_] = row[i];
    values_[columns_][rows_] = mark;
    if (++rows_ == kBatchRows) flush();
  }
  std::uint64_t finish() {
    if (rows_ > 0) flush();
    return total_;
  }

 private:
  void flush() {
    std::array<std::span<const std::uint64_t>, kMaxRowColumns + 1> columns;
    for (std::size_t i = 0; i <= columns_; ++i) columns[i] = std::span(values_[i]).first(rows_);
    take_(std::span(columns).first(columns_ + (marked_ ? 1 : 0)));
    total_ += rows_;
    rows_ = 0;
  }

  std::size_t columns_;
  bool marked_;
  const TakeRows& take_;
  std::array<std::vector<std::uint64_t>, kMaxRowColumns + 1> values_;
  std::size_t rows_ = 0;
  std::uint64_t total_ = 0;
};

// The rows that have moved, one by one.
class MovedRows {
 public:
  MovedRows(RowSorter& sorter, std::size_t columns) : sorter_(sorter), columns_(columns) { load(); }

  [[nodiscard]] bool at_end() const noexcept { return row_ == batch_.rows(); }
  [[nodiscard]] const RowValues& row() const noexcept { return values_; }
  void advance() {
    ++row_;
    if (at_end()) {
      load();
    } else {
      read();
    }
  }

 private:
  void load() {
    row_ = 0;
    if (sorter_.next(batch_)) read();
  }
  void read() {
    for (std::size_t i = 0; i < columns_; ++i) values_[i] = batch_.column(i)[row_];
  }

  RowSorter& sorter_;
  std::size_t columns_;
  RowBatch batch_;
  std::size_t row_ = 0;
  RowValues values_{};
};

}  // namespace

void mark_rows(OrderTag order, const OpenRows& open, Renumbering& terms, const MergeOptions& options) {
  const std::unique_ptr<RowCursor> cursor = open(order);
  Progress progress(options, "terms in use", cursor->remaining());
  RowBatch batch;
  while (cursor->next(batch)) {
    for (std::size_t i = 0; i < order_columns(order); ++i) {
      if (!holds_terms(order, i)) continue;
      const auto column = batch.column(i);
      for (std::size_t row = 0; row < column.size(); ++row) {
        if (row == 0 || column[row] != column[row - 1]) terms.mark(Id::from_bits(column[row]));
      }
    }
    progress.add(batch.rows());
  }
}

std::uint64_t rewrite_rows(OrderTag order, bool marked, const OpenRows& open, const Renumbering& terms,
                           const TakeRows& take, const MergeOptions& options) {
  const std::size_t columns = order_columns(order);
  RenumberedRows rows(order, terms);
  RowSorter sorter(columns, options.limits);
  RowBatch batch;
  const auto mark_of = [&](std::size_t row) { return marked ? batch.column(kMarkColumn)[row] : kInsertMark; };
  if (!terms.all_steady()) {
    const std::unique_ptr<RowCursor> cursor = open(order);
    Progress progress(options, "rows that move", cursor->remaining());
    while (cursor->next(batch)) {
      rows.load(batch);
      for (std::size_t row = 0; row < rows.rows(); ++row) {
        if (rows.is_steady(row)) continue;
        if (mark_of(row) == kDeleteMark) {
          throw Error(ErrorCode::corruption, "the store is damaged: a row is deleted that was never inserted");
        }
        const RowValues values = rows.row(row);
        sorter.add_row(std::span(values).first(columns));
      }
      progress.add(batch.rows());
    }
  }
  sorter.finish();
  MovedRows moved(sorter, columns);
  Output output(columns, marked, take);

  const std::unique_ptr<RowCursor> cursor = open(order);
  Progress progress(options, "rows", cursor->remaining());
  while (cursor->next(batch)) {
    rows.load(batch);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      if (!rows.is_steady(i)) continue;
      const RowValues row = rows.row(i);
      for (; !moved.at_end() && moved.row() < row; moved.advance()) output.add(moved.row(), kInsertMark);
      output.add(row, mark_of(i));
    }
    progress.add(batch.rows());
  }
  for (; !moved.at_end(); moved.advance()) output.add(moved.row(), kInsertMark);
  return output.finish();
}

}  // namespace akyn::storage
