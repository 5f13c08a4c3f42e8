#include "engine/storage/graph_map.h"

#include <algorithm>
#include <utility>

namespace akyn::storage {

GraphMap::GraphMap(const std::vector<Named>& graphs) {
  std::vector<PersistentMap<GraphEntry>::Entry> by_name;
  std::vector<PersistentMap<Id>::Entry> by_instance;
  by_name.reserve(graphs.size());
  by_instance.reserve(graphs.size());
  for (const Named& graph : graphs) {
    by_name.emplace_back(graph.name.bits(), graph.entry);
    by_instance.emplace_back(graph.entry.instance, graph.name);
  }
  by_name_ = PersistentMap<GraphEntry>(std::move(by_name));
  by_instance_ = PersistentMap<Id>(std::move(by_instance));
}

std::optional<GraphEntry> GraphMap::find(Id name) const noexcept {
  const GraphEntry* const entry = by_name_.find(name.bits());
  return entry == nullptr ? std::nullopt : std::optional(*entry);
}

Id GraphMap::name_of(std::uint64_t instance) const noexcept {
  const Id* const name = by_instance_.find(instance);
  return name == nullptr ? Id() : *name;
}

std::vector<GraphMap::Named> GraphMap::all() const {
  std::vector<Named> graphs;
  graphs.reserve(size());
  by_name_.for_each([&](std::uint64_t name, const GraphEntry& entry) {
    graphs.push_back({Id::from_bits(name), entry});
  });
  std::sort(graphs.begin(), graphs.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  return graphs;
}

void GraphMap::put(Id name, const GraphEntry& entry) {
  if (entry.rows == 0) return erase(name);
  const GraphEntry* const before = by_name_.find(name.bits());
  if (before == nullptr || before->instance != entry.instance) {
    if (before != nullptr) by_instance_.erase(before->instance);
    by_instance_.set(entry.instance, name);
  }
  by_name_.set(name.bits(), entry);
}

void GraphMap::apply(std::span<const Named> changed) {
  // Names first lose, then get their instances.
  for (const Named& graph : changed) erase(graph.name);
  for (const Named& graph : changed) put(graph.name, graph.entry);
}

void GraphMap::erase(Id name) {
  const GraphEntry* const before = by_name_.find(name.bits());
  if (before == nullptr) return;
  by_instance_.erase(before->instance);
  by_name_.erase(name.bits());
}

}  // namespace akyn::storage
