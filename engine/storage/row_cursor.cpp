#include "engine/storage/row_cursor.h"

#include <algorithm>
#include <utility>

#include "engine/storage/block.h"
#include "engine/storage/gallop.h"

namespace akyn::storage {

std::uint64_t* RowBatch::extend(std::size_t column, std::size_t count) {
  auto& values = columns_[column];
  if (values.size() < rows_ + count) values.resize(std::max(rows_ + count, 2 * rows_));
  return values.data() + rows_;
}

bool RowSource::next(RowBatch& out, std::size_t max_rows) {
  out.clear();
  if (at_end()) return false;
  read(std::min(ahead(), max_rows), out);
  return true;
}

// ---------------------------------------------------------------- rows in memory

SortedRows::SortedRows(std::vector<std::vector<std::uint64_t>> columns, std::vector<std::uint64_t> marks)
    : columns_(std::move(columns)), marks_(std::move(marks)) {}

RowValues SortedRows::row(std::size_t row) const noexcept {
  RowValues values{};
  for (std::size_t i = 0; i < columns_.size(); ++i) values[i] = columns_[i][row];
  return values;
}

std::size_t SortedRows::lower_bound(const RowPrefix& prefix, std::size_t first, std::size_t last) const noexcept {
  return gallop(first, last, [&](std::size_t i) { return compare_prefix(row(i).data(), prefix.values()) < 0; });
}

std::size_t SortedRows::upper_bound(const RowPrefix& prefix, std::size_t first, std::size_t last) const noexcept {
  return gallop(first, last, [&](std::size_t i) { return compare_prefix(row(i).data(), prefix.values()) <= 0; });
}

RowCounts SortedRows::counts(std::size_t first, std::size_t last) const noexcept {
  if (first >= last) return {};
  const auto from = marks_.begin() + static_cast<std::ptrdiff_t>(marks_.empty() ? 0 : first);
  const auto to = marks_.begin() + static_cast<std::ptrdiff_t>(marks_.empty() ? 0 : last);
  const auto deletes = static_cast<std::uint64_t>(std::count(from, to, kDeleteMark));
  return {last - first - deletes, deletes};
}

RowCounts SortedRows::counts(const RowRange& range) const noexcept {
  const std::size_t first = lower_bound(range.lower, 0, rows());
  return counts(first, upper_bound(range.upper, first, rows()));
}

namespace {

class SortedRowsSource final : public RowSource {
 public:
  SortedRowsSource(std::shared_ptr<const SortedRows> rows, const RowRange& range, ColumnMask columns)
      : rows_(std::move(rows)), columns_(columns) {
    row_ = rows_->lower_bound(range.lower, 0, rows_->rows());
    end_ = rows_->upper_bound(range.upper, row_, rows_->rows());
  }

  void seek(const RowPrefix& prefix) override { row_ = rows_->lower_bound(prefix, row_, end_); }
  [[nodiscard]] RowCounts remaining_counts() override { return rows_->counts(row_, end_); }
  [[nodiscard]] ScanStatistics statistics() const override { return statistics_; }

  [[nodiscard]] bool at_end() override { return row_ == end_; }
  [[nodiscard]] std::size_t ahead() override { return std::min(end_ - row_, kBlockRows); }
  [[nodiscard]] bool has_deletes() override { return !rows_->marks().empty(); }
  [[nodiscard]] RowValues first_row() override { return rows_->row(row_); }
  [[nodiscard]] RowValues last_row() override { return rows_->row(row_ + ahead() - 1); }
  [[nodiscard]] std::size_t ahead_before(const RowPrefix& prefix) override {
    return rows_->lower_bound(prefix, row_, row_ + ahead()) - row_;
  }
  [[nodiscard]] RowSpans peek(std::size_t) override {
    RowSpans spans{};
    for (std::size_t i = 0; i < rows_->row_columns(); ++i) spans[i] = rows_->column(i).data() + row_;
    if (has_deletes()) spans[kMarkColumn] = rows_->marks().data() + row_;
    return spans;
  }
  void skip(std::size_t count) override { row_ += count; }
  void read(std::size_t count, RowBatch& out) override {
    for (std::size_t i = 0; i < rows_->row_columns(); ++i) {
      if ((columns_ & column_bit(i)) != 0) std::copy_n(rows_->column(i).data() + row_, count, out.extend(i, count));
    }
    if ((columns_ & column_bit(kMarkColumn)) != 0) {
      std::uint64_t* marks = out.extend(kMarkColumn, count);
      if (has_deletes()) {
        std::copy_n(rows_->marks().data() + row_, count, marks);
      } else {
        std::fill_n(marks, count, kInsertMark);
      }
    }
    out.add_rows(count);
    statistics_.rows += count;
    row_ += count;
  }

 private:
  std::shared_ptr<const SortedRows> rows_;
  ColumnMask columns_;
  std::size_t row_ = 0;
  std::size_t end_ = 0;
  ScanStatistics statistics_;
};

}  // namespace

std::unique_ptr<RowSource> make_source(std::shared_ptr<const SortedRows> rows, const RowRange& range,
                                       ColumnMask columns) {
  return std::make_unique<SortedRowsSource>(std::move(rows), range, columns);
}

}  // namespace akyn::storage
