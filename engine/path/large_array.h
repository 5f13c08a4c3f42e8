// Arrays that may become very large and are looked into all over.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace akyn::path {

// Asks the system for large pages where there is enough to fill some: a table of many megabytes is then found through a
// few entries of the processor's translation tables, and comes from the system with as few faults.
template <class T>
struct LargePages {
  using value_type = T;

  LargePages() noexcept = default;
  template <class Other>
  explicit LargePages(const LargePages<Other>& /*other*/) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLeastBytes) return static_cast<T*>(::operator new(bytes));
    void* const memory = std::aligned_alloc(kPageBytes, (bytes + kPageBytes - 1) / kPageBytes * kPageBytes);
    if (memory == nullptr) throw std::bad_alloc();
    ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: nothing is lost where it is not granted
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (count * sizeof(T) < kLeastBytes) return ::operator delete(memory);
    std::free(memory);
  }

  friend bool operator==(const LargePages&, const LargePages&) noexcept { return true; }

 private:
  static constexpr std::size_t kPageBytes = std::size_t{2} << 20;
  static constexpr std::size_t kLeastBytes = 2 * kPageBytes;
};

template <class T>
using LargeArray = std::vector<T, LargePages<T>>;

}  // namespace akyn::path
