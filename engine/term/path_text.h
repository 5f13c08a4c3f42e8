// Paths as literals: their lexical form (docs/paths.md).
//
//     <n/Japarov> ^<n/participant> <n/ev/123> =<n/met> <n/Kozak>
//
// Terms in N-Triples form with single spaces between them: a node, then an edge and a node for each step. `^` stands
// before a predicate that was travelled backwards, `=` before the name of a STEP, `^=` before one that was travelled
// backwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/term.h>

namespace akyn {

inline constexpr std::string_view kPathDatatype = "urn:akyn:path";

// Its parts, which are views of the text.
struct PathText {
  struct Edge {
    bool inverse = false;
    bool is_step = false;
    std::string_view predicate;  // with its angle brackets
    std::string_view to;         // the node it leads to
  };
  std::string_view start;
  std::vector<Edge> edges;

  [[nodiscard]] std::string_view node(std::size_t i) const noexcept { return i == 0 ? start : edges[i - 1].to; }
};

// Nothing when it is no path.
[[nodiscard]] std::optional<PathText> read_path(std::string_view text);
// The number of its edges.
[[nodiscard]] std::optional<std::size_t> path_length(std::string_view text);

// A part of a path as a term. Precondition: it came from read_path().
[[nodiscard]] Term path_term(std::string_view text);

// Appends an edge and the node it leads to, both as N-Triples.
void append_path_edge(std::string& out, bool inverse, bool is_step, std::string_view predicate, std::string_view to);

// A virtual edge as a text that tells it from others, its direction aside.
[[nodiscard]] std::string step_text(std::string_view from, std::string_view label, std::string_view to);

}  // namespace akyn
