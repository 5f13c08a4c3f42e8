// A value that is made when somebody first asks for it. Thread-safe.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

namespace akyn::storage {

template <class T>
class Lazy {
 public:
  // The first who asks makes it, while others wait. When `make` throws, the next one tries again: std::call_once
  // promises the same, but waits for ever after an exception wherever pthread_once was not written for C++.
  template <class Make>
  [[nodiscard]] const T& get(Make make) {
    if (!made_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      if (!value_) {
        value_.emplace(make());
        made_.store(true, std::memory_order_release);
      }
    }
    return *value_;
  }

 private:
  std::mutex mutex_;  // of whoever makes it
  std::optional<T> value_;
  std::atomic<bool> made_ = false;
};

}  // namespace akyn::storage
