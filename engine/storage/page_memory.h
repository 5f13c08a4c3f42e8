// Memory straight from the operating system, for what is large and goes as a whole: it is given back when it is freed,
// whatever malloc would have kept.
#pragma once

#include <cstddef>
#include <utility>

namespace akyn::storage {

class PageMemory {
 public:
  PageMemory() noexcept = default;
  // Zeros. Throws std::bad_alloc.
  explicit PageMemory(std::size_t bytes);
  PageMemory(PageMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  PageMemory& operator=(PageMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~PageMemory();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] char* data() const noexcept { return static_cast<char*>(data_); }
  template <class Value>
  [[nodiscard]] Value* as() const noexcept {
    return static_cast<Value*>(data_);
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

// Bytes of memory that this machine has.
[[nodiscard]] std::size_t physical_memory() noexcept;

}  // namespace akyn::storage
