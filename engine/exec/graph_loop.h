// GRAPH ?g { ... } graph by graph.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/runtime/active_graph.h"

namespace akyn::exec {

// The solutions of a pattern in each named graph, those that agree with the graph's name in a variable.
class GraphLoopOperator final : public Operator {
 public:
  // `open`: the pattern over a graph.
  using Open = std::function<OperatorPtr(const runtime::ActiveGraph& graph)>;
  GraphLoopOperator(Run& run, Slot name, Open open, std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;
  bool next_graph();

  Slot name_;
  Open open_;
  std::vector<Id> names_;
  bool started_ = false;
  std::size_t next_ = 0;
  OperatorPtr current_;
  Batch batch_;
};

}  // namespace akyn::exec
