#include "engine/exec/leapfrog_join.h"

#include <algorithm>

#include "engine/storage/gallop.h"

namespace akyn::exec {

LeapfrogJoinOperator::LeapfrogJoinOperator(Run& run, std::vector<Slot> variables, std::vector<OperatorPtr> inputs,
                                           std::vector<Slot> columns)
    : Operator(run, std::move(columns)), variables_(variables.size()), charge_(run.budget()) {
  for (OperatorPtr& input : inputs) {
    Trie& trie = tries_.emplace_back();
    trie.input = std::move(input);
    trie.columns.resize(trie.input->columns().size());
  }
  // Backwards, so that a walker knows the next one of its input.
  std::vector<std::optional<std::pair<std::size_t, std::size_t>>> next(tries_.size());
  for (std::size_t v = variables.size(); v-- > 0;) {
    Variable& variable = variables_[v];
    variable.column = column_of(variables[v]);
    counts_ = counts_ || !variable.column;
    for (std::size_t t = 0; t < tries_.size(); ++t) {
      const std::optional<std::size_t> column = tries_[t].input->column_of(variables[v]);
      if (!column) continue;
      Walker walker;
      walker.trie = t;
      walker.column = *column;
      walker.next = next[t];
      next[t] = {v, variable.walkers.size()};
      variable.walkers.push_back(walker);
    }
  }
}

bool LeapfrogJoinOperator::read_inputs() {
  read_ = true;
  std::size_t bytes = 0;
  for (Trie& trie : tries_) {
    for (Batch batch; trie.input->next(batch);) {
      for (std::size_t c = 0; c < trie.columns.size(); ++c) {
        const auto cells = batch.column(c);
        trie.columns[c].insert(trie.columns[c].end(), cells.begin(), cells.end());
      }
      if (batch.counted() || !trie.counts.empty()) {
        trie.counts.resize(trie.rows, 1);
        for (std::size_t row = 0; row < batch.rows(); ++row) trie.counts.push_back(batch.count(row));
      }
      trie.rows += batch.rows();
      std::size_t held = trie.counts.capacity();
      for (const auto& column : trie.columns) held += column.capacity();
      charge_.set(bytes + held * sizeof(std::uint64_t));
    }
    if (trie.rows == 0) return false;
    counts_ = counts_ || !trie.counts.empty();
    bytes = charge_.held();
    if (!run().profiling()) trie.input = nullptr;
  }
  for (Variable& variable : variables_) {
    for (Walker& walker : variable.walkers) {
      if (walker.column == 0) walker.rows = {0, tries_[walker.trie].rows};
    }
  }
  for (Walker& walker : variables_.front().walkers) walker.at = walker.rows.first;
  return true;
}

bool LeapfrogJoinOperator::find(Variable& variable) {
  std::vector<Walker>& walkers = variable.walkers;
  const auto cells_of = [&](const Walker& walker) { return tries_[walker.trie].columns[walker.column].data(); };
  // Whoever is behind leaps to the greatest value seen, until all have it.
  std::uint64_t value = 0;
  std::size_t agreeing = 0;
  for (std::size_t w = 0; agreeing < walkers.size(); w = w + 1 == walkers.size() ? 0 : w + 1) {
    run().budget().step();
    Walker& walker = walkers[w];
    const std::uint64_t* const cells = cells_of(walker);
    walker.at = storage::gallop(walker.at, walker.rows.last, [&](std::size_t row) { return cells[row] < value; });
    if (walker.at == walker.rows.last) return false;
    agreeing = cells[walker.at] == value && agreeing > 0 ? agreeing + 1 : 1;
    value = cells[walker.at];
  }
  for (Walker& walker : walkers) {
    const std::uint64_t* const cells = cells_of(walker);
    // The last column of most inputs has no value twice.
    std::size_t end = walker.at + 1;
    if (end < walker.rows.last && cells[end] == value) {
      end = storage::gallop(end, walker.rows.last, [&](std::size_t row) { return cells[row] == value; });
    }
    walker.found = {walker.at, end};
    walker.at = end;
  }
  variable.value = value;
  return true;
}

std::uint64_t LeapfrogJoinOperator::count_found(const Variable& variable) const {
  std::uint64_t count = 1;
  for (const Walker& walker : variable.walkers) {
    if (walker.next) continue;
    const Trie& trie = tries_[walker.trie];
    std::uint64_t solutions = walker.found.last - walker.found.first;
    if (!trie.counts.empty()) {
      solutions = 0;
      for (std::size_t row = walker.found.first; row < walker.found.last; ++row) {
        solutions = add_counts(solutions, trie.counts[row]);
      }
    }
    if (solutions != 1) count = multiply_counts(count, solutions);
  }
  return count;
}

void LeapfrogJoinOperator::descend(std::size_t v) {
  Variable& variable = variables_[v];
  variable.count = multiply_counts(v == 0 ? 1 : variables_[v - 1].count, count_found(variable));
  for (const Walker& walker : variable.walkers) {
    if (walker.next) variables_[walker.next->first].walkers[walker.next->second].rows = walker.found;
  }
  for (Walker& walker : variables_[v + 1].walkers) walker.at = walker.rows.first;
}

void LeapfrogJoinOperator::give(Batch& out, std::uint64_t count) const {
  for (const Variable& variable : variables_) {
    if (variable.column) out.values(*variable.column).push_back(variable.value);
  }
  if (counts_ || count != 1 || out.counted()) {
    std::vector<std::uint64_t>& counts = out.count_values();
    counts.resize(out.rows(), 1);
    counts.push_back(count);
  }
  out.set_rows(out.rows() + 1);
}

bool LeapfrogJoinOperator::give_last(Batch& out) {
  Variable& last = variables_.back();
  const std::uint64_t before = variables_.size() > 1 ? variables_[variables_.size() - 2].count : 1;
  if (!last.column) {
    std::uint64_t solutions = 0;
    while (find(last)) solutions = add_counts(solutions, count_found(last));
    if (solutions != 0) give(out, multiply_counts(before, solutions));
    return true;
  }
  while (out.rows() < kBatchRows) {
    if (!find(last)) return true;
    give(out, multiply_counts(before, count_found(last)));
  }
  return false;
}

bool LeapfrogJoinOperator::produce(Batch& out) {
  if (!read_ && !read_inputs()) ended_ = true;
  while (!ended_ && out.rows() < kBatchRows) {
    const bool at_last = depth_ + 1 == variables_.size();
    if (at_last ? !give_last(out) : find(variables_[depth_])) {
      if (at_last) break;
      descend(depth_++);
    } else if (depth_ == 0) {
      ended_ = true;
    } else {
      --depth_;
    }
  }
  return out.rows() > 0;
}

}  // namespace akyn::exec
