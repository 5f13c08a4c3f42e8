#include "engine/storage/delta_chunk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/keys.h"

namespace akyn::storage::test {
namespace {

DeltaRows::Triple triple(std::uint64_t s, std::uint64_t p, std::uint64_t o, std::uint64_t mark) {
  return {s, p, o, mark};
}

TEST_CASE("a record gives back its rows") {
  DeltaRows rows;
  rows.triples = {triple(1, 2, 3, kDeleteMark), triple(UINT64_MAX, 0, 7, kInsertMark)};
  rows.quads = {{4, 5, 6, 1, kInsertMark}, {4, 5, 7, 2, kDeleteMark}};
  DeltaRows read = DeltaRows::parse(rows.serialize());
  std::sort(read.triples.begin(), read.triples.end());
  CHECK(read.triples == rows.triples);
  CHECK(read.quads == rows.quads);
  const std::string record = rows.serialize();
  for (const std::size_t size : {std::size_t{0}, std::size_t{15}, record.size() - 1}) {
    CHECK_THROWS_AS(DeltaRows::parse(std::string_view(record).substr(0, size)), Error);
  }
  CHECK_THROWS_AS(DeltaRows::parse(record + "x"), Error);
  CHECK(DeltaRows::parse(DeltaRows().serialize()).size() == 0);
}

TEST_CASE("an insert and a delete of one row cancel each other, whichever comes first") {
  std::vector<DeltaRows> commits(3);
  commits[0].triples = {triple(1, 1, 1, kInsertMark), triple(2, 2, 2, kDeleteMark), triple(3, 3, 3, kInsertMark)};
  commits[1].triples = {triple(1, 1, 1, kDeleteMark), triple(2, 2, 2, kInsertMark), triple(3, 3, 3, kDeleteMark)};
  commits[2].triples = {triple(3, 3, 3, kInsertMark)};
  const DeltaChunk at_once(commits);
  REQUIRE(at_once.size() == 1);
  CHECK(at_once.rows(0)->row(0) == RowValues{3, 3, 3, 0});
  CHECK_FALSE(at_once.has_deletes());

  const DeltaChunk first(commits[0]);
  const DeltaChunk second(commits[1]);
  const DeltaChunk third(commits[2]);
  const std::array<const DeltaChunk*, 2> two = {&first, &second};
  CHECK(DeltaChunk::merge(two)->size() == 0);
  const std::array<const DeltaChunk*, 2> newer = {&second, &third};
  const auto merged = DeltaChunk::merge(newer);
  CHECK(merged->size() == 2);
  CHECK(merged->counts(0) == RowCounts{1, 1});
}

TEST_CASE("every order of a chunk has the rows of its history, sorted") {
  std::mt19937_64 random(5);
  std::map<std::array<std::uint64_t, 4>, int> held;  // how often each quad was changed
  std::vector<std::unique_ptr<DeltaChunk>> chunks;
  for (int commit = 0; commit < 40; ++commit) {
    DeltaRows rows;
    for (std::uint64_t i = 0; i < 10; ++i) {
      const std::array<std::uint64_t, 4> quad = {random() % 3, random() % 2, i, random() % 2 + 1};
      rows.quads.push_back({quad[0], quad[1], quad[2], quad[3], held[quad]++ % 2 == 0 ? kInsertMark : kDeleteMark});
    }
    chunks.push_back(std::make_unique<DeltaChunk>(std::move(rows)));
  }
  std::size_t expected = 0;
  for (const auto& [quad, changes] : held) expected += changes % 2 == 1 ? 1 : 0;
  std::vector<const DeltaChunk*> parts;
  for (const auto& chunk : chunks) parts.push_back(chunk.get());
  const auto merged = DeltaChunk::merge(parts);
  CHECK(merged->size() == expected);
  CHECK_FALSE(merged->has_deletes());
  for (const Permutation permutation : kQuadOrders) {
    const SortedRows& rows = *merged->rows(order_tag(Partition::named_graphs, permutation));
    REQUIRE(rows.rows() == expected);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      if (i > 0) CHECK(rows.row(i - 1) < rows.row(i));
      const QuadIds quad = unpermuted(rows.row(i), columns_of(permutation));
      CHECK(held.at({quad.subject.bits(), quad.predicate.bits(), quad.object.bits(), quad.graph.bits()}) % 2 == 1);
    }
  }
}

}  // namespace
}  // namespace akyn::storage::test
