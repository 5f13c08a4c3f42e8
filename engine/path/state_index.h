// What a search knows of pairs of a node and a state of its automaton.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/path/large_array.h"
#include "engine/path/node_table.h"

namespace akyn::path {

// A number for each pair, 0 unless set. Memory comes in pages of nodes and is kept when numbers are taken back.
class StateIndex {
 public:
  explicit StateIndex(std::size_t states = 1) : pages_(states) {}

  [[nodiscard]] std::uint32_t get(Node node, std::uint32_t state) const noexcept {
    const auto& pages = pages_[state];
    const std::size_t page = node / kPageNodes;
    return page < pages.size() && pages[page] != nullptr ? (*pages[page])[node % kPageNodes] : 0;
  }
  // Tells the processor that get() or set() will be called for the pair soon.
  [[gnu::always_inline]] void expect(Node node, std::uint32_t state) const noexcept {
    const auto& pages = pages_[state];
    const std::size_t page = node / kPageNodes;
    if (page < pages.size() && pages[page] != nullptr) __builtin_prefetch(&(*pages[page])[node % kPageNodes]);
  }
  void set(Node node, std::uint32_t state, std::uint32_t number) {
    auto& pages = pages_[state];
    const std::size_t page = node / kPageNodes;
    if (page >= pages.size()) pages.resize(page + 1 + page / 2);
    if (pages[page] == nullptr) pages[page] = new_page();
    (*pages[page])[node % kPageNodes] = number;
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::size_t kPageNodes = 256;
  using Page = std::array<std::uint32_t, kPageNodes>;

  // Pages come from slabs, each larger than the one before: those of a large search lie side by side.
  [[nodiscard]] Page* new_page() {
    constexpr std::size_t kFirstPages = 2;
    constexpr std::size_t kMostPages = 8192;
    if (slabs_.empty() || used_ == slabs_.back().size()) {
      slabs_.emplace_back(slabs_.empty() ? kFirstPages : std::min(2 * slabs_.back().size(), kMostPages));
      bytes_ += slabs_.back().size() * sizeof(Page);
      used_ = 0;
    }
    return &slabs_.back()[used_++];
  }

  std::vector<std::vector<Page*>> pages_;  // by state; null: all are 0
  std::vector<LargeArray<Page>> slabs_;
  std::size_t used_ = 0;  // pages of the last one
  std::size_t bytes_ = 0;
};

}  // namespace akyn::path
