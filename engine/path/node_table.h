// Dense numbers for nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/path/large_array.h"
#include "engine/term/id.h"

namespace akyn::path {

// The number of a node; searches index arrays with it.
using Node = std::uint32_t;

// Numbers nodes from 0 in the order in which they come. One thread at a time.
class NodeTable {
 public:
  NodeTable() : slots_(kFirstSlots) {}

  // The node's number, made when new. Precondition: bound. Throws Error(limit) beyond 2^32 - 2 nodes.
  [[nodiscard]] Node number(Id id);
  // Those of many, Ids as bits; faster than one by one.
  void numbers(std::span<const std::uint64_t> ids, std::vector<Node>& out);
  [[nodiscard]] Id id(Node node) const noexcept { return ids_[node]; }
  // Tells the processor that id() will be called for it soon. (Inlined whatever it costs: a function that does no more
  // is one without effect to GCC, and so are its calls.)
  [[gnu::always_inline]] void expect(Node node) const noexcept { __builtin_prefetch(&ids_[node]); }
  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  void clear();

  // From here on stored terms whose numbers in the dictionary are below `end` are looked up directly, blank nodes
  // apart: for those who will meet many of them. Costs 4 bytes for each.
  void look_up_directly(std::uint64_t end);

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return slots_.capacity() * sizeof(Slot) + ids_.capacity() * sizeof(Id) + direct_.capacity() * sizeof(Node);
  }

 private:
  struct Slot {
    Id id;  // unbound: free
    Node node = 0;
  };
  static constexpr std::size_t kFirstSlots = 64;
  static constexpr Node kNone = ~Node{0};

  // Ids of neighbours in a dictionary share a cache line: sorted rows hold many such.
  [[nodiscard]] std::size_t home(Id id) const noexcept {
    constexpr int kNear = 2;
    std::uint64_t x = id.bits() >> kNear;
    x *= 0x9e3779b97f4a7c15ULL;
    x ^= x >> 32;
    return ((x << kNear) | (id.bits() & ((1U << kNear) - 1))) & (slots_.size() - 1);
  }
  // Blank nodes have numbers of their own, those of query-local terms are above all others.
  [[nodiscard]] bool is_direct(Id id) const noexcept {
    return id.payload() < direct_.size() && id.type() != IdType::blank && !id.is_inlined();
  }
  // Likewise of number().
  [[gnu::always_inline]] void expect(Id id) const noexcept {
    if (is_direct(id)) {
      __builtin_prefetch(&direct_[id.payload()]);
    } else {
      __builtin_prefetch(&slots_[home(id)]);
    }
  }
  [[nodiscard]] Node add(Id id);
  void grow();

  LargeArray<Slot> slots_;  // a power of two, at least a third free
  std::size_t used_ = 0;    // of them
  LargeArray<Id> ids_;
  LargeArray<Node> direct_;  // by number in the dictionary
};

}  // namespace akyn::path
