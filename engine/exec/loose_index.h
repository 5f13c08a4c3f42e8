// Rows found by columns that some of them leave unbound: the right side of a join on the variables of BIND and
// OPTIONAL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/exec/batch.h"
#include "engine/exec/row_table.h"
#include "engine/exec/run.h"

namespace akyn::exec {

// Rows that leave the same loose columns unbound are a class. For each class, and each set of loose columns that a left
// row binds, there is a table, made when first asked for, by the keys and those loose columns that both bind: what is
// found there agrees with the left row. So only what an unbound column really leaves open is looped over.
//
// Where classes get too many, the last one has all that is left, and is found by what all its rows bind: whoever asks
// compares what it is given. Memory is charged. One thread at a time; the Run and the rows must outlive it.
class LooseIndex {
 public:
  // Whether the budget leaves room for an index of so many rows, without tables.
  [[nodiscard]] static bool has_room_for(Run& run, std::size_t rows) noexcept;

  // Places of keys and loose columns among those of `rows`, all of which are there; they will not change.
  // `needs_common`: rows that bind no column both are not wanted.
  LooseIndex(Run& run, const Batch& rows, std::vector<std::size_t> keys, std::vector<std::size_t> loose,
             bool needs_common);

  // Looks up a batch, whose keys and loose columns are at these places. False when there is no room for a table.
  [[nodiscard]] bool find(const Batch& batch, const std::vector<std::size_t>& keys,
                          const std::vector<std::size_t>& loose);

  // What was found for a row of the batch, in so many parts.
  [[nodiscard]] std::size_t parts() const noexcept { return classes_.size(); }
  [[nodiscard]] std::span<const std::uint32_t> part(std::size_t row, std::size_t part) const noexcept {
    return found_[row * classes_.size() + part];
  }

 private:
  using Mask = std::uint64_t;  // of loose columns; those beyond 64 are compared only

  struct Class {
    Mask bound = 0;     // by all of its rows
    bool exact = true;  // and nothing else by any
    std::vector<std::uint32_t> rows;
  };
  struct Table {
    std::size_t of_class = 0;
    Mask columns = 0;
    std::unique_ptr<RowTable> numbers;
    // The rows with number n are rows[starts[n]] to rows[starts[n + 1]].
    std::vector<std::uint32_t> starts;
    std::vector<std::uint32_t> rows;
  };

  void make_classes();
  [[nodiscard]] static Mask mask_of(const Batch& batch, const std::vector<std::size_t>& loose,
                                    std::size_t row) noexcept;
  // Null when there is no room for it.
  [[nodiscard]] Table* table(std::size_t of_class, Mask columns);
  [[nodiscard]] bool has_room(const Table& table) const noexcept;
  void fill(Table& table);
  // The cells of some rows in the keys and those loose columns, into columns_.
  void gather(const Batch& batch, std::span<const std::uint32_t> rows, const std::vector<std::size_t>& keys,
              const std::vector<std::size_t>& loose, Mask columns);

  Run& run_;
  const Batch& rows_;
  std::vector<std::size_t> keys_;
  std::vector<std::size_t> loose_;
  bool needs_common_;
  std::vector<Class> classes_;
  std::vector<std::unique_ptr<Table>> tables_;
  Charge charge_;
  // Of one batch.
  std::vector<std::span<const std::uint32_t>> found_;
  std::vector<std::vector<std::uint64_t>> cells_;
  std::vector<std::span<const std::uint64_t>> columns_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> fresh_;
};

}  // namespace akyn::exec
