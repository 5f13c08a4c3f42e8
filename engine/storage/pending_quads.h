// The quads that a transaction has inserted and removed so far.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/keys.h"
#include "engine/storage/scan.h"
#include "engine/storage/selection.h"

namespace akyn::storage {

// A log of changes with a hash index on it, and sorted views of the log made when a scan first asks
// for an order. The log makes a savepoint a number. About 45 bytes a change, and 4 more for each
// order scanned. One thread at a time, const calls included.
class PendingQuads {
 public:
  struct State {
    bool held;     // by the transaction
    bool in_base;  // by the committed state
  };
  // Nothing for a quad that the transaction has not touched.
  [[nodiscard]] std::optional<State> find(const QuadIds& quad) const;
  // Precondition: this changes whether the transaction holds the quad. `in_base`: whether the committed state does.
  void add(const QuadIds& quad, bool inserted, bool in_base);

  // Length of the log. Changes made and undone again count too.
  [[nodiscard]] std::size_t size() const noexcept { return log_.size(); }
  void rollback_to(std::size_t size);

  // Net difference to the committed state in quads per graph, kDefaultGraph included; graphs may come with 0.
  [[nodiscard]] const std::unordered_map<Id, std::int64_t>& graph_sizes() const noexcept { return graph_sizes_; }

  // The net changes that match, sorted by `order`.
  [[nodiscard]] std::vector<Change> collect(const Selection& selection, Permutation order) const;

  // Calls visit(const Change&) for each net change, in no particular order.
  template <class Visitor>
  void for_each_net(Visitor visit) const {
    for (std::size_t i = 0; i < log_.size(); ++i) {
      if (is_net(i)) visit(Change{log_[i], (flags_[i] & kInserted) != 0});
    }
  }

 private:
  static constexpr std::uint8_t kInserted = 1;
  static constexpr std::uint8_t kInBase = 2;

  // Positions in the log, sorted by one permutation, in runs of falling length. New changes become a
  // short run; runs of similar length are merged, so that a change is moved O(log n) times in all.
  struct SortedRuns {
    std::vector<std::vector<std::uint32_t>> runs;
    std::size_t covered = 0;  // the log up to here is in the runs
  };

  // Slot that holds the quad's newest change, or the empty slot where it would go.
  [[nodiscard]] std::size_t slot_of(const QuadIds& quad) const noexcept;
  // The newest change of its quad, and one that leaves it other than the committed state has it.
  [[nodiscard]] bool is_net(std::size_t position) const noexcept;
  void rebuild_index(std::size_t slots);
  void count(const QuadIds& quad, bool inserted);
  const SortedRuns& sorted(Permutation order) const;

  std::vector<QuadIds> log_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint32_t> slots_;  // open addressing by quad: position + 1, or 0 for an empty slot
  std::unordered_map<Id, std::int64_t> graph_sizes_;
  mutable std::array<SortedRuns, kQuadOrders.size()> sorted_;
};

}  // namespace akyn::storage
