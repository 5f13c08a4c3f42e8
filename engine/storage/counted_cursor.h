// Rows that are equal in their leading columns, counted without looking at the other columns.
//
// Runs have effective changes only (merged_cursor.h): whatever the rows are, there are as many with some leading values
// as the runs insert with these less what they delete. So each run counts by itself, from its directory where a block
// has one value, and the counts are added up; rows are neither compared nor, as a rule, read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Different values of leading columns, ascending, and for each how many rows have them. One thread at a time. Throws
// Error(io), Error(corruption); after an error the cursor must not be used.
class CountedCursor {
 public:
  // Of the rows of `range`, all of which have the same values in their first `fixed` columns: those that are equal in
  // the first `columns`, too, are one group. In orders of named graphs the range is within one graph that is not dead.
  // Keeps the version.
  CountedCursor(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range, std::size_t fixed,
                std::size_t columns);
  CountedCursor(const CountedCursor&) = delete;
  CountedCursor& operator=(const CountedCursor&) = delete;
  ~CountedCursor();

  // Goes on to the next groups: at least one and at most `max_groups`. False at the end.
  [[nodiscard]] bool next(std::size_t max_groups);
  [[nodiscard]] std::size_t groups() const noexcept { return groups_; }
  // A column of these groups, in [fixed, columns), and their numbers of rows. Valid until the cursor goes on.
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t column) const noexcept {
    return {values_[column].data(), groups_};
  }
  [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept { return {counts_.data(), groups_}; }

  // Goes on to the first group that is not before `prefix`, which has at most `columns` values; never back.
  void seek(const RowPrefix& prefix);

  [[nodiscard]] ScanStatistics statistics() const;

 private:
  struct Input;
  // The groups of an input that are whole, while inputs are merged.
  struct Lane {
    std::array<const std::uint64_t*, kMaxRowColumns> keys{};
    const std::int64_t* counts = nullptr;
    std::size_t next = 0;
    std::size_t end = 0;
    bool only_inserts = true;
    Input* input = nullptr;
  };

  [[nodiscard]] bool has_whole_group(const Input& input) const;
  // Reads until the input's next group is whole; false at its end.
  bool settle(Input& input);
  // Takes its next rows, or their number alone where the directory says that they are one group.
  void take_piece(Input& input);
  // Where the groups of piece_ start, the first of them where one differs from the input's last group, and where the
  // piece ends.
  void find_starts(bool first_differs);
  // Those groups for the input; `marks` is null when all rows are inserts.
  void take_groups(Input& input, const std::uint64_t* marks);
  void seek(Input& input, const RowPrefix& prefix);
  [[nodiscard]] int compare(const Input& input, std::size_t group, const RowPrefix& prefix) const noexcept;
  // Appends groups of the inputs, all of which have some: `room` at most, and until one of them has no more.
  void merge(std::size_t room);
  // With so many columns that are not fixed.
  template <std::size_t kKeys>
  void merge_by(std::size_t room);
  [[noreturn]] void throw_too_many_deletes() const;

  std::shared_ptr<const Version> version_;
  std::size_t fixed_;
  std::size_t columns_;
  std::vector<Input> inputs_;  // those not at their end
  ScanStatistics ended_;       // of inputs that have ended
  std::uint64_t rows_ = 0;
  // At least groups_ long, those in use.
  std::array<std::vector<std::uint64_t>, kMaxRowColumns> values_;
  std::vector<std::uint64_t> counts_;
  std::size_t groups_ = 0;
  // Kept for their memory.
  std::vector<Lane> lanes_;
  RowBatch piece_;
  std::vector<std::uint32_t> starts_;  // find_starts()
};

}  // namespace akyn::storage
