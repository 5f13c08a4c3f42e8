// Nodes that lie on cycles.
#pragma once

#include <vector>

#include "engine/path/automaton.h"
#include "engine/path/graph.h"

namespace akyn::path {

// Nodes from which a walk of one edge or more, each of one of the labels, leads back; ascending. Tarjan's algorithm:
// takes each edge once.
[[nodiscard]] std::vector<Id> nodes_on_cycles(Graph& graph, const std::vector<Label>& labels, runtime::Budget& budget);

}  // namespace akyn::path
