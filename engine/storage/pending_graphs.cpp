#include "engine/storage/pending_graphs.h"

#include <optional>

namespace akyn::storage {

std::uint64_t PendingGraphs::instance_of(Id name) const noexcept {
  if (const std::uint64_t* changed = changed_.instances.find(name.bits())) return *changed;
  const std::optional<GraphEntry> entry = base_.find(name);
  return entry ? entry->instance : 0;
}

Id PendingGraphs::name_of(std::uint64_t instance) const noexcept {
  if (const Id* changed = changed_.names.find(instance)) return *changed;
  return base_.name_of(instance);
}

std::vector<Id> PendingGraphs::changed_names() const {
  std::vector<Id> names;
  names.reserve(changed_.instances.size());
  changed_.instances.for_each([&](std::uint64_t name, std::uint64_t) { names.push_back(Id::from_bits(name)); });
  return names;
}

std::uint64_t PendingGraphs::make(Id name) {
  const std::uint64_t instance = next_instance_++;
  set(name, instance);
  return instance;
}

void PendingGraphs::drop(Id name) {
  const std::uint64_t instance = instance_of(name);
  if (instance == 0) return;
  changed_.instances.set(name.bits(), 0);
  changed_.names.set(instance, Id());
}

void PendingGraphs::rename(Id from, Id to) {
  const std::uint64_t instance = instance_of(from);
  drop(from);
  if (instance != 0) set(to, instance);
}

void PendingGraphs::set(Id name, std::uint64_t instance) {
  changed_.instances.set(name.bits(), instance);
  changed_.names.set(instance, name);
}

}  // namespace akyn::storage
