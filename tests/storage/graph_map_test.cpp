#include "engine/storage/graph_map.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <utility>
#include <vector>

namespace akyn::storage::test {
namespace {

Id name(std::uint64_t number) {
  return Id(IdType::iri, number);
}

using Model = std::map<Id, GraphEntry>;

void check_same(const GraphMap& map, const Model& model) {
  REQUIRE(map.size() == model.size());
  auto expected = model.begin();
  for (const GraphMap::Named& graph : map.all()) {
    CHECK(graph.name == expected->first);
    CHECK(graph.entry == expected->second);
    CHECK(map.name_of(graph.entry.instance) == graph.name);
    CHECK(map.find(graph.name) == graph.entry);
    ++expected;
  }
}

TEST_CASE("a graph map follows its changes, and its copies do not") {
  std::mt19937_64 random(3);
  GraphMap map;
  Model model;
  std::vector<std::pair<GraphMap, Model>> copies;
  std::uint64_t next_instance = 1;
  for (int step = 0; step < 3000; ++step) {
    const Id graph = name(random() % 600 + 1);
    const auto found = model.find(graph);
    switch (random() % 4) {
      case 0:
        map.erase(graph);
        model.erase(graph);
        break;
      case 1: {  // another instance of the name
        const GraphEntry entry{next_instance++, random() % 5 + 1};
        map.put(graph, entry);
        model[graph] = entry;
        break;
      }
      default:
        if (found != model.end()) {
          found->second.rows = random() % 5;
          map.put(graph, found->second);
          if (found->second.rows == 0) model.erase(found);
        }
    }
    if (step % 500 == 0) copies.emplace_back(map, model);
  }
  check_same(map, model);
  for (const auto& [copy, expected] : copies) check_same(copy, expected);
  CHECK_FALSE(map.find(name(10'000)));
  CHECK_FALSE(map.name_of(0).is_bound());

  std::vector<GraphMap::Named> all = map.all();
  check_same(GraphMap(all), model);
  check_same(GraphMap(), {});
}

}  // namespace
}  // namespace akyn::storage::test
