// Rows that commits have changed and no run holds yet.
//
//   DeltaRows    the changes of one commit, and their record in the family `delta`
//   DeltaChunk   those of one or several commits in a row, sorted: a run in memory
//
// A record, under its commit's number (8 bytes, big-endian), integers big-endian:
//
//     triples inserted:4  triples deleted:4  quads inserted:4  quads deleted:4
//     rows in that order: subject:8 predicate:8 object:8, and of quads graph instance:8
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/keys.h"
#include "engine/storage/lazy.h"
#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

// Effective changes, in no particular order, each row once; or, for a chunk to be made of them, several times, oldest
// first.
struct DeltaRows {
  using Triple = std::array<std::uint64_t, 4>;  // subject, predicate, object, mark
  using Quad = std::array<std::uint64_t, 5>;    // subject, predicate, object, graph instance, mark
  std::vector<Triple> triples;
  std::vector<Quad> quads;

  void add(const QuadRow& row, std::uint64_t mark);
  [[nodiscard]] std::size_t size() const noexcept { return triples.size() + quads.size(); }
  [[nodiscard]] std::string serialize() const;
  // Throws Error(corruption).
  [[nodiscard]] static DeltaRows parse(std::string_view record);
};

// Immutable and thread-safe. Each order is sorted when it is first asked for.
class DeltaChunk {
 public:
  explicit DeltaChunk(DeltaRows rows);
  // The changes of several commits, oldest first, that follow one another. What cancels out is left out.
  explicit DeltaChunk(std::vector<DeltaRows> commits);
  // The same of chunks.
  [[nodiscard]] static std::shared_ptr<const DeltaChunk> merge(std::span<const DeltaChunk* const> chunks);

  [[nodiscard]] std::size_t size() const noexcept { return triples_->rows() + quads_->rows(); }
  [[nodiscard]] bool has_deletes() const noexcept { return counts_[0].deletes != 0 || counts_[1].deletes != 0; }
  // Of all rows of an order.
  [[nodiscard]] const RowCounts& counts(OrderTag order) const noexcept {
    return counts_[order < kNamedGraphTag ? 0 : 1];
  }

  // The rows in one order, kept from then on.
  [[nodiscard]] const std::shared_ptr<const SortedRows>& rows(OrderTag order) const;
  // The same for one use.
  [[nodiscard]] SortedRows sorted(OrderTag order) const;

 private:
  struct Merged {};  // to be filled in by merge()
  explicit DeltaChunk(Merged /*unused*/) {}
  void set(std::shared_ptr<const SortedRows> triples, std::shared_ptr<const SortedRows> quads);

  // In SPO and SPOG order.
  std::shared_ptr<const SortedRows> triples_;
  std::shared_ptr<const SortedRows> quads_;
  std::array<RowCounts, 2> counts_;  // of triples and quads
  mutable std::array<Lazy<std::shared_ptr<const SortedRows>>, kOrders> orders_;
};

}  // namespace akyn::storage
