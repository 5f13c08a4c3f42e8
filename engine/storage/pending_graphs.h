// The names of graphs as a transaction changes them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/storage/graph_map.h"
#include "engine/storage/persistent_map.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Which instance each name has. Instances may be without rows, unlike those of a GraphMap. One thread at a time.
class PendingGraphs {
 public:
  // `base` must outlive this. `next_instance`: from there on no instance has been used.
  PendingGraphs(const GraphMap& base, std::uint64_t next_instance) : base_(base), next_instance_(next_instance) {}

  // 0 when the name has none.
  [[nodiscard]] std::uint64_t instance_of(Id name) const noexcept;
  // Unbound when the instance has lost its name.
  [[nodiscard]] Id name_of(std::uint64_t instance) const noexcept;
  [[nodiscard]] std::uint64_t next_instance() const noexcept { return next_instance_; }
  // Names that have, or may have, another instance than in the base.
  [[nodiscard]] std::vector<Id> changed_names() const;

  // Gives a name without instance a new one.
  std::uint64_t make(Id name);
  // Takes the name from its instance, if it has one.
  void drop(Id name);
  // Gives the instance of `from` to `to`, which must have none.
  void rename(Id from, Id to);

  // To come back to. Numbers given out meanwhile stay used.
  class State {
   private:
    friend class PendingGraphs;
    PersistentMap<std::uint64_t> instances;  // by name: 0 for none
    PersistentMap<Id> names;                 // by instance: unbound for none
  };
  [[nodiscard]] const State& state() const noexcept { return changed_; }
  void restore(const State& state) { changed_ = state; }

 private:
  void set(Id name, std::uint64_t instance);

  const GraphMap& base_;
  std::uint64_t next_instance_;
  State changed_;  // what differs from the base
};

}  // namespace akyn::storage
