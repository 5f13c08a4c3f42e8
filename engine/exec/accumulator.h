// The aggregates of SPARQL 1.1 Query 18.5.1 over many groups at once, a batch at a time.
//
// What they give is what expr::Aggregate gives for each group; see expr/aggregates.h for errors and empty groups.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/batch.h"
#include "engine/exec/run.h"
#include "engine/expr/aggregates.h"

namespace akyn::exec {

// Rows [first, last) of a batch that belong to one group.
struct GroupedRun {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t group = 0;
};

// A batch whose rows belong to groups: by row, or by runs that cover the whole of it.
struct GroupedRows {
  const Batch& batch;
  std::span<const std::uint32_t> groups;
  std::span<const GroupedRun> runs;  // when not empty, `groups` does not count
};

// Groups have numbers from 0. One thread at a time. What it holds is charged to the run.
class Accumulator {
 public:
  Accumulator() = default;
  Accumulator(const Accumulator&) = delete;
  Accumulator& operator=(const Accumulator&) = delete;
  virtual ~Accumulator() = default;

  // From here on there are so many groups, not fewer than before; new ones are empty.
  virtual void resize(std::size_t groups) = 0;
  virtual void add(const GroupedRows& rows) = 0;
  // Appends the results of groups [first, last), 0 for an error. Once for each group.
  virtual void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) = 0;
  // Forgets the first groups; the others move down.
  virtual void drop(std::size_t groups) = 0;
  // Bytes for each further group, roughly.
  [[nodiscard]] virtual std::size_t bytes_per_group() const noexcept = 0;
};

// What an aggregate is of. Columns are places in the batches.
struct AccumulatorSpec {
  expr::AggregateKind kind = expr::AggregateKind::count;
  bool distinct = false;
  // One; none for COUNT(*); any number for custom aggregates. For COUNT(DISTINCT *): the columns that are solutions.
  std::vector<std::size_t> arguments;
  bool rows = false;                     // COUNT(*)
  std::optional<std::string> separator;  // GROUP_CONCAT
  std::string iri;                       // of a custom aggregate
  // With DISTINCT: equal arguments of a group come one after another.
  bool sorted = false;
};

[[nodiscard]] std::unique_ptr<Accumulator> make_accumulator(Run& run, const AccumulatorSpec& spec);

// --- For those who write one.

// State of a fixed size for each group.
template <class State>
class GroupStates {
 public:
  explicit GroupStates(Run& run) : charge_(run.budget()) {}
  void resize(std::size_t groups) {
    if (groups > states_.capacity()) {
      const std::size_t capacity = std::max(groups, 2 * states_.capacity());
      charge_.set((states_.capacity() + capacity) * sizeof(State));
      states_.reserve(capacity);
      charge_.set(states_.capacity() * sizeof(State));
    }
    states_.resize(groups);
  }
  void drop(std::size_t groups) {
    states_.erase(states_.begin(), states_.begin() + static_cast<std::ptrdiff_t>(groups));
  }
  [[nodiscard]] std::size_t size() const noexcept { return states_.size(); }
  [[nodiscard]] State& operator[](std::size_t group) noexcept { return states_[group]; }
  [[nodiscard]] State* data() noexcept { return states_.data(); }

 private:
  Charge charge_;
  std::vector<State> states_;
};

// Calls step(state of the row's group, row) for all rows in order. In a run the state is a copy in registers.
template <class State, class Step>
void for_each_row(const GroupedRows& rows, GroupStates<State>& states, Step step) {
  if (rows.runs.empty()) {
    const std::uint32_t* groups = rows.groups.data();
    State* all = states.data();
    for (std::size_t i = 0; i < rows.groups.size(); ++i) step(all[groups[i]], i);
    return;
  }
  for (const GroupedRun& run : rows.runs) {
    State state = std::move(states[run.group]);
    for (std::size_t i = run.first; i < run.last; ++i) step(state, i);
    states[run.group] = std::move(state);
  }
}

// The Id of a number of solutions.
[[nodiscard]] std::uint64_t id_of_count(Run& run, std::uint64_t count);

// Those of accumulator.cpp's making that have files of their own.
[[nodiscard]] std::unique_ptr<Accumulator> make_sum(Run& run, std::size_t argument, bool average);
[[nodiscard]] std::unique_ptr<Accumulator> make_extreme(Run& run, std::size_t argument, bool largest);
[[nodiscard]] std::unique_ptr<Accumulator> make_distinct(Run& run, const AccumulatorSpec& spec,
                                                         std::unique_ptr<Accumulator> aggregate);

}  // namespace akyn::exec
