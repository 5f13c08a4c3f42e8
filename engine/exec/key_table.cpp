#include "engine/exec/key_table.h"

#include <akyn/error.h>

namespace akyn::exec {

std::pair<std::uint32_t, bool> KeyTable::insert(const std::uint64_t* key) {
  std::size_t slot = hash(key) & (slots_.size() - 1);
  while (slots_[slot] != kNone) {
    if (equal(slots_[slot], key)) return {slots_[slot], false};
    slot = (slot + 1) & (slots_.size() - 1);
  }
  if (size_ == kNone) throw Error(ErrorCode::limit, "a query cannot keep more than 2^32 different keys");
  const auto number = static_cast<std::uint32_t>(size_++);
  slots_[slot] = number;
  keys_.insert(keys_.end(), key, key + width_);
  if (size_ * 2 > slots_.size()) grow();
  return {number, true};
}

void KeyTable::grow() {
  slots_.assign(slots_.size() * 2, kNone);
  for (std::uint32_t number = 0; number < size_; ++number) {
    std::size_t slot = hash(key(number)) & (slots_.size() - 1);
    while (slots_[slot] != kNone) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = number;
  }
}

}  // namespace akyn::exec
