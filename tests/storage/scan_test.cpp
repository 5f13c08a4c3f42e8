#include <set>

#include "engine/storage/keys.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

constexpr std::array<GraphScope::Kind, 4> kKinds = {GraphScope::Kind::default_graph, GraphScope::Kind::named,
                                                    GraphScope::Kind::all_named, GraphScope::Kind::all};

// A cube of quads in the default graph and two named ones.
std::vector<QuadIds> cube(Writer& writer) {
  std::vector<QuadIds> quads;
  for (const char* s : {"s1", "s2", "s3"}) {
    for (const char* p : {"p1", "p2"}) {
      for (const int o : {-1, 0, 7}) {
        for (const char* g : {"", "g1", "g2"}) {
          quads.push_back(intern(writer, ex(s), ex(p), integer(o), *g == '\0' ? Term() : ex(g)));
        }
      }
    }
  }
  return quads;
}

void check_everything(const Snapshot& snapshot, const std::vector<QuadIds>& quads, Id graph) {
  const QuadIds sample = quads[quads.size() / 2];
  for (const GraphScope::Kind kind : kKinds) {
    GraphScope scope;
    scope.kind = kind;
    scope.graph = kind == GraphScope::Kind::named ? graph : Id();
    for (const Permutation order : kQuadOrders) {
      for (unsigned bound = 0; bound < 8; ++bound) {
        CAPTURE(static_cast<int>(kind));
        CAPTURE(static_cast<int>(order));
        CAPTURE(bound);
        const TriplePattern pattern{(bound & 1U) != 0 ? sample.subject : Id(),
                                    (bound & 2U) != 0 ? sample.predicate : Id(),
                                    (bound & 4U) != 0 ? sample.object : Id()};
        std::vector<QuadIds> expected;
        for (const QuadIds& quad : quads) {
          if ((bound & 1U) != 0 && quad.subject != sample.subject) continue;
          if ((bound & 2U) != 0 && quad.predicate != sample.predicate) continue;
          if ((bound & 4U) != 0 && quad.object != sample.object) continue;
          if (kind == GraphScope::Kind::default_graph && quad.graph != kDefaultGraph) continue;
          if (kind == GraphScope::Kind::all_named && quad.graph == kDefaultGraph) continue;
          if (kind == GraphScope::Kind::named && quad.graph != graph) continue;
          expected.push_back(quad);
        }
        const ColumnOrder columns = columns_of(order);
        std::sort(expected.begin(), expected.end(),
                  [&](const QuadIds& a, const QuadIds& b) { return permuted(a, columns) < permuted(b, columns); });
        CHECK(in_order(rows(*snapshot.scan(pattern, scope, order)), order) == expected);
        CHECK(snapshot.count(pattern, scope) == expected.size());
      }
    }
  }
}

TEST_CASE("every pattern in every permutation and graph scope, committed") {
  const auto database = memory();
  auto writer = database->begin();
  const std::vector<QuadIds> quads = cube(*writer);
  for (const QuadIds& quad : quads) CHECK(writer->insert(quad));
  const Id graph = intern(*writer, ex("g1"));
  writer->commit();
  check_everything(*database->snapshot(), quads, graph);
}

TEST_CASE("a transaction reads its own writes in every permutation and graph scope") {
  const auto database = memory();
  auto writer = database->begin();
  std::vector<QuadIds> quads = cube(*writer);
  // Every third quad is committed and stays, every third is committed and removed, the rest are pending.
  for (std::size_t i = 0; i < quads.size(); ++i) {
    if (i % 3 != 2) writer->insert(quads[i]);
  }
  writer->commit();
  writer = database->begin();
  quads = cube(*writer);  // terms that no committed quad used are new again
  const Id graph = intern(*writer, ex("g1"));
  std::vector<QuadIds> expected;
  for (std::size_t i = 0; i < quads.size(); ++i) {
    if (i % 3 == 1) {
      CHECK(writer->remove(quads[i]));
    } else {
      CHECK(writer->insert(quads[i]) == (i % 3 == 2));
      expected.push_back(quads[i]);
    }
    // Scanning between changes makes the pending rows' chunks grow by and by.
    const std::vector<QuadIds> now = rows(*writer->snapshot(), {quads[i].subject, Id(), Id()});
    CHECK((std::find(now.begin(), now.end(), quads[i]) != now.end()) == (i % 3 != 1));
  }
  check_everything(*writer->snapshot(), expected, graph);
  writer->commit();
  check_everything(*database->snapshot(), expected, graph);
  database->verify();
}

TEST_CASE("a scan keeps the state it started from while its transaction goes on") {
  const auto database = memory();
  auto writer = database->begin();
  const QuadIds first = intern(*writer, ex("a"), ex("p"), integer(1));
  const QuadIds second = intern(*writer, ex("b"), ex("p"), integer(2), ex("g"));
  const QuadIds third = intern(*writer, ex("c"), ex("p"), integer(3));
  writer->insert(first);
  writer->commit();
  writer = database->begin();
  writer->insert(second);
  const auto scan = writer->snapshot()->scan({}, GraphScope::all());
  writer->remove(first);
  writer->remove(second);
  writer->insert(third);
  CHECK(rows(*scan) == std::vector<QuadIds>{first, second});
  CHECK(rows(*writer->snapshot()) == std::vector<QuadIds>{third});
}

TEST_CASE("scans longer than a batch come whole and in order") {
  const auto database = memory();
  auto writer = database->begin();
  const Id predicate = intern(*writer, ex("p"));
  for (int i = 0; i < 10'000; ++i) {
    writer->insert({intern(*writer, ex("s" + std::to_string(i % 100))), predicate, intern(*writer, integer(i)), Id()});
  }
  writer->commit();
  const auto snapshot = database->snapshot();
  const auto scan = snapshot->scan({}, GraphScope::default_graph(), Permutation::ops);
  ScanBatch batch;
  std::int64_t next = 0;
  while (scan->next(batch)) {
    CHECK(batch.size() <= 10'000 / 2);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      REQUIRE(batch.subjects.size() == batch.size());
      REQUIRE(batch.graphs[i] == kDefaultGraph);
      REQUIRE(snapshot->term(batch.objects[i]).as_int64() == next++);
    }
  }
  CHECK(next == 10'000);
  CHECK_FALSE(scan->next(batch));
}

TEST_CASE("Ids the store does not know match nothing") {
  const auto database = memory();
  auto writer = database->begin();
  const QuadIds quad = intern(*writer, ex("s"), ex("p"), ex("o"), ex("g"));
  writer->insert(quad);
  const auto check = [&](const Snapshot& snapshot) {
    const Id local = Id::local(IdType::iri, 0);
    CHECK(rows(snapshot, {local, Id(), Id()}).empty());
    CHECK(snapshot.count({Id(), local, Id()}, GraphScope::all()) == 0);
    CHECK(rows(snapshot, {}, GraphScope::named(local)).empty());
    // A graph whose name has no Id is an empty graph, not the default graph.
    CHECK(rows(snapshot, {}, GraphScope::named(Id())).empty());
    CHECK(snapshot.count({}, GraphScope::named(Id())) == 0);
    CHECK_FALSE(snapshot.contains({quad.subject, quad.predicate, local, Id()}));
    CHECK_FALSE(snapshot.contains({quad.subject, quad.predicate, quad.object, kDefaultGraph}));
    CHECK_FALSE(snapshot.find(ex("unknown").view()).is_bound());
  };
  check(*writer->snapshot());
  writer->commit();
  check(*database->snapshot());
}

TEST_CASE("best_permutation leads with the bound columns") {
  for (const GraphScope::Kind kind : kKinds) {
    for (unsigned bound = 0; bound < 8; ++bound) {
      const Id id(IdType::iri, 1);
      const TriplePattern pattern{(bound & 1U) != 0 ? id : Id(), (bound & 2U) != 0 ? id : Id(),
                                  (bound & 4U) != 0 ? id : Id()};
      GraphScope scope;
      scope.kind = kind;
      const Permutation order = best_permutation(pattern, scope);
      std::vector<std::uint8_t> columns;
      for (const std::uint8_t column : columns_of(order)) {
        if (column != 3) columns.push_back(column);
      }
      CHECK(starts_with_graph(order) == (kind == GraphScope::Kind::named));
      bool free_seen = false;
      for (const std::uint8_t column : columns) {
        const bool is_bound = (bound >> column & 1U) != 0;
        CHECK_FALSE((is_bound && free_seen));
        if (!is_bound) free_seen = true;
      }
    }
  }
}

}  // namespace
}  // namespace akyn::storage::test
