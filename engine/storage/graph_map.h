// The named graphs of one version of a store.
//
// The graph column of stored rows holds an instance number, not a name: a graph that is cleared, dropped or moved gets
// another number, or another name, in one write, whatever its size. Numbers are given out once, from 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/storage/persistent_map.h"
#include "engine/term/id.h"

namespace akyn::storage {

struct GraphEntry {
  std::uint64_t instance = 0;
  std::uint64_t rows = 0;  // exact; never 0 in a map: a graph without quads does not exist
  friend bool operator==(const GraphEntry&, const GraphEntry&) = default;
};

// Rows of an instance that has no name any more. They are skipped by scans until a merge has dropped them.
struct DeadGraph {
  std::uint64_t instance = 0;
  std::uint64_t rows = 0;  // that runs hold of it, about; 0 when nearly all of them have been dropped
  friend bool operator==(const DeadGraph&, const DeadGraph&) = default;
};

// Copies are cheap and share what they have in common. Thread-safe as a value.
class GraphMap {
 public:
  struct Named {
    Id name;
    GraphEntry entry;
  };

  GraphMap() = default;
  // Names and instances must differ.
  explicit GraphMap(const std::vector<Named>& graphs);

  // Nothing when no graph has this name.
  [[nodiscard]] std::optional<GraphEntry> find(Id name) const noexcept;
  // Unbound when the instance is dead or never was.
  [[nodiscard]] Id name_of(std::uint64_t instance) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }
  // By ascending names.
  [[nodiscard]] std::vector<Named> all() const;

  // Adds a graph or changes one; an entry without rows takes it away.
  void put(Id name, const GraphEntry& entry);
  // The same of several, whose instances may have gone from one of the names to another.
  void apply(std::span<const Named> changed);
  void erase(Id name);

 private:
  PersistentMap<GraphEntry> by_name_;
  PersistentMap<Id> by_instance_;
};

}  // namespace akyn::storage
