// Equality of graphs, datasets and solutions up to the names of their blank nodes (RDF 1.2 Concepts,
// section 3.7), blank nodes inside triple terms included.
#pragma once

#include <vector>

#include <akyn/term.h>

namespace akyn::w3c {

using Row = std::vector<Term>;  // no term: unbound

// Datasets, as sets: how often a quad is listed does not matter.
[[nodiscard]] bool isomorphic(std::vector<Quad> left, std::vector<Quad> right);

// Rows of terms, as multisets: whether some bijection of blank nodes makes one list a permutation of the other.
[[nodiscard]] bool isomorphic_rows(const std::vector<Row>& left, const std::vector<Row>& right);

// The same, with the order of the rows kept.
[[nodiscard]] bool isomorphic_sequence(const std::vector<Row>& left, const std::vector<Row>& right);

}  // namespace akyn::w3c
