// Store::on_commit.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <akyn/akyn.h>
#include "tests/api/common.h"

namespace {

using akyn::Commit;
using akyn::Quad;
using akyn::Store;
using akyn::Subscription;

std::string line_of(const Quad& quad) {
  std::string line = quad.subject.to_string() + ' ' + quad.predicate.to_string() + ' ' + quad.object.to_string();
  if (quad.graph) line += ' ' + quad.graph.to_string();
  return line;
}

using Lines = std::multiset<std::string>;

Lines lines_of(akyn::Quads quads) {
  Lines lines;
  for (const Quad& quad : quads) lines.insert(line_of(quad));
  return lines;
}

Lines all_of(const Store& store) {
  return lines_of(store.match({}, {}, {}));
}

// A copy that is kept by what commits say alone.
struct Copy {
  void take(const Commit& commit) {
    ++commits;
    for (const std::string& line : lines_of(commit.removed())) {
      REQUIRE(lines.contains(line));
      lines.erase(line);
    }
    for (const std::string& line : lines_of(commit.added())) {
      REQUIRE_FALSE(lines.contains(line));
      lines.insert(line);
    }
    REQUIRE(commit.number() > last);
    last = commit.number();
  }

  Lines lines;
  int commits = 0;
  std::uint64_t last = 0;
};

std::string triples(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i)
    text += "<urn:s" + std::to_string(i) + "> <urn:p> " + std::to_string(i) + " . ";
  return text;
}

}  // namespace

TEST_CASE("who follows a store by its commits has what it has") {
  Store store = Store::in_memory();
  Copy copy;
  const Subscription subscription = store.on_commit([&](const Commit& commit) { copy.take(commit); });
  const auto update = [&](const std::string& text) {
    store.update(text);
    CHECK(copy.lines == all_of(store));
  };
  SUBCASE("rows") {
    update("INSERT DATA { " + triples(0, 5) + " GRAPH <urn:g> { " + triples(0, 3) + " } }");
    CHECK(copy.commits == 1);
    update("DELETE DATA { " + triples(2, 9) + " } ; INSERT DATA { " + triples(20, 1) + " }");
    update("INSERT DATA { " + triples(20, 1) + " }");  // is there
    CHECK(copy.commits == 2);
    update("DELETE DATA { " + triples(20, 1) + " } ; INSERT DATA { " + triples(20, 1) + " }");
    CHECK(copy.commits == 2);
    update("INSERT DATA { _:a <urn:p> <<( _:b <urn:p> 'x'@en--ltr )>> }");
  }
  SUBCASE("graphs as a whole") {
    // Small ones are changed row by row, large ones in one piece.
    for (const int size : {3, 700}) {
      const std::string data = triples(0, size);
      update("INSERT DATA { GRAPH <urn:a> { " + data + " } GRAPH <urn:b> { " + triples(size / 2, size) + " } }");
      update("COPY <urn:a> TO <urn:c>");
      update("MOVE <urn:a> TO <urn:b>");
      update("CLEAR GRAPH <urn:c> ; INSERT DATA { GRAPH <urn:c> { " + triples(1, size) + " } }");
      update("MOVE <urn:b> TO DEFAULT");
      update("ADD DEFAULT TO <urn:c>");
      update("MOVE DEFAULT TO <urn:d>");
      update("MOVE <urn:d> TO <urn:e> ; MOVE <urn:c> TO <urn:d> ; MOVE <urn:e> TO <urn:c>");
      update("DELETE WHERE { GRAPH <urn:c> { <urn:s1> ?p ?o } } ; INSERT DATA { GRAPH <urn:d> { <urn:x> <urn:y> 1 } }");
      update("CLEAR ALL");
      CHECK(copy.lines.empty());
    }
  }
  SUBCASE("loads") {
    akyn::LoadOptions options;
    options.format = akyn::RdfFormat::trig;
    options.memory = 1 << 20;
    // A few; many, beside which the store is small; many that are there for the most part.
    int commits = 0;
    for (const auto& [first, size] : {std::pair{0, 10}, {0, 60'000}, {0, 150'000}, {100'000, 60'000}}) {
      std::istringstream text(triples(first, size) + " <urn:g> { " + triples(first, size) + " }");
      store.load(text, options);
      CHECK(copy.lines == all_of(store));
      CHECK(copy.commits == ++commits);
    }
  }
  SUBCASE("large transactions") {
    update("INSERT DATA { " + triples(0, 70'000) + " }");
    update("DELETE { ?s ?p ?o } INSERT { ?s <urn:q> ?o } WHERE { ?s ?p ?o FILTER(?o < 66000) }");
  }
}

TEST_CASE("what did not happen is not told") {
  Store store = Store::in_memory();
  int calls = 0;
  {
    const Subscription subscription = store.on_commit([&](const Commit&) { ++calls; });
    {
      akyn::Transaction transaction = store.begin();
      transaction.update("INSERT DATA { <urn:a> <urn:b> 1 }");
    }
    CHECK_THROWS_AS(store.update("INSERT DATA { <urn:a> <urn:b> 1 } ; MOVE <urn:none> TO DEFAULT"), akyn::Error);
    CHECK(calls == 0);
    store.update("INSERT DATA { <urn:a> <urn:b> 1 }");
    CHECK(calls == 1);
  }
  store.update("INSERT DATA { <urn:a> <urn:b> 2 }");
  CHECK(calls == 1);
}

TEST_CASE("a callback may read, change, throw and end the calls") {
  Store store = Store::in_memory();
  SUBCASE("it reads the state of after, and may keep the commit") {
    std::vector<Commit> kept;
    const Subscription subscription = store.on_commit([&](const Commit& commit) {
      CHECK(store.count() == kept.size() + 1);
      kept.push_back(commit);
    });
    for (int i = 0; i < 3; ++i) store.update("INSERT DATA { " + triples(i, 1) + " }");
    store.update("CLEAR ALL ; INSERT DATA { " + triples(0, 4) + " }");
    store.optimize();
    REQUIRE(kept.size() == 4);
    for (int i = 0; i < 3; ++i) {
      CHECK(lines_of(kept[static_cast<std::size_t>(i)].added()) ==
            Lines{"<urn:s" + std::to_string(i) + "> <urn:p> \"" + std::to_string(i) +
                  "\"^^<http://www.w3.org/2001/XMLSchema#integer>"});
    }
    CHECK(lines_of(kept[3].added()).size() == 1);
    CHECK(lines_of(kept[3].removed()).empty());
  }
  SUBCASE("what it commits is told when it has returned") {
    std::vector<std::string> told;
    bool calling = false;
    const Subscription subscription = store.on_commit([&](const Commit& commit) {
      CHECK_FALSE(calling);
      calling = true;
      for (const std::string& line : lines_of(commit.added())) told.push_back(line);
      if (told.size() < 3)
        store.insert({akyn::iri("urn:s"), akyn::iri("urn:p"), akyn::integer(static_cast<int>(told.size()))});
      calling = false;
    });
    store.insert({akyn::iri("urn:s"), akyn::iri("urn:p"), akyn::integer(0)});
    CHECK(told.size() == 3);
    CHECK(store.count() == 3);
  }
  SUBCASE("what it throws comes to whoever has committed, and the others are called") {
    int others = 0;
    const Subscription first = store.on_commit([](const Commit&) { throw std::runtime_error("no room in the index"); });
    const Subscription second = store.on_commit([&](const Commit&) { ++others; });
    std::string message;
    try {
      store.update("INSERT DATA { " + triples(0, 1) + " }");
    } catch (const std::exception& error) {
      message = error.what();
    }
    CHECK(message.find("no room in the index") != std::string::npos);
    CHECK(others == 1);
    CHECK(store.count() == 1);
  }
  SUBCASE("it ends itself") {
    std::optional<Subscription> subscription;
    int calls = 0;
    subscription.emplace(store.on_commit([&](const Commit&) {
      ++calls;
      subscription.reset();
    }));
    store.update("INSERT DATA { " + triples(0, 1) + " }");
    store.update("INSERT DATA { " + triples(1, 1) + " }");
    CHECK(calls == 1);
  }
}

TEST_CASE("a callback goes without a lock held, whatever it owns") {
  Store store = Store::in_memory();
  int calls = 0;
  auto inner = std::make_shared<Subscription>(store.on_commit([&](const Commit&) { ++calls; }));
  {
    const Subscription outer = store.on_commit([inner = std::move(inner)](const Commit&) {});
    store.update("INSERT DATA { " + triples(0, 1) + " }");
  }
  store.update("INSERT DATA { " + triples(1, 1) + " }");
  CHECK(calls == 1);
}

TEST_CASE("commits of several threads are told one by one, in their order") {
  Store store = Store::in_memory();
  Copy copy;
  std::atomic<int> inside{0};
  {
    const Subscription subscription = store.on_commit([&](const Commit& commit) {
      CHECK(++inside == 1);
      copy.take(commit);
      --inside;
    });
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&store, t] {
        std::mt19937 random(static_cast<unsigned>(t));
        for (int i = 0; i < 50; ++i) {
          const std::string data = triples(static_cast<int>(random() % 20), 3);
          store.update((random() % 2 == 0 ? "INSERT DATA { " : "DELETE DATA { ") + data + " }");
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  CHECK(copy.lines == all_of(store));
}

TEST_CASE("a store that is open for reading tells of nothing") {
  const akyn::testing::TemporaryDirectory directory;
  { Store::open(directory / "store").update("INSERT DATA { " + triples(0, 1) + " }"); }
  akyn::StoreOptions options;
  options.read_only = true;
  Store store = Store::open(directory / "store", options);
  CHECK_THROWS_AS(static_cast<void>(store.on_commit([](const Commit&) {})), akyn::Error);
}
