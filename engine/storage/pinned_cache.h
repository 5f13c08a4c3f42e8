// A byte budget for values that are expensive to load and cheap to share.
//
// Owners (dictionary runs) have one CacheSlot for each value they may need and load it when it is not there; the
// cache keeps what was loaded until the budget is exceeded and then lets go of what has not been used for longest, as
// far as the clock algorithm knows. Reading a loaded value costs two atomic additions and takes no lock.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>

namespace akyn::storage {

// Base of what can be cached.
class CachedValue {
 public:
  CachedValue() = default;
  virtual ~CachedValue() = default;
  CachedValue(const CachedValue&) = delete;
  CachedValue& operator=(const CachedValue&) = delete;
  // Bytes this value takes from the budget. Constant.
  [[nodiscard]] virtual std::size_t cost() const noexcept = 0;
};

// A place for one value. Used through PinnedCache and CachePin only.
class CacheSlot {
 private:
  friend class PinnedCache;
  template <class Value>
  friend class CachePin;

  static constexpr std::uint32_t kLoaded = 0x8000'0000;
  static constexpr std::uint32_t kUsed = 0x4000'0000;  // since the clock last came by
  static constexpr std::uint32_t kPins = 0x3fff'ffff;

  // kLoaded is set and cleared under the cache's mutex, and cleared only when nothing else is in the word but perhaps
  // kUsed; whoever adds a pin and finds kLoaded in the old word may therefore read value_ until the pin is gone. A pin
  // added to an empty slot means nothing and is taken back.
  std::atomic<std::uint32_t> state_{0};
  std::unique_ptr<const CachedValue> value_;
  std::list<CacheSlot*>::iterator place_;  // in the clock, while loaded
};

// A value that stays while this exists.
template <class Value>
class CachePin {
 public:
  CachePin() = default;
  CachePin(CachePin&& other) noexcept : slot_(other.slot_) { other.slot_ = nullptr; }
  CachePin& operator=(CachePin&& other) noexcept {
    std::swap(slot_, other.slot_);
    return *this;
  }
  ~CachePin() {
    if (slot_ != nullptr) slot_->state_.fetch_sub(1, std::memory_order_release);
  }

  explicit operator bool() const noexcept { return slot_ != nullptr; }
  const Value& operator*() const noexcept { return static_cast<const Value&>(*slot_->value_); }
  const Value* operator->() const noexcept { return &**this; }

 private:
  friend class PinnedCache;
  explicit CachePin(CacheSlot& slot) noexcept : slot_(&slot) {}
  CacheSlot* slot_ = nullptr;
};

// Thread-safe. Outlives the slots used with it.
class PinnedCache {
 public:
  explicit PinnedCache(std::size_t limit) : limit_(limit) {}

  // What is over a lowered limit goes at once, pinned values with the next insert() after that.
  void set_limit(std::size_t bytes);
  [[nodiscard]] std::size_t limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  // The slot's value, of which the caller knows the type; no pin when it is not loaded.
  template <class Value>
  [[nodiscard]] static CachePin<Value> find(CacheSlot& slot) noexcept {
    return pin(slot) ? CachePin<Value>(slot) : CachePin<Value>();
  }
  // Puts a value into the slot and pins it; the one that is there already, when another thread was faster.
  template <class Value>
  [[nodiscard]] CachePin<Value> insert(CacheSlot& slot, std::unique_ptr<const Value> value) {
    insert_value(slot, std::move(value));
    return CachePin<Value>(slot);
  }
  // Empties slots, before they are destroyed. None may be pinned.
  void remove(std::span<CacheSlot> slots) noexcept;

 private:
  using Values = std::list<std::unique_ptr<const CachedValue>>;

  static bool pin(CacheSlot& slot) noexcept;
  void insert_value(CacheSlot& slot, std::unique_ptr<const CachedValue> value);
  // Lets go of unpinned values until the budget is kept. Under the mutex; the values are destroyed outside of it.
  void evict(Values& evicted);

  std::atomic<std::size_t> limit_;
  std::atomic<std::size_t> used_{0};
  std::mutex mutex_;
  std::list<CacheSlot*> clock_;  // loaded slots; the hand is at the front
};

}  // namespace akyn::storage
