#include "engine/storage/pinned_cache.h"

#include <utility>

namespace akyn::storage {

bool PinnedCache::pin(CacheSlot& slot) noexcept {
  const std::uint32_t before = slot.state_.fetch_add(1, std::memory_order_acquire);
  if ((before & CacheSlot::kLoaded) == 0) {
    slot.state_.fetch_sub(1, std::memory_order_release);
    return false;
  }
  if ((before & CacheSlot::kUsed) == 0) slot.state_.fetch_or(CacheSlot::kUsed, std::memory_order_relaxed);
  return true;
}

void PinnedCache::insert_value(CacheSlot& slot, std::unique_ptr<const CachedValue> value) {
  Values evicted;
  const std::lock_guard lock(mutex_);
  if (pin(slot)) return;
  clock_.push_back(&slot);
  used_.fetch_add(value->cost(), std::memory_order_relaxed);
  slot.place_ = std::prev(clock_.end());
  slot.value_ = std::move(value);
  // Publishes the value and pins it.
  slot.state_.fetch_add(CacheSlot::kLoaded + 1, std::memory_order_release);
  evict(evicted);
}

void PinnedCache::set_limit(std::size_t bytes) {
  Values evicted;
  const std::lock_guard lock(mutex_);
  limit_.store(bytes, std::memory_order_relaxed);
  evict(evicted);
}

void PinnedCache::evict(Values& evicted) {
  // Twice around finds every value without a pin: the first time a used one is spared.
  for (std::size_t left = clock_.size() * 2; left > 0 && used() > limit(); --left) {
    CacheSlot& slot = *clock_.front();
    std::uint32_t state = slot.state_.load(std::memory_order_relaxed);
    if (state == CacheSlot::kLoaded &&
        slot.state_.compare_exchange_strong(state, 0, std::memory_order_acquire, std::memory_order_relaxed)) {
      used_.fetch_sub(slot.value_->cost(), std::memory_order_relaxed);
      clock_.pop_front();
      evicted.push_back(std::move(slot.value_));
    } else {
      slot.state_.fetch_and(~CacheSlot::kUsed, std::memory_order_relaxed);
      clock_.splice(clock_.end(), clock_, clock_.begin());
    }
  }
}

void PinnedCache::remove(std::span<CacheSlot> slots) noexcept {
  const std::lock_guard lock(mutex_);
  for (CacheSlot& slot : slots) {
    if ((slot.state_.load(std::memory_order_acquire) & CacheSlot::kLoaded) == 0) continue;
    used_.fetch_sub(slot.value_->cost(), std::memory_order_relaxed);
    clock_.erase(slot.place_);
    slot.value_.reset();
    slot.state_.store(0, std::memory_order_relaxed);
  }
}

}  // namespace akyn::storage
