// Several runs read as one.
//
// Each source is a set of changes to what all older sources make together, and has only effective ones: an insert of a
// row that is absent there, a delete of a row that is present. So a row's occurrences, from old to new, alternate
// between the two marks, and the newest says whether the row is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

enum class MergeKind : std::uint8_t {
  state,    // the rows that are there; the oldest source has no deletes
  changes,  // what the sources together change, again effective changes only, with their marks: for joining delta runs
};

// Where one source alone has rows, as is the rule, its batches pass through as they are and only the columns asked for
// are decoded; the sources are compared once a block, by first and last rows from the directory. Where sources overlap,
// their blocks are decoded and merged by galloping.
class MergedCursor final : public RowCursor {
 public:
  // `sources`, oldest first, are of one order, one range and one mask, `columns`.
  MergedCursor(std::vector<std::unique_ptr<RowSource>> sources, std::size_t row_columns, ColumnMask columns,
               MergeKind kind = MergeKind::state);

  using RowCursor::next;
  bool next(RowBatch& out, std::size_t max_rows) override;
  void seek(const RowPrefix& prefix) override;
  // For MergeKind::changes an upper bound: inserts and deletes that cancel each other are counted. Likewise exact only
  // for sources without bounds.
  [[nodiscard]] std::uint64_t remaining() override;
  [[nodiscard]] ScanStatistics statistics() const override;

 private:
  struct Input {
    std::unique_ptr<RowSource> source;
    std::size_t age = 0;  // 0 is the oldest
    // First and last row and number of the rows ahead, when `known`.
    bool known = false;
    RowValues first{};
    RowValues last{};
    std::size_t ahead = 0;
  };
  // The rows ahead of an input, decoded.
  struct Window {
    RowSpans columns{};
    std::size_t row = 0;
    std::size_t end = 0;
    Input* input = nullptr;
  };

  void look_ahead(Input& input) const;
  [[nodiscard]] RowPrefix prefix_of(const RowValues& row) const;
  // Appends the next `count` rows of one input that nothing else touches.
  void pass(Input& input, std::size_t count, RowBatch& out);
  // Merges until some input's rows ahead, or `limit` of them, are used up, or `limit` rows have come out.
  void merge(std::size_t limit, RowBatch& out);

  [[nodiscard]] int compare(const Window& a, std::size_t row, const Window& b) const noexcept;
  [[nodiscard]] std::size_t rows_until(const Window& window, const Window& to) const noexcept;
  // Puts windows_[0 .. moved) back in order by their next rows.
  void reorder(std::size_t moved);

  std::vector<Input> inputs_;  // those not at their end
  std::size_t row_columns_;
  ColumnMask columns_;
  MergeKind kind_;
  std::vector<Window> windows_;  // while merging: in the order of their next rows
  ScanStatistics ended_;         // of inputs that have ended
  std::uint64_t rows_ = 0;
};

}  // namespace akyn::storage
