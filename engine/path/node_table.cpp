#include "engine/path/node_table.h"

#include <utility>

#include <akyn/error.h>

namespace akyn::path {

Node NodeTable::number(Id id) {
  if (is_direct(id)) {
    Node& node = direct_[id.payload()];
    if (node == kNone) node = add(id);
    return node;
  }
  std::size_t slot = home(id);
  while (slots_[slot].id.is_bound()) {
    if (slots_[slot].id == id) return slots_[slot].node;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  const Node node = add(id);
  slots_[slot] = {id, node};
  if (++used_ * 3 > slots_.size() * 2) grow();
  return node;
}

void NodeTable::numbers(std::span<const std::uint64_t> ids, std::vector<Node>& out) {
  // They are all over the table: the next ones are on their way meanwhile.
  constexpr std::size_t kAhead = 24;
  out.resize(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i + kAhead < ids.size()) expect(Id::from_bits(ids[i + kAhead]));
    const Id id = Id::from_bits(ids[i]);
    const Node direct = is_direct(id) ? direct_[id.payload()] : kNone;
    out[i] = direct != kNone ? direct : number(id);
  }
}

Node NodeTable::add(Id id) {
  constexpr std::size_t kMaxNodes = ~Node{0} - 1;
  if (ids_.size() == kMaxNodes) throw Error(ErrorCode::limit, "a path search meets more than 2^32 nodes");
  ids_.push_back(id);
  return static_cast<Node>(ids_.size() - 1);
}

void NodeTable::clear() {
  slots_ = LargeArray<Slot>(kFirstSlots);
  used_ = 0;
  ids_ = {};
  direct_ = {};
}

void NodeTable::look_up_directly(std::uint64_t end) {
  if (end <= direct_.size()) return;
  direct_.resize(end, kNone);
  ids_.reserve(end);  // most of them, as it seems
  for (Node node = 0; node < ids_.size(); ++node) {
    if (is_direct(ids_[node])) direct_[ids_[node].payload()] = node;
  }
}

void NodeTable::grow() {
  const LargeArray<Slot> before = std::exchange(slots_, LargeArray<Slot>(slots_.size() * 2));
  for (const Slot& each : before) {
    if (!each.id.is_bound()) continue;
    std::size_t slot = home(each.id);
    while (slots_[slot].id.is_bound()) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = each;
  }
}

}  // namespace akyn::path
