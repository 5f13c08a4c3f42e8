#include "engine/storage/pending_quads.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

std::size_t hash_of(const QuadIds& quad) noexcept {
  const std::hash<Id> hash;
  std::size_t h = hash(quad.subject);
  h = h * 0x9e3779b97f4a7c15ULL + hash(quad.predicate);
  h = h * 0x9e3779b97f4a7c15ULL + hash(quad.object);
  h = h * 0x9e3779b97f4a7c15ULL + hash(quad.graph);
  return h ^ (h >> 29U);
}

}  // namespace

std::size_t PendingQuads::slot_of(const QuadIds& quad) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(quad) & mask;
  while (slots_[slot] != 0 && log_[slots_[slot] - 1] != quad) slot = (slot + 1) & mask;
  return slot;
}

std::optional<PendingQuads::State> PendingQuads::find(const QuadIds& quad) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t entry = slots_[slot_of(quad)];
  if (entry == 0) return std::nullopt;
  return State{(flags_[entry - 1] & kInserted) != 0, (flags_[entry - 1] & kInBase) != 0};
}

void PendingQuads::add(const QuadIds& quad, bool inserted, bool in_base) {
  if (log_.size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorCode::limit, "a transaction cannot make more than 4 billion changes");
  }
  // Slots are bounded by changes rather than quads, which only ever makes the table emptier.
  if (slots_.size() < 2 * (log_.size() + 1)) rebuild_index(slots_.empty() ? 64 : slots_.size() * 2);
  const std::size_t slot = slot_of(quad);
  log_.push_back(quad);
  flags_.push_back(static_cast<std::uint8_t>((inserted ? kInserted : 0) | (in_base ? kInBase : 0)));
  slots_[slot] = static_cast<std::uint32_t>(log_.size());
  count(quad, inserted);
}

void PendingQuads::rollback_to(std::size_t size) {
  if (size >= log_.size()) return;
  for (std::size_t i = size; i < log_.size(); ++i) count(log_[i], (flags_[i] & kInserted) == 0);
  log_.resize(size);
  flags_.resize(size);
  rebuild_index(slots_.size());
  for (SortedRuns& runs : sorted_) runs = {};
}

bool PendingQuads::is_net(std::size_t position) const noexcept {
  const std::uint8_t flags = flags_[position];
  if (((flags & kInserted) != 0) == ((flags & kInBase) != 0)) return false;
  return slots_[slot_of(log_[position])] == position + 1;
}

void PendingQuads::rebuild_index(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::size_t i = 0; i < log_.size(); ++i) slots_[slot_of(log_[i])] = static_cast<std::uint32_t>(i + 1);
}

void PendingQuads::count(const QuadIds& quad, bool inserted) {
  graph_sizes_[quad.graph] += inserted ? 1 : -1;
}

const PendingQuads::SortedRuns& PendingQuads::sorted(Permutation order) const {
  SortedRuns& sorted = sorted_[static_cast<std::size_t>(order)];
  if (sorted.covered == log_.size()) return sorted;
  const ColumnOrder columns = columns_of(order);
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    return permuted(log_[a], columns) < permuted(log_[b], columns);
  };
  std::vector<std::uint32_t> run(log_.size() - sorted.covered);
  for (std::size_t i = 0; i < run.size(); ++i) run[i] = static_cast<std::uint32_t>(sorted.covered + i);
  std::sort(run.begin(), run.end(), less);
  while (!sorted.runs.empty() && sorted.runs.back().size() <= 2 * run.size()) {
    std::vector<std::uint32_t> merged;
    merged.reserve(run.size() + sorted.runs.back().size());
    std::merge(sorted.runs.back().begin(), sorted.runs.back().end(), run.begin(), run.end(), std::back_inserter(merged),
               less);
    run = std::move(merged);
    sorted.runs.pop_back();
  }
  sorted.runs.push_back(std::move(run));
  sorted.covered = log_.size();
  return sorted;
}

std::vector<Change> PendingQuads::collect(const Selection& selection, Permutation order) const {
  std::vector<Change> changes;
  if (log_.empty()) return changes;
  const ColumnOrder columns = columns_of(order);
  const Columns wanted =
      permuted({selection.value[0], selection.value[1], selection.value[2], selection.value[3]}, columns);
  std::size_t prefix = 0;
  while (prefix < columns.size() && selection.bound[columns[prefix]]) ++prefix;
  // Negative, zero or positive as a row lies before, in or behind the range of the bound leading columns.
  const auto compare = [&](std::uint32_t position) {
    const Columns row = permuted(log_[position], columns);
    for (std::size_t i = 0; i < prefix; ++i) {
      if (row[i] != wanted[i]) return row[i] < wanted[i] ? -1 : 1;
    }
    return 0;
  };

  std::size_t contributing = 0;
  for (const std::vector<std::uint32_t>& run : sorted(order).runs) {
    const std::size_t before = changes.size();
    auto it = std::partition_point(run.begin(), run.end(), [&](std::uint32_t p) { return compare(p) < 0; });
    for (; it != run.end() && compare(*it) == 0; ++it) {
      if (!selection.matches(log_[*it]) || !is_net(*it)) continue;
      changes.push_back({log_[*it], (flags_[*it] & kInserted) != 0});
    }
    if (changes.size() > before) ++contributing;
  }
  if (contributing > 1) {
    std::sort(changes.begin(), changes.end(),
              [&](const Change& a, const Change& b) { return permuted(a.quad, columns) < permuted(b.quad, columns); });
  }
  return changes;
}

}  // namespace akyn::storage
