#include "engine/exec/graph_loop.h"

#include <optional>

namespace akyn::exec {

GraphLoopOperator::GraphLoopOperator(Run& run, Slot name, Open open, std::vector<Slot> columns)
    : Operator(run, std::move(columns)), name_(name), open_(std::move(open)) {}

bool GraphLoopOperator::next_graph() {
  if (!started_) names_ = run().dataset().names();
  started_ = true;
  while (next_ < names_.size()) {
    run().budget().check();
    const std::optional<runtime::ActiveGraph> graph = run().dataset().named(names_[next_++], run().budget());
    if (!graph) continue;
    current_ = open_(*graph);
    return true;
  }
  return false;
}

bool GraphLoopOperator::produce(Batch& out) {
  for (;;) {
    if (current_ == nullptr && !next_graph()) return false;
    if (!current_->next(batch_)) {
      current_ = nullptr;
      continue;
    }
    const std::uint64_t name = names_[next_ - 1].bits();
    const std::optional<std::size_t> bound = current_->column_of(name_);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < batch_.rows(); ++row) {
      const std::uint64_t value = bound ? batch_.column(*bound)[row] : 0;
      if (value == 0 || value == name) rows.push_back(row);
    }
    if (rows.empty()) continue;
    for (std::size_t i = 0; i < columns().size(); ++i) {
      if (columns()[i] == name_) {
        out.values(i).assign(rows.size(), name);
        continue;
      }
      const std::optional<std::size_t> place = current_->column_of(columns()[i]);
      for (const std::uint32_t row : rows) out.values(i).push_back(place ? batch_.column(*place)[row] : 0);
    }
    for (const std::uint32_t row : rows) out.append_count(batch_, row);
    out.set_rows(rows.size());
    return true;
  }
}

}  // namespace akyn::exec
