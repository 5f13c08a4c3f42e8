// What searches for walks promise beyond finding the right ones: laziness, limits, errors.
#include <algorithm>
#include <atomic>

#include "tests/path/support.h"

namespace akyn::path::test {

namespace {

using Texts = std::vector<std::string>;

// 0 - (two nodes) - 1 - (two nodes) - 2 ... : 2^n shortest walks from 0 to n.
GraphStore diamonds(int count) {
  GraphStore store;
  for (int i = 0; i < count; ++i) {
    for (const int side : {1'000 + 2 * i, 1'001 + 2 * i}) {
      store.add(i, 0, side);
      store.add(side, 0, i + 1);
    }
  }
  store.commit();
  return store;
}

WalkRequest request(Selector selector, WalkMode mode = WalkMode::walk) {
  WalkRequest request;
  request.selector = selector;
  request.mode = mode;
  return request;
}

}  // namespace

TEST_CASE("what there is too much of comes out at once, and memory does not grow with it") {
  const GraphStore store = diamonds(40);
  runtime::ExecutionLimits limits;
  limits.max_bytes = std::size_t{1} << 20;
  Session session(store, {}, limits);
  for (const WalkRequest& asked :
       {request(Selector::shortest_groups), request(Selector::all, WalkMode::trail),
        request(Selector::all, WalkMode::acyclic), request(Selector::shortest_groups, WalkMode::trail),
        request(Selector::all_cheapest, WalkMode::simple)}) {
    for (const bool bound : {true, false}) {
      CAPTURE(static_cast<int>(asked.selector));
      CAPTURE(static_cast<int>(asked.mode));
      const auto search = session.search(repeat(link(0), 1), asked);
      search->begin(session.node(0), bound ? session.node(40) : Id());
      Walk walk;
      Walk before;
      for (int i = 0; i < 20'000; ++i) {
        REQUIRE(search->next(walk));
        CHECK(walk.steps != before.steps);
        before = walk;
        if (bound) CHECK(walk.length == 80);
      }
    }
  }
}

TEST_CASE("a bundle of shortest walks is counted without making them") {
  const GraphStore store = diamonds(10);
  Session session(store);
  WalkRequest asked = request(Selector::shortest_groups);
  asked.wanted = Wanted::length;
  const auto search = session.search(repeat(link(0), 1), asked);
  search->begin(session.node(0), session.node(10));
  int walks = 0;
  for (Walk walk; search->next(walk); ++walks) CHECK(walk.length == 20);
  CHECK(walks == 1'024);
}

TEST_CASE("walks are told apart by predicates and directions, and loops under ~ have one") {
  GraphStore store;
  store.add(0, 0, 1);
  store.add(0, 1, 1);
  store.add(1, 0, 0);
  store.add(2, 0, 2);
  store.commit();
  Session session(store);
  const WalkRequest all = request(Selector::shortest_groups);
  CHECK(session.walks(either(link(0)), all, 0, 1) == Texts{"0 ^p0 1", "0 p0 1"});
  CHECK(session.walks(negated({2}, {}), all, 0, 1) == Texts{"0 p0 1", "0 p1 1"});
  CHECK(session.walks(either(link(0)), all, 2, 2) == Texts{"2 p0 2"});
  CHECK(session.walks(alternative({link(0), inverse(link(0))}), all, 2, 2) == Texts{"2 ^p0 2", "2 p0 2"});
  CHECK(session.walks(either(negated({}, {1})), all, 2, -1) == Texts{"2 p0 2"});
  CHECK(session.walks(repeat(either(link(0)), 1), request(Selector::all, WalkMode::trail), 2, -1) == Texts{"2 p0 2"});
}

TEST_CASE("a walk may stay where it is, at a node or at any term") {
  GraphStore store;
  store.add(0, 0, 1);
  store.commit();
  Session session(store);
  WalkRequest asked;
  CHECK(session.walks(repeat(link(0), 0), asked, 7, -1) == Texts{"7"});
  CHECK(session.walks(repeat(link(0), 0), asked, 7, 7) == Texts{"7"});
  asked.graph_nodes_only = true;
  CHECK(session.walks(repeat(link(0), 0), asked, 7, -1) == Texts{});
  CHECK(session.walks(repeat(link(0), 0), asked, -1, -1) == Texts{"0", "0 p0 1", "1"});
  asked.min_length = 1;
  CHECK(session.walks(repeat(link(0), 0), asked, -1, -1) == Texts{"0 p0 1"});
}

TEST_CASE("walks without end are refused") {
  GraphStore store;
  store.add(0, 0, 1);
  store.commit();
  Session session(store);
  const WalkRequest all = request(Selector::all);
  const auto begin = [&](const sparql::PathNode& path, const WalkRequest& asked) {
    return error_of([&] { static_cast<void>(session.walks(path, asked, 0, -1)); });
  };
  CHECK(begin(repeat(link(0), 1), all).find("add MAX LENGTH") != std::string::npos);
  CHECK(begin(repeat(link(0), 1, 3), all) == "no error");
  WalkRequest bounded = all;
  bounded.max_length = 3;
  CHECK(begin(repeat(link(0), 1), bounded) == "no error");
}

TEST_CASE("edges that cost nothing may be on the one cheapest walk, and on all that repeat no node") {
  GraphStore store;
  store.add(0, 0, 1);
  store.commit();
  Session session(store);
  session.steps.add(0, session.node(0), session.node(1), Decimal(2));
  session.steps.add(0, session.node(0), session.node(1), Decimal(0));
  session.steps.add(0, session.node(1), session.node(0), Decimal(0));
  const auto path = repeat(step(0, true), 1);
  CHECK(session.walks(path, request(Selector::cheapest), 0, 1) == Texts{"0 s0 1"});
  WalkRequest three = request(Selector::cheapest);
  three.count = 3;
  CHECK(session.walks(path, three, 0, 1).size() == 3);
  CHECK(session.walks(path, request(Selector::all_cheapest, WalkMode::acyclic), 0, 1) == Texts{"0 s0 1"});
  const auto message = error_of([&] { static_cast<void>(session.walks(path, request(Selector::all_cheapest), 0, 1)); });
  CHECK(message.find("ALL CHEAPEST ACYCLIC") != std::string::npos);
  // One that is not on a cheapest walk does no harm.
  session.steps.add(1, session.node(5), session.node(1), Decimal(0));
  const auto either_way = alternative({link(0), sequence({step(1, true), step(1, true)})});
  CHECK(session.walks(either_way, request(Selector::all_cheapest), 0, 1) == Texts{"0 p0 1"});
}

TEST_CASE("costs are added exactly") {
  GraphStore store;
  store.add(9, 0, 9);
  store.commit();
  Session session(store);
  // 0.1 + 0.2 is as much as 0.3.
  session.steps.add(0, session.node(0), session.node(1), Decimal(BigInteger(1), 1));
  session.steps.add(0, session.node(1), session.node(3), Decimal(BigInteger(2), 1));
  session.steps.add(0, session.node(0), session.node(2), Decimal(BigInteger(3), 1));
  session.steps.add(0, session.node(2), session.node(3), Decimal(BigInteger(1), 5));
  session.steps.add(0, session.node(0), session.node(3), Decimal(BigInteger(30), 2));
  CHECK(session.walks(repeat(step(0, true), 1), request(Selector::all_cheapest), 0, 3) ==
        Texts{"0 s0 1 s0 3", "0 s0 3"});
}

TEST_CASE("limits are errors that say what to write instead, and a search can be cancelled") {
  GraphStore store;
  store.add(0, 1, 1);
  for (int i = 0; i < 300; ++i) {
    for (int j = 0; j < 8; ++j) store.add(i, 0, (i * 7 + j * 31) % 300);
  }
  store.commit();
  const std::vector<WalkRequest> requests = {
      request(Selector::shortest),
      request(Selector::shortest_groups),
      request(Selector::all, WalkMode::trail),
      request(Selector::shortest_groups, WalkMode::acyclic),
  };
  const auto run = [&](Session& session, const WalkRequest& asked, int end) {
    return error_of([&] {
      const auto search = session.search(repeat(link(0), 1), asked);
      search->begin(session.node(0), end < 0 ? Id() : session.node(end));
      std::size_t walks = 0;
      for (Walk walk; walks < 3'000'000 && search->next(walk);) ++walks;
    });
  };
  runtime::ExecutionLimits small;
  small.max_bytes = 10'000;
  Session tight(store, {}, small);
  const std::string reached =
      "the query needs more than its memory limit of 10000 bytes for intermediate results; a search for paths keeps "
      "what it has reached: ";
  CHECK(run(tight, requests[0], -1) == reached + "bind both ends, add MAX LENGTH, or leave nodes out with INNER");
  CHECK(run(tight, requests[1], 1) == reached + "add MAX LENGTH, or ask for ANY SHORTEST");
  WalkRequest bounded = requests[0];
  bounded.max_length = 50;
  CHECK(run(tight, bounded, 1) == reached + "make MAX LENGTH less, or leave nodes out with INNER");

  std::atomic<bool> cancelled = true;
  runtime::ExecutionLimits limits;
  limits.cancelled = &cancelled;
  for (const WalkRequest& asked : requests) {
    for (const int end : {-1, 1}) {
      Session session(store, {}, limits);
      CHECK(run(session, asked, end) == "the query was cancelled");
    }
  }

  Session session(store);
  sparql::PathNode many = link(0);
  for (int i = 0; i < 5; ++i) many = repeat(std::move(many), 0, 1'000);
  CHECK(error_of([&] { static_cast<void>(session.walks(many, {}, 0, -1)); }).find("too long") != std::string::npos);
  // Deterministic, it has to remember which of the last fourteen edges were p0.
  const auto any = alternative({link(0), link(1)});
  const auto states = sequence({repeat(any, 0), link(0), repeat(any, 14, 14)});
  CHECK(error_of([&] { static_cast<void>(session.walks(states, {}, 0, -1)); }).find("states") != std::string::npos);
}

TEST_CASE("a search may be begun again, and searches take turns") {
  const GraphStore store = diamonds(3);
  Session session(store);
  const auto path = repeat(link(0), 1);
  const auto all = session.search(path, request(Selector::shortest_groups));
  const auto any = session.search(path, request(Selector::shortest));
  all->begin(session.node(0), session.node(3));
  any->begin(Id(), session.node(3));
  int all_walks = 0;
  int any_walks = 0;
  for (Walk walk; all->next(walk); ++all_walks) any_walks += any->next(walk) ? 1 : 0;
  for (Walk walk; any->next(walk); ++any_walks) CHECK(session.number(walk.end) == 3);
  CHECK(all_walks == 8);
  CHECK(any_walks == 9);
  all->begin(session.node(2), Id());
  all_walks = 0;
  for (Walk walk; all->next(walk);) ++all_walks;
  CHECK(all_walks == 4);
}

}  // namespace akyn::path::test
