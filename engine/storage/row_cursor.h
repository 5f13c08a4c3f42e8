// Sorted rows, pulled in batches of columns: what scans and joins read the store through.
//
//   RowBatch     rows, column by column; reused from call to call
//   RowCursor    the pull interface
//   RowSource    a cursor that also shows what lies ahead and which rows are deletes: what MergedCursor merges
//   SortedRows   rows in memory, and a RowSource over them
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/storage/row_range.h"

namespace akyn::storage {

// Rows a batch has at most unless the caller asks for fewer: a block and what may come before it.
inline constexpr std::size_t kBatchRows = 8192;

// Columns of equal length. Memory is kept when rows are replaced.
class RowBatch {
 public:
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  // Precondition: the column is one that the cursor was asked for.
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t column) const noexcept {
    return {columns_[column].data(), rows_};
  }
  void clear() noexcept { rows_ = 0; }

  // For those who fill a batch: room for `count` more values of a column, then, when all columns have theirs, the rows
  // that have been filled. The room is where it is until the next extend() of the column.
  [[nodiscard]] std::uint64_t* extend(std::size_t column, std::size_t count);
  void add_rows(std::size_t count) noexcept { rows_ += count; }

 private:
  std::array<std::vector<std::uint64_t>, kMarkColumn + 1> columns_;  // at least rows_ long when in use
  std::size_t rows_ = 0;
};

struct ScanStatistics {
  std::uint64_t rows = 0;            // given out
  std::uint64_t blocks_read = 0;     // a block that is read again counts again
  std::uint64_t blocks_skipped = 0;  // within the range, but seek() or the bounds went past them

  ScanStatistics& operator+=(const ScanStatistics& other) noexcept {
    rows += other.rows;
    blocks_read += other.blocks_read;
    blocks_skipped += other.blocks_skipped;
    return *this;
  }
};

// The rows of a range in ascending order, from its start to its end. One thread at a time. Throws Error(io),
// Error(corruption); after an error the cursor must not be used.
class RowCursor {
 public:
  RowCursor() = default;
  RowCursor(const RowCursor&) = delete;
  RowCursor& operator=(const RowCursor&) = delete;
  virtual ~RowCursor() = default;

  // Replaces `out` with the next rows, the requested columns of them: at least one row and at most `max_rows`, usually
  // a block's. False, with `out` empty, at the end. Precondition: max_rows > 0.
  virtual bool next(RowBatch& out, std::size_t max_rows) = 0;
  bool next(RowBatch& out) { return next(out, kBatchRows); }

  // Goes on to the first row that is not before `prefix`; never back. Blocks in between are not read.
  virtual void seek(const RowPrefix& prefix) = 0;

  // Rows that next() would still give, exactly; may read a block at the end of the range. Bounds are not taken into
  // account.
  [[nodiscard]] virtual std::uint64_t remaining() = 0;

  [[nodiscard]] virtual ScanStatistics statistics() const = 0;
};

// Columns of rows that lie ahead, each starting with the next row.
using RowSpans = std::array<const std::uint64_t*, kMarkColumn + 1>;

// A cursor over rows with marks. As a RowCursor it gives out inserts and deletes alike; the requested columns may
// include the marks.
//
// The rows ahead come in pieces, of which it knows the first and the last row without decoding: blocks, as a rule. All
// functions of a piece need !at_end().
class RowSource : public RowCursor {
 public:
  using RowCursor::next;
  bool next(RowBatch& out, std::size_t max_rows) final;
  [[nodiscard]] std::uint64_t remaining() final { return remaining_counts().rows(); }

  [[nodiscard]] virtual RowCounts remaining_counts() = 0;

  [[nodiscard]] virtual bool at_end() = 0;
  // Rows of the piece that have not been read; at least one.
  [[nodiscard]] virtual std::size_t ahead() = 0;
  // Whether some of them may be deletes.
  [[nodiscard]] virtual bool has_deletes() = 0;
  [[nodiscard]] virtual RowValues first_row() = 0;
  [[nodiscard]] virtual RowValues last_row() = 0;
  // How many of them are before `prefix`.
  [[nodiscard]] virtual std::size_t ahead_before(const RowPrefix& prefix) = 0;
  // The next `count` of them, every row column and the marks (null when none has a delete mark). Borrowed: valid until
  // the source is read or moved or looked into again, skip() within the piece aside. Precondition: count <= ahead().
  [[nodiscard]] virtual RowSpans peek(std::size_t count) = 0;
  // Goes past the next `count` of them. Precondition: count <= ahead().
  virtual void skip(std::size_t count) = 0;
  // The same, after appending their requested columns to `out`.
  virtual void read(std::size_t count, RowBatch& out) = 0;
};

// Rows in memory, ascending without duplicates. Immutable once shared, hence thread-safe.
class SortedRows {
 public:
  // `columns` are of equal length, rows ascending; `marks` likewise, or empty when every row is an insert.
  SortedRows(std::vector<std::vector<std::uint64_t>> columns, std::vector<std::uint64_t> marks);

  [[nodiscard]] std::size_t rows() const noexcept { return columns_.front().size(); }
  [[nodiscard]] std::size_t row_columns() const noexcept { return columns_.size(); }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t column) const noexcept { return columns_[column]; }
  // Empty when every row is an insert.
  [[nodiscard]] std::span<const std::uint64_t> marks() const noexcept { return marks_; }
  [[nodiscard]] RowValues row(std::size_t row) const noexcept;

  // The first row of [first, last) that is not before, or is after, `prefix`. Costs the logarithm of the distance.
  [[nodiscard]] std::size_t lower_bound(const RowPrefix& prefix, std::size_t first, std::size_t last) const noexcept;
  [[nodiscard]] std::size_t upper_bound(const RowPrefix& prefix, std::size_t first, std::size_t last) const noexcept;
  [[nodiscard]] RowCounts counts(std::size_t first, std::size_t last) const noexcept;
  [[nodiscard]] RowCounts counts(const RowRange& range) const noexcept;

 private:
  std::vector<std::vector<std::uint64_t>> columns_;
  std::vector<std::uint64_t> marks_;
};

// A source of the rows of `range`, which keeps `rows` alive. `columns` are those that next() and read() give.
[[nodiscard]] std::unique_ptr<RowSource> make_source(std::shared_ptr<const SortedRows> rows, const RowRange& range,
                                                     ColumnMask columns);

}  // namespace akyn::storage
