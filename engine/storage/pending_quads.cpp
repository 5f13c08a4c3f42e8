#include "engine/storage/pending_quads.h"

#include <functional>
#include <limits>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

std::size_t hash_of(const QuadRow& row) noexcept {
  const std::hash<Id> hash;
  std::size_t h = hash(row.subject);
  h = h * 0x9e3779b97f4a7c15ULL + hash(row.predicate);
  h = h * 0x9e3779b97f4a7c15ULL + hash(row.object);
  h = h * 0x9e3779b97f4a7c15ULL + hash(Id::from_bits(row.instance));
  return h ^ (h >> 29U);
}

}  // namespace

std::size_t PendingQuads::slot_of(const QuadRow& row) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(row) & mask;
  while (slots_[slot] != 0 && log_[slots_[slot] - 1] != row) slot = (slot + 1) & mask;
  return slot;
}

std::optional<PendingQuads::State> PendingQuads::find(const QuadRow& row) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t entry = slots_[slot_of(row)];
  if (entry == 0) return std::nullopt;
  return State{(flags_[entry - 1] & kInserted) != 0, (flags_[entry - 1] & kInBase) != 0};
}

void PendingQuads::add(const QuadRow& row, bool inserted, bool in_base) {
  if (log_.size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorCode::limit, "a transaction cannot make more than 4 billion changes");
  }
  // Slots are bounded by changes rather than rows, which only ever makes the table emptier.
  if (slots_.size() < 2 * (log_.size() + 1)) rebuild_index(slots_.empty() ? 64 : slots_.size() * 2);
  const std::size_t slot = slot_of(row);
  flags_.reserve(log_.capacity() + 1);  // nothing may fail between the two
  log_.push_back(row);
  flags_.push_back(static_cast<std::uint8_t>((inserted ? kInserted : 0) | (in_base ? kInBase : 0)));
  slots_[slot] = static_cast<std::uint32_t>(log_.size());
  graph_sizes_[row.instance] += inserted ? 1 : -1;
}

void PendingQuads::rollback_to(std::size_t size) {
  if (size >= log_.size()) return;
  for (std::size_t i = size; i < log_.size(); ++i) {
    graph_sizes_[log_[i].instance] -= (flags_[i] & kInserted) != 0 ? 1 : -1;
  }
  log_.resize(size);
  flags_.resize(size);
  rebuild_index(slots_.size());
}

std::int64_t PendingQuads::graph_size(std::uint64_t instance) const noexcept {
  const auto found = graph_sizes_.find(instance);
  return found == graph_sizes_.end() ? 0 : found->second;
}

DeltaRows PendingQuads::since(std::size_t first) const {
  DeltaRows rows;
  for (std::size_t i = first; i < log_.size(); ++i) {
    rows.add(log_[i], (flags_[i] & kInserted) != 0 ? kInsertMark : kDeleteMark);
  }
  return rows;
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

}  // namespace akyn::storage
