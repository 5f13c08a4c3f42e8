// Makes nodes of plans: what they give, in which order, and what that is expected to cost.
//
// Costs are nanoseconds, about: only their ratios matter.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/plan/cardinality.h"
#include "engine/plan/plan.h"
#include "engine/plan/slot_set.h"

namespace akyn::plan {

// `needed`: the variables that somebody reads; no others are among the columns.
[[nodiscard]] NodePtr make_unit();
[[nodiscard]] NodePtr make_empty(std::vector<Slot> columns);
[[nodiscard]] NodePtr make_rows(Rows rows, const SlotSet& needed);
[[nodiscard]] NodePtr make_scan(Scan scan, const SlotSet& needed, Cardinality& cardinality);
[[nodiscard]] NodePtr make_path(Path path, NodePtr input, const SlotSet& needed, double solutions, double cost);

// What a join is going to be: cheap to compute, so that most are never made.
struct JoinChoice {
  Join join;
  bool swapped = false;  // the right candidate is the left input
  // The right input of a look-up: a scan in this order.
  std::optional<Scan> lookup;
  double cost = 0;
  double solutions = 0;
  std::vector<Slot> sorted;  // of the result
};
// Ways to join two inputs, inner ones both ways round. Of look-ups only those into `right_scan` (or `left_scan`, when
// inner) when given: the pattern that the input is a scan of, without ranges. `out` may hold other ways to the same
// result; only those are appended that cost less, or less than all that are sorted by the same variable.
void join_choices(JoinKind kind, const NodePtr& left, const NodePtr& right, const Scan* left_scan,
                  const Scan* right_scan, std::vector<JoinChoice>& out);
[[nodiscard]] NodePtr make_join(const JoinChoice& choice, NodePtr left, NodePtr right, const SlotSet& needed);
// A join by hash whose conditions are looked at for each pair.
[[nodiscard]] NodePtr make_conditional_join(JoinKind kind, NodePtr left, NodePtr right,
                                            std::vector<algebra::Expression> conditions, bool needs_common,
                                            const SlotSet& needed);

// `solutions` and `cost`, inputs included, as expected.
[[nodiscard]] NodePtr make_leapfrog(std::vector<Slot> variables, std::vector<NodePtr> inputs, const SlotSet& needed,
                                    double solutions, double cost);
[[nodiscard]] NodePtr make_triple_parts(TripleParts parts, NodePtr input, const SlotSet& needed);
[[nodiscard]] NodePtr make_union(std::vector<NodePtr> inputs, std::optional<Slot> sorted, const SlotSet& needed);
[[nodiscard]] NodePtr make_filter(NodePtr input, std::vector<algebra::Expression> conditions, const SlotSet& needed);
[[nodiscard]] NodePtr make_extend(NodePtr input, std::vector<std::pair<Slot, algebra::Expression>> bindings);
// The node, without columns that nobody needs.
[[nodiscard]] NodePtr narrowed(NodePtr node, const SlotSet& needed);
[[nodiscard]] NodePtr make_project(NodePtr input, const std::vector<Slot>& columns);
[[nodiscard]] NodePtr make_group(NodePtr input, Group group);
[[nodiscard]] NodePtr make_distinct(NodePtr input, bool ordered);
[[nodiscard]] NodePtr make_in_graph(NodePtr input, runtime::ActiveGraph graph);
[[nodiscard]] NodePtr make_reduced(NodePtr input);
[[nodiscard]] NodePtr make_sort(NodePtr input, Sort sort);
[[nodiscard]] NodePtr make_slice(NodePtr input, Slice slice);
[[nodiscard]] NodePtr make_keep(std::uint32_t number, NodePtr source, NodePtr result);
[[nodiscard]] NodePtr make_kept_rows(std::uint32_t number, const NodePtr& source);
[[nodiscard]] NodePtr make_kept_keys(std::uint32_t number, const NodePtr& source, const std::vector<Slot>& slots);
[[nodiscard]] NodePtr make_opaque(Node::Operator op, std::vector<NodePtr> inputs, std::vector<Slot> columns,
                                  std::vector<Slot> certain, double solutions, double cost);

// Expected rows for which conditions hold, of each row.
[[nodiscard]] double selectivity(const std::vector<algebra::Expression>& conditions);

}  // namespace akyn::plan
