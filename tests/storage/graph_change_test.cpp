// Clearing and moving whole graphs.
#include <random>
#include <set>

#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

using Model = std::set<QuadIds>;

std::uint64_t clear(Model& model, Id graph) {
  return std::erase_if(model, [&](const QuadIds& quad) { return quad.graph == graph; });
}

void move(Model& model, Id from, Id to) {
  if (from == to) return;
  clear(model, to);
  Model moved;
  for (QuadIds quad : model) {
    if (quad.graph == from) quad.graph = to;
    moved.insert(quad);
  }
  model = moved;
}

void check_same(const Snapshot& snapshot, const Model& model, const std::vector<Id>& graphs) {
  const std::vector<QuadIds> found = rows(snapshot);
  CHECK(std::set<QuadIds>(found.begin(), found.end()) == model);
  CHECK(found.size() == model.size());
  CHECK(snapshot.count({}, GraphScope::all()) == model.size());
  std::uint64_t named = 0;
  std::set<Id> existing;
  std::set<Id> subjects;
  for (const QuadIds& quad : model) {
    subjects.insert(quad.subject);
    if (quad.graph == kDefaultGraph) continue;
    ++named;
    existing.insert(quad.graph);
  }
  CHECK(snapshot.count({}, GraphScope::all_named()) == named);
  CHECK(snapshot.named_graphs() == std::vector<Id>(existing.begin(), existing.end()));
  for (const Id graph : graphs) {
    const GraphScope scope = graph == kDefaultGraph ? GraphScope::default_graph() : GraphScope::named(graph);
    CHECK(rows(snapshot, {}, scope).size() == snapshot.count({}, scope));
  }
  for (const Id subject : subjects) {
    const TriplePattern pattern{subject, Id(), Id()};
    CHECK(rows(snapshot, pattern, GraphScope::all_named()).size() == snapshot.count(pattern, GraphScope::all_named()));
    CHECK(rows(*snapshot.scan(pattern, GraphScope::all_named(), Permutation::gpos)).size() ==
          snapshot.count(pattern, GraphScope::all_named()));
  }
}

TEST_CASE("a graph is cleared, and filled again under its name") {
  const auto database = open_database_in_memory(fast(), tiny());
  auto writer = database->begin();
  const QuadIds quad = intern(*writer, ex("s"), ex("p"), ex("o"), ex("g"));
  const QuadIds other = intern(*writer, ex("s"), ex("p"), ex("o"), ex("h"));
  writer->insert(quad);
  writer->insert(other);
  writer->commit();
  const auto before = database->snapshot();
  writer = database->begin();
  CHECK(writer->clear_graph(quad.graph) == 1);
  CHECK(writer->clear_graph(quad.graph) == 0);
  CHECK(rows(*writer->snapshot()) == std::vector<QuadIds>{other});
  CHECK(writer->insert(quad));
  CHECK(writer->clear_graph(quad.graph) == 1);
  writer->commit();
  database->verify();
  CHECK(rows(*database->snapshot()) == std::vector<QuadIds>{other});
  CHECK(rows(*before).size() == 2);
  writer = database->begin();
  CHECK(writer->insert(quad));
  writer->move_graph(other.graph, intern(*writer, ex("new")));
  const Id renamed = intern(*writer, ex("new"));
  writer->commit();
  database->verify();
  const auto after = database->snapshot();
  CHECK(rows(*after).size() == 2);
  CHECK(after->count({}, GraphScope::named(renamed)) == 1);
  CHECK(after->term(renamed) == ex("new"));
}

TEST_CASE("a savepoint brings cleared and moved graphs back") {
  const auto database = open_database_in_memory(fast(), tiny());
  auto writer = database->begin();
  const QuadIds quad = intern(*writer, ex("s"), ex("p"), ex("o"), ex("g"));
  const Id to = intern(*writer, ex("h"));
  writer->insert(quad);
  writer->commit();
  writer = database->begin();
  const std::size_t savepoint = writer->savepoint();
  for (int i = 0; i < 2; ++i) {
    writer->move_graph(quad.graph, to);
    CHECK(rows(*writer->snapshot()).at(0).graph == to);
    CHECK(writer->clear_graph(to) == 1);
    CHECK(rows(*writer->snapshot()).empty());
    writer->rollback_to(savepoint);
    CHECK(rows(*writer->snapshot()) == std::vector<QuadIds>{quad});
  }
  writer->commit();
  CHECK(rows(*database->snapshot()) == std::vector<QuadIds>{quad});
  database->verify();
}

TEST_CASE("random changes of graphs and quads agree with a model") {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const TempDirectory directory;
    auto database = open_database(directory / "store", fast(), tiny());
    Model model;
    for (int transaction = 0; transaction < 25; ++transaction) {
      CAPTURE(transaction);
      if (random() % 6 == 0) {
        database = nullptr;
        database = open_database(directory / "store", fast(), tiny());
      }
      const auto writer = database->begin();
      std::vector<Id> graphs = {kDefaultGraph};
      for (const char* name : {"g1", "g2", "g3"}) graphs.push_back(intern(*writer, ex(name)));
      Model pending = model;
      const auto any_graph = [&] { return graphs[random() % graphs.size()]; };
      for (std::uint32_t step = random() % 6 + 1; step > 0; --step) {
        switch (random() % 5) {
          case 0: {
            const Id graph = any_graph();
            CHECK(writer->clear_graph(graph) == clear(pending, graph));
            break;
          }
          case 1: {
            const Id from = any_graph();
            const Id to = any_graph();
            writer->move_graph(from, to);
            move(pending, from, to);
            break;
          }
          default:
            for (std::uint32_t i = random() % 8; i > 0; --i) {
              QuadIds quad = intern(*writer, ex("s" + std::to_string(random() % 3)), ex("p"), integer(random() % 5));
              quad.graph = any_graph();
              if (random() % 3 != 0) {
                CHECK(writer->insert(quad) == pending.insert(quad).second);
              } else {
                CHECK(writer->remove(quad) == (pending.erase(quad) == 1));
              }
            }
        }
        check_same(*writer->snapshot(), pending, graphs);
      }
      if (random() % 5 != 0) {
        writer->commit();
        model = pending;
      }
      database->verify();
      check_same(*database->snapshot(), model, graphs);
    }
  }
}

}  // namespace
}  // namespace akyn::storage::test
