#include "engine/storage/page_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

namespace akyn::storage {
namespace {

// From here on pages of two megabytes are asked for: random access to large tables is what a load does most.
constexpr std::size_t kHuge = std::size_t{4} << 20U;

}  // namespace

PageMemory::PageMemory(std::size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  data_ = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data_ == MAP_FAILED) {
    data_ = nullptr;
    throw std::bad_alloc();
  }
  if (bytes >= kHuge) ::madvise(data_, bytes, MADV_HUGEPAGE);
}

PageMemory::~PageMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

std::size_t physical_memory() noexcept {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return std::size_t{4} << 30U;
  return static_cast<std::size_t>(pages) * static_cast<std::size_t>(size);
}

}  // namespace akyn::storage
