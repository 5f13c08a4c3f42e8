#include "engine/path/node_table.h"

#include <utility>

#include <akyn/error.h>

namespace akyn::path {

Node NodeTable::number(Id id) {
  std::size_t slot = home(id);
  while (slots_[slot].id.is_bound()) {
    if (slots_[slot].id == id) return slots_[slot].node;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  constexpr std::size_t kMaxNodes = ~Node{0} - 1;
  if (ids_.size() == kMaxNodes) throw Error(ErrorCode::limit, "a path search meets more than 2^32 nodes");
  const auto node = static_cast<Node>(ids_.size());
  slots_[slot] = {id, node};
  ids_.push_back(id);
  if (ids_.size() * 3 > slots_.size() * 2) grow();
  return node;
}

void NodeTable::clear() {
  slots_ = std::vector<Slot>(kFirstSlots);
  ids_ = {};
}

void NodeTable::grow() {
  slots_ = std::vector<Slot>(slots_.size() * 2);
  for (Node node = 0; node < ids_.size(); ++node) {
    std::size_t slot = home(ids_[node]);
    while (slots_[slot].id.is_bound()) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {ids_[node], node};
  }
}

}  // namespace akyn::path
