// ORDER BY (SPARQL 1.1 Query 15.1).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/exec/radix_sort.h"
#include "engine/exec/row_file.h"
#include "engine/exec/sort_keys.h"
#include "engine/exec/value_order.h"
#include "engine/runtime/passing_terms.h"

namespace akyn::exec {

struct SortKey {
  Slot slot = 0;
  bool descending = false;
};

// The rows of the input by expr::order_by_value of their keys; those of equal keys in the order they came.
//
// With a limit it holds some multiple of so many rows, the best ones so far, and their passing terms by itself. What
// finds no room within the query's memory limit is sorted in parts that go to a temporary file and are merged from
// there.
class SortOperator final : public Operator {
 public:
  // `limit`: so many solutions, and no more, are wanted of the beginning; there may be more. Precondition: keys are
  // columns of the input.
  SortOperator(Run& run, OperatorPtr input, const std::vector<SortKey>& keys,
               std::optional<std::uint64_t> limit = std::nullopt);

 protected:
  bool produce(Batch& out) override;

 private:
  struct Key {
    std::size_t column = 0;
    bool descending = false;
  };
  // A sorted part in the file, as frames one after another.
  struct Part {
    std::uint64_t place = 0;
    std::uint64_t end = 0;
  };
  // What is being read of a part.
  struct Reader {
    Part part;
    Batch rows;
    std::size_t row = 0;
  };

  void gather();
  void hold(const Batch& batch, runtime::PassingTerms& terms) const;
  // Whether the terms of rows that do not count may be what takes the memory.
  [[nodiscard]] bool is_crowded() const;
  // Drops rows of the batch that cannot be among the first `limit`.
  void drop_late(Batch& batch);
  void append(const Batch& batch);
  void note_kinds(const Batch& batch);
  void make_room(std::size_t more);
  void reserve(std::size_t rows);
  [[nodiscard]] std::size_t bytes_per_row() const noexcept;
  [[nodiscard]] std::size_t term_bytes_per_row() const noexcept;
  // Sets order_ to the numbers of the rows held, sorted.
  void sort();
  // Keeps the best `limit` rows, sorted.
  void shrink();
  void copy_sorted(std::size_t first, std::size_t last, Batch& out) const;
  void clear();

  void spill();
  [[nodiscard]] std::size_t frame_rows() const noexcept;
  void start_merge(std::vector<Part> parts);
  [[nodiscard]] bool merge_step(Batch& out, std::size_t rows);
  void reduce_parts();
  void load(Reader& reader);
  // Whether the reader's row comes before the other's.
  [[nodiscard]] bool before(const Reader& left, const Reader& right);

  OperatorPtr input_;
  std::vector<Key> keys_;
  std::optional<std::uint64_t> limit_;
  // Of a passing input, which there is with a limit alone: the terms of rows_, and of those in the file.
  runtime::PassingTerms held_;
  runtime::PassingTerms spilled_;
  ValueOrder values_;

  bool gathered_ = false;
  Charge charge_;
  Batch rows_;  // held
  std::size_t capacity_ = 0;
  bool reads_terms_ = false;              // to sort them; as far as is known
  std::vector<std::uint64_t> threshold_;  // keys of the worst row that counts, once there are `limit` rows
  std::vector<std::uint32_t> kept_;
  std::vector<std::uint32_t> order_;
  std::size_t given_ = 0;

  std::optional<RowFile> file_;  // made when first needed
  std::vector<Part> parts_;      // in the order of their rows
  Charge merge_charge_;
  std::vector<std::unique_ptr<Reader>> readers_;  // by part
  std::vector<std::size_t> heap_;                 // readers that are not at their end; the first row on top
};

}  // namespace akyn::exec
