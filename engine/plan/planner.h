// From algebra to physical plans.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/expr/functions.h"
#include "engine/plan/cardinality.h"
#include "engine/plan/id_ranges.h"
#include "engine/plan/join_order.h"
#include "engine/plan/nodes.h"
#include "engine/plan/plan.h"
#include "engine/plan/slot_set.h"
#include "engine/runtime/active_graph.h"
#include "engine/runtime/local_terms.h"

namespace akyn::plan {

struct PlannerOptions {
  // False: operators in the sequence of the text, joined by hash. For tests.
  bool optimize = true;
  // Cycles of patterns are joined at once whatever that is expected to cost. For tests.
  bool cycles_at_once = false;
  // Nanoseconds of expected work that are worth several threads; for tests zero: whatever can be shared out is.
  double parallel_work = 4e6;
};

// For patterns of one query in one run. Everything given must outlive it. One thread at a time. Throws Error(limit) for
// a query with too many operators one upon the other, Error(io), Error(corruption).
class Planner {
 public:
  Planner(const algebra::VariableTable& variables, runtime::LocalTerms& terms, const runtime::Dataset& dataset,
          runtime::Budget& budget, expr::Context& functions, PlannerOptions options = {});

  // The solutions of a pattern over an active graph, in (some of) the `needed` columns. `limit`: no more rows are asked
  // for.
  [[nodiscard]] NodePtr plan(const algebra::Node& pattern, const runtime::ActiveGraph& graph,
                             const std::vector<Slot>& needed, std::optional<std::uint64_t> limit = std::nullopt);

 private:
  // Where triples are matched.
  struct Where {
    runtime::ActiveGraph graph;
    std::optional<Slot> name;  // of GRAPH ?g
    std::shared_ptr<const std::vector<Id>> names;
  };
  struct Asked {
    SlotSet needed;
    std::optional<std::uint64_t> limit;
  };

  [[nodiscard]] Alternatives node(const algebra::Node& pattern, const Where& where, const Asked& asked);

  // Joins, filters and their leaves as one group; with one more part where given.
  [[nodiscard]] Alternatives group(const algebra::Node& pattern, const Where& where, const SlotSet& needed,
                                   std::optional<JoinPart> more = std::nullopt);
  struct Flat;
  void flatten(const algebra::Node& pattern, const Where& where, Flat& flat);
  void add_triple(const algebra::Triple& triple, const Where& where, Flat& flat);
  void add_path(const algebra::PathPattern& path, const Where& where, Flat& flat);
  void add_path_search(const algebra::PathSearch& search, const Where& where, Flat& flat);
  void add_negated_set(const algebra::PathPattern& path, const sparql::PathNegated& set, const Where& where,
                       Flat& flat);
  // The position of a term in a triple; patterns within triple terms become parts of their own.
  [[nodiscard]] Position position(const algebra::PatternTerm& term, Flat& flat);
  // What conditions on one variable of a pattern come to: ranges of its Ids, and the conditions that have to be looked
  // at where these are not what is scanned, or hold more.
  struct Narrowing {
    Slot slot = 0;
    IdRanges ids;
    std::vector<algebra::Expression> conditions;
  };
  [[nodiscard]] JoinPart scan_part(Scan scan);
  [[nodiscard]] Alternatives scans(const Scan& scan, const std::vector<Narrowing>& narrowings, const SlotSet& needed);
  // Takes conditions on one variable out of the group and gives them to its patterns.
  void narrow_scans(Flat& flat);
  [[nodiscard]] Alternatives in_sequence(Flat& flat, const SlotSet& needed);

  // OPTIONAL, MINUS and EXISTS: `right` beside each plan of `left`.
  struct Beside {
    JoinKind kind;
    const algebra::Node* right;
    std::vector<algebra::Expression> conditions;
    bool needs_common = false;
  };
  [[nodiscard]] Alternatives beside(const Alternatives& left, const Beside& beside, const Where& where,
                                    const SlotSet& needed);
  [[nodiscard]] Alternatives chain(const algebra::Node& pattern, const Where& where, const SlotSet& needed);
  [[nodiscard]] Alternatives left_join(const Alternatives& left, const algebra::LeftJoin& op, algebra::NodePtr right,
                                       const Where& where, const SlotSet& needed);
  [[nodiscard]] Alternatives union_of(const algebra::Node& pattern, const Where& where, const SlotSet& needed);
  [[nodiscard]] Alternatives extend(const algebra::Node& pattern, const Where& where, const Asked& asked);
  [[nodiscard]] Alternatives unnest(const algebra::Node& pattern, const Where& where, const Asked& asked);
  [[nodiscard]] Alternatives graph(const algebra::Node& pattern, const Where& where, const SlotSet& needed);
  [[nodiscard]] Alternatives service(const algebra::Node& pattern, Alternatives known, const SlotSet& needed);
  [[nodiscard]] Alternatives grouping(const algebra::Node& pattern, const Where& where);
  [[nodiscard]] Alternatives order_by(const algebra::Node& pattern, const Where& where, const Asked& asked);
  [[nodiscard]] Alternatives project(const algebra::Node& pattern, const Where& where, const Asked& asked);
  [[nodiscard]] Alternatives distinct(const algebra::Node& pattern, const Where& where, const Asked& asked);
  [[nodiscard]] Alternatives slice(const algebra::Node& pattern, const Where& where, const Asked& asked);

  // Expressions as columns: variables are what they are, the rest is put into new slots by an Extend.
  [[nodiscard]] Slot column_for(const algebra::Expression& expression,
                                std::vector<std::pair<Slot, algebra::Expression>>& bindings);
  [[nodiscard]] Slot fresh() noexcept { return next_slot_++; }
  [[nodiscard]] Id id_of(const algebra::Constant& constant);

  const algebra::VariableTable& variables_;
  runtime::LocalTerms& terms_;
  const runtime::Dataset& dataset_;
  runtime::Budget& budget_;
  expr::Context& functions_;
  PlannerOptions options_;
  Cardinality cardinality_;
  Slot next_slot_;   // beyond those of the query
  SlotSet lengths_;  // paths in whose place their lengths are asked for
  std::uint32_t next_kept_ = 0;
  std::size_t depth_ = 0;
  std::size_t narrowed_ = 0;
};

}  // namespace akyn::plan
