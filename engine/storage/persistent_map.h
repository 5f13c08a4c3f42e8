// A map from numbers to values whose copies share what they have in common.
//
// A trie over a mixed key: five bits a level, leaves of up to kLeaf entries. Copying a map costs one reference count, a
// change copies the nodes on one path, about a kilobyte, whatever the size. What one version of a store knows of its
// graphs is such a map.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace akyn::storage {

// Different copies may be used by different threads; one copy may be read by several.
template <class Value>
class PersistentMap {
 public:
  using Entry = std::pair<std::uint64_t, Value>;

  PersistentMap() = default;
  // Keys must differ.
  explicit PersistentMap(std::vector<Entry> entries) : root_(build(std::move(entries), 0)) {}

  // Null when there is none; valid as long as this map.
  [[nodiscard]] const Value* find(std::uint64_t key) const noexcept {
    std::uint64_t path = mix(key);
    const Node* node = root_.get();
    while (node != nullptr && !node->is_leaf()) {
      node = node->children[path % kFanOut].get();
      path /= kFanOut;
    }
    if (node == nullptr) return nullptr;
    for (const Entry& entry : node->entries) {
      if (entry.first == key) return &entry.second;
    }
    return nullptr;
  }

  void set(std::uint64_t key, Value value) { root_ = with(root_, 0, {key, std::move(value)}); }
  // Of a key that may not be there.
  void erase(std::uint64_t key) {
    if (find(key) != nullptr) root_ = without(*root_, mix(key), key);
  }

  [[nodiscard]] std::size_t size() const noexcept { return root_ == nullptr ? 0 : root_->size; }

  // Calls visit(key, value) for all, in no particular order.
  template <class Visitor>
  void for_each(const Visitor& visit) const {
    if (root_ != nullptr) walk(*root_, visit);
  }

 private:
  static constexpr std::size_t kFanOut = 32;
  static constexpr std::size_t kLeaf = 32;

  struct Node;
  using Pointer = std::shared_ptr<const Node>;
  struct Node {
    std::size_t size = 0;
    std::vector<Entry> entries;     // of a leaf
    std::vector<Pointer> children;  // kFanOut of them, or none in a leaf; null where nothing is
    [[nodiscard]] bool is_leaf() const noexcept { return children.empty(); }
  };

  // Bijective, so that no two keys have one path.
  static std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
  }
  // The rest of a key's path at a depth.
  static std::uint64_t path_at(std::uint64_t key, unsigned depth) noexcept { return mix(key) >> (5 * depth); }

  static Pointer build(std::vector<Entry> entries, unsigned depth) {
    if (entries.empty()) return nullptr;
    auto node = std::make_shared<Node>();
    node->size = entries.size();
    if (entries.size() <= kLeaf) {
      node->entries = std::move(entries);
      return node;
    }
    std::array<std::vector<Entry>, kFanOut> parts;
    for (Entry& entry : entries) parts[path_at(entry.first, depth) % kFanOut].push_back(std::move(entry));
    node->children.reserve(kFanOut);
    for (auto& part : parts) node->children.push_back(build(std::move(part), depth + 1));
    return node;
  }

  static Pointer with(const Pointer& node, unsigned depth, Entry entry) {
    if (node == nullptr) return build({std::move(entry)}, depth);
    if (node->is_leaf()) {
      std::vector<Entry> entries = node->entries;
      const auto found =
          std::find_if(entries.begin(), entries.end(), [&](const Entry& old) { return old.first == entry.first; });
      if (found == entries.end()) {
        entries.push_back(std::move(entry));
      } else {
        found->second = std::move(entry.second);
      }
      return build(std::move(entries), depth);
    }
    auto copy = std::make_shared<Node>(*node);
    Pointer& child = copy->children[path_at(entry.first, depth) % kFanOut];
    const std::size_t before = child == nullptr ? 0 : child->size;
    child = with(child, depth + 1, std::move(entry));
    copy->size = copy->size - before + child->size;
    return copy;
  }

  // Precondition: the key is there.
  static Pointer without(const Node& node, std::uint64_t path, std::uint64_t key) {
    if (node.size == 1) return nullptr;
    auto copy = std::make_shared<Node>(node);
    --copy->size;
    if (node.is_leaf()) {
      std::erase_if(copy->entries, [key](const Entry& entry) { return entry.first == key; });
    } else {
      Pointer& child = copy->children[path % kFanOut];
      child = without(*child, path / kFanOut, key);
    }
    return copy;
  }

  template <class Visitor>
  static void walk(const Node& node, const Visitor& visit) {
    for (const Entry& entry : node.entries) visit(entry.first, entry.second);
    for (const Pointer& child : node.children) {
      if (child != nullptr) walk(*child, visit);
    }
  }

  Pointer root_;
};

}  // namespace akyn::storage
