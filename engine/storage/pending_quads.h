// The rows that a transaction has inserted and removed so far.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/storage/delta_chunk.h"
#include "engine/storage/keys.h"

namespace akyn::storage {

// A log of changes with a hash index on it. The log makes a savepoint a number. About 50 bytes a change. One thread at
// a time.
class PendingQuads {
 public:
  struct State {
    bool held;     // by the transaction
    bool in_base;  // by the committed state
  };
  // Nothing for a row that the transaction has not touched.
  [[nodiscard]] std::optional<State> find(const QuadRow& row) const;
  // Precondition: this changes whether the transaction holds the row. `in_base`: whether the committed state does.
  void add(const QuadRow& row, bool inserted, bool in_base);

  // Bytes held, about.
  [[nodiscard]] std::size_t memory() const noexcept {
    return log_.capacity() * (sizeof(QuadRow) + 1) + slots_.capacity() * sizeof(std::uint32_t);
  }
  // Length of the log. Changes made and undone again count too.
  [[nodiscard]] std::size_t size() const noexcept { return log_.size(); }
  void rollback_to(std::size_t size);

  // Net difference to the committed state in rows, by graph instance; some may be 0.
  [[nodiscard]] const std::unordered_map<std::uint64_t, std::int64_t>& graph_sizes() const noexcept {
    return graph_sizes_;
  }
  [[nodiscard]] std::int64_t graph_size(std::uint64_t instance) const noexcept;

  // The changes from place `first` of the log on, as they were made.
  [[nodiscard]] DeltaRows since(std::size_t first) const;

  // Calls visit(const QuadRow&, bool inserted) for each net change, in no particular order.
  template <class Visitor>
  void for_each_net(Visitor visit) const {
    for (std::size_t i = 0; i < log_.size(); ++i) {
      if (is_net(i)) visit(log_[i], (flags_[i] & kInserted) != 0);
    }
  }

 private:
  static constexpr std::uint8_t kInserted = 1;
  static constexpr std::uint8_t kInBase = 2;

  // Slot that holds the row's newest change, or the empty slot where it would go.
  [[nodiscard]] std::size_t slot_of(const QuadRow& row) const noexcept;
  // The newest change of its row, and one that leaves it other than the committed state has it.
  [[nodiscard]] bool is_net(std::size_t position) const noexcept;
  void rebuild_index(std::size_t slots);

  std::vector<QuadRow> log_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint32_t> slots_;  // open addressing by row: position + 1, or 0 for an empty slot
  std::unordered_map<std::uint64_t, std::int64_t> graph_sizes_;
};

}  // namespace akyn::storage
