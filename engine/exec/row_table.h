// Rows of Ids to numbers, by hashing: the table under GROUP BY and DISTINCT.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/runtime/limits.h"

namespace akyn::exec {

// A hash of the row's columns, 64 well mixed bits. Of no columns: of nothing.
inline constexpr std::uint64_t kHashSeed = 0x9e3779b97f4a7c15;
[[nodiscard]] inline std::uint64_t hash_cell(std::uint64_t hash, std::uint64_t cell) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(hash ^ cell) * 0xd6e8feb86659fd93ULL;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Gives equal rows one number; new rows get the next ones, from 0. Rows of no columns are all equal. Rows come a batch
// at a time, column by column, so that the cache misses of many rows overlap.
//
// Rows of one column whose cells lie close together - Ids of one kind often do - are not hashed: there an array tells
// the number by the cell.
//
// What it holds is charged. It grows by doubling; where growing would leave less than `spare` bytes of the query's
// memory limit, it is full from then on: new rows are turned away, known ones are found. Without `spare` growing past
// the limit throws Error(limit).
class RowTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // `bytes_per_row`: what the owner will hold for each row beside the table, which counts when there is to be room.
  RowTable(runtime::Budget& budget, std::size_t width, std::optional<std::size_t> spare = std::nullopt,
           std::size_t bytes_per_row = 0);

  // Sets numbers[i] to the number of row i, kNone for a new row that the table has no room for. Appends the places of
  // those that are new, and have got a number, to `fresh`.
  void add(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows,
           std::vector<std::uint32_t>& numbers, std::vector<std::uint32_t>& fresh);

  // Sets numbers[i] to the number of row i, kNone where there is no such row.
  void find(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows,
            std::vector<std::uint32_t>& numbers);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool full() const noexcept { return full_; }
  // A column of the rows, by number.
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t column) const noexcept {
    return {columns_[column].data(), size_};
  }
  // Forgets all rows and gives the memory back.
  void clear();

 private:
  // A slot is empty, 0, or the upper half of a hash above a number plus one.
  using Slot = std::uint64_t;

  [[nodiscard]] std::size_t home(std::uint64_t hash) const noexcept { return hash >> shift_; }
  [[nodiscard]] static std::uint64_t tag(std::uint64_t hash) noexcept { return hash << 32U; }
  // Whether an array is in use for the cells of this batch, made or widened or given up as need be.
  [[nodiscard]] bool choose_array(std::span<const std::uint64_t> cells);
  [[nodiscard]] bool make_array(std::uint64_t least, std::uint64_t greatest);
  void add_by_array(std::span<const std::uint64_t> cells, std::vector<std::uint32_t>& numbers,
                    std::vector<std::uint32_t>& fresh);
  void make_slots(std::size_t slots);
  [[nodiscard]] std::size_t bytes(std::size_t slots, std::size_t cells, std::size_t rows) const noexcept;
  // Whether the table may hold so many bytes beside those it holds already.
  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept;
  void hash(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows);
  [[nodiscard]] bool grow();
  // Sets guesses_ to the numbers of the rows that sit where they belong, kNone for others. Precondition: there are
  // slots.
  void guess(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows);
  // The slot of a row: its own, or the empty one where it would be.
  [[nodiscard]] std::size_t slot_of(std::span<const std::span<const std::uint64_t>> columns, std::size_t row) const;
  // The number of the row, or what became of it when it is new.
  [[nodiscard]] std::uint32_t place(std::span<const std::span<const std::uint64_t>> columns, std::size_t row);

  runtime::Budget& budget_;
  runtime::Charge charge_;
  std::optional<std::size_t> spare_;
  std::size_t bytes_per_row_;
  std::size_t capacity_ = 0;  // rows until it grows
  std::vector<Slot> slots_;   // a power of two, at most half of them in use; none where there is an array
  unsigned shift_ = 0;
  std::vector<std::uint32_t> array_;  // number plus one, or 0, by cell - first_cell_
  std::uint64_t first_cell_ = 0;
  std::size_t next_choice_ = 0;  // rows at which an array is thought of again
  std::vector<std::vector<std::uint64_t>> columns_;
  std::size_t size_ = 0;
  bool full_ = false;
  // Of one call.
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> guesses_;
};

}  // namespace akyn::exec
