// Paths: what PATH finds (docs/paths.md).
//
//     for (const akyn::Row& row : query.select()) {
//       const akyn::Path path = row.path("p");
//       for (std::size_t i = 0; i < path.edges.size(); ++i) use(path.nodes[i], path.edges[i].predicate, path.nodes[i +
//       1]);
//     }
#pragma once

#include <cstddef>
#include <vector>

#include <akyn/export.h>
#include <akyn/term.h>

namespace akyn {

struct PathEdge {
  Term predicate;        // of a STEP: its name
  bool inverse = false;  // travelled from the object of the triple to its subject
  bool is_step = false;  // made by a STEP; not a triple of the store
  friend bool operator==(const PathEdge&, const PathEdge&) noexcept = default;
};

// Edge i leads from nodes[i] to nodes[i + 1].
struct Path {
  std::vector<Term> nodes;  // one more than there are edges
  std::vector<PathEdge> edges;

  [[nodiscard]] std::size_t length() const noexcept { return edges.size(); }
  friend bool operator==(const Path&, const Path&) noexcept = default;
};

// Whether the term is a path: a literal of datatype <urn:akyn:path> with the form of one.
[[nodiscard]] AKYN_EXPORT bool is_path(const Term& term);
// Throws Error(invalid_argument) when it is none.
[[nodiscard]] AKYN_EXPORT Path to_path(const Term& term);

}  // namespace akyn
