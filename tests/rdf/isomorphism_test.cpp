#include "tests/w3c/isomorphism.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rdf/support.h"

namespace akyn::rdf {
namespace {

bool same(std::string_view left, std::string_view right) {
  return w3c::isomorphic(collect(RdfFormat::nquads, left).quads, collect(RdfFormat::nquads, right).quads);
}

// Edges between numbered blank nodes.
std::vector<Quad> graph(const std::vector<std::pair<int, int>>& edges, const std::vector<int>& names) {
  std::vector<Quad> quads;
  for (const auto& [from, to] : edges) {
    quads.push_back({blank("n" + std::to_string(names[static_cast<std::size_t>(from)])), iri("a:p"),
                     blank("n" + std::to_string(names[static_cast<std::size_t>(to)]))});
  }
  return quads;
}

}  // namespace

TEST_CASE("blank nodes may be renamed, nothing else") {
  CHECK(same("_:a <a:p> _:b .", "_:x <a:p> _:y ."));
  CHECK_FALSE(same("_:a <a:p> _:b .", "_:x <a:p> _:x ."));
  CHECK_FALSE(same("<a:s> <a:p> _:b .", "<a:t> <a:p> _:b ."));
  CHECK(same("_:a <a:p> <<( _:a <a:q> _:b )>> .", "_:b <a:p> <<( _:b <a:q> _:a )>> ."));
  CHECK_FALSE(same("_:a <a:p> <<( _:a <a:q> _:b )>> .", "_:b <a:p> <<( _:a <a:q> _:b )>> ."));
  CHECK(same("<a:s> <a:p> \"x\"@EN .", "<a:s> <a:p> \"x\"@en ."));
  CHECK_FALSE(same("<a:s> <a:p> \"x\"@en .", "<a:s> <a:p> \"x\"@en--ltr ."));
  CHECK(same("<a:s> <a:p> _:o _:g .", "<a:s> <a:p> _:g _:o ."));
  CHECK_FALSE(same("<a:s> <a:p> _:o _:g .", "<a:s> <a:p> _:o _:o ."));
  CHECK(same("<a:s> <a:p> <a:o> .\n<a:s> <a:p> <a:o> .", "<a:s> <a:p> <a:o> ."));
}

TEST_CASE("refinement alone cannot tell two triangles from a hexagon") {
  const std::vector<int> plain = {0, 1, 2, 3, 4, 5};
  const std::vector<int> mixed = {4, 2, 0, 5, 1, 3};
  const std::vector<std::pair<int, int>> triangles = {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}};
  const std::vector<std::pair<int, int>> hexagon = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}};
  CHECK(w3c::isomorphic(graph(triangles, plain), graph(triangles, mixed)));
  CHECK(w3c::isomorphic(graph(hexagon, plain), graph(hexagon, mixed)));
  CHECK_FALSE(w3c::isomorphic(graph(triangles, plain), graph(hexagon, mixed)));
}

TEST_CASE("shuffled random graphs are isomorphic, and one changed edge is noticed") {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::pair<int, int>> edges;
    std::vector<int> plain(12);
    for (int i = 0; i < 12; ++i) plain[static_cast<std::size_t>(i)] = i;
    for (int i = 0; i < 18; ++i) edges.emplace_back(static_cast<int>(random() % 12), static_cast<int>(random() % 12));
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    std::vector<int> mixed = plain;
    std::shuffle(mixed.begin(), mixed.end(), random);
    CHECK(w3c::isomorphic(graph(edges, plain), graph(edges, mixed)));
    edges.pop_back();
    CHECK_FALSE(w3c::isomorphic(graph(edges, mixed), graph({edges.begin(), edges.end() - 1}, plain)));
  }
}

TEST_CASE("many interchangeable blank nodes are no trouble") {
  std::string left;
  std::string right;
  for (int i = 0; i < 300; ++i) {
    left += "_:a" + std::to_string(i) + " <a:p> <a:o> .\n";
    right += "_:b" + std::to_string(299 - i) + " <a:p> <a:o> .\n";
  }
  CHECK(same(left, right));
}

TEST_CASE("solutions are multisets, or sequences where order counts") {
  const Term one = integer(1);
  const std::vector<w3c::Row> left = {{blank("x"), one}, {blank("y"), {}}, {blank("x"), one}};
  const std::vector<w3c::Row> shuffled = {{blank("p"), {}}, {blank("q"), one}, {blank("q"), one}};
  const std::vector<w3c::Row> fewer = {{blank("p"), {}}, {blank("q"), one}, {blank("p"), {}}};
  CHECK(w3c::isomorphic_rows(left, shuffled));
  CHECK_FALSE(w3c::isomorphic_rows(left, fewer));
  CHECK_FALSE(w3c::isomorphic_sequence(left, shuffled));
  CHECK(w3c::isomorphic_sequence(left, left));
}

}  // namespace akyn::rdf
