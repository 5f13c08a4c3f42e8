#include "engine/exec/id_memo.h"

#include <algorithm>
#include <utility>

namespace akyn::exec {

std::size_t IdMemo::slot_of(const std::uint64_t* key) const noexcept {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < width_; ++i) {
    hash = (hash ^ key[i]) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  const std::size_t stride = width_ + 1;
  for (std::size_t slot = hash & mask_;; slot = (slot + 1) & mask_) {
    const std::uint64_t* const entry = slots_.data() + slot * stride;
    if (entry[width_] == kAbsent || std::equal(key, key + width_, entry)) return slot;
  }
}

std::uint64_t* IdMemo::find(const std::uint64_t* key) {
  if (given_up_) return nullptr;
  if (++lookups_ % kTrial == 0 && hits_ < lookups_ / kLeastShare) {
    give_up();
    return nullptr;
  }
  if ((entries_ + 1) * 2 > mask_) {
    if (entries_ >= kMostEntries) {  // keys may have moved on: a new start
      std::fill(slots_.begin(), slots_.end(), kAbsent);
      entries_ = 0;
    } else {
      resize(std::max(kFirstSlots, (mask_ + 1) * 2));
    }
  }
  std::uint64_t* const entry = slots_.data() + slot_of(key) * (width_ + 1);
  if (entry[width_] == kAbsent) {
    std::copy(key, key + width_, entry);
    ++entries_;
  } else {
    ++hits_;
  }
  return entry + width_;
}

void IdMemo::set(const std::uint64_t* key, std::uint64_t result) {
  if (given_up_) return;
  std::uint64_t* const entry = slots_.data() + slot_of(key) * (width_ + 1);
  if (entry[width_] != kAbsent) entry[width_] = result;
}

void IdMemo::resize(std::size_t slots) {
  const std::size_t stride = width_ + 1;
  charge_.add(slots * stride * sizeof(std::uint64_t) - slots_.size() * sizeof(std::uint64_t));
  const std::vector<std::uint64_t> old = std::exchange(slots_, std::vector<std::uint64_t>(slots * stride, kAbsent));
  mask_ = slots - 1;
  for (std::size_t at = 0; at < old.size(); at += stride) {
    if (old[at + width_] == kAbsent) continue;
    std::copy_n(old.data() + at, stride, slots_.data() + slot_of(old.data() + at) * stride);
  }
}

void IdMemo::give_up() {
  given_up_ = true;
  slots_ = {};
  charge_.clear();
}

}  // namespace akyn::exec
