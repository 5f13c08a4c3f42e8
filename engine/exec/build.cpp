#include "engine/exec/build.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/algebra/correlate.h"
#include "engine/exec/column_expressions.h"
#include "engine/exec/distinct_operator.h"
#include "engine/exec/expression_facts.h"
#include "engine/exec/extend_operator.h"
#include "engine/exec/filter_operator.h"
#include "engine/exec/graph_loop.h"
#include "engine/exec/group_operator.h"
#include "engine/exec/hash_join.h"
#include "engine/exec/key_table.h"
#include "engine/exec/leapfrog_join.h"
#include "engine/exec/lookup_join.h"
#include "engine/exec/merge_join.h"
#include "engine/exec/parallel_operator.h"
#include "engine/exec/path_operator.h"
#include "engine/exec/path_search_operator.h"
#include "engine/exec/project_operator.h"
#include "engine/exec/scan_operator.h"
#include "engine/exec/service_operator.h"
#include "engine/exec/slice_operator.h"
#include "engine/exec/sort_operator.h"
#include "engine/exec/sources.h"
#include "engine/exec/triple_parts.h"
#include "engine/exec/union_operator.h"
#include "engine/exec/unnest_operator.h"
#include "engine/plan/certain.h"

namespace akyn::exec {

namespace {

// The columns of both, each once.
std::vector<Slot> all_columns_of(const Operator& left, const Operator& right) {
  std::vector<Slot> columns = left.columns();
  for (const Slot slot : right.columns()) {
    if (!left.column_of(slot)) columns.push_back(slot);
  }
  return columns;
}

bool any_exists(const std::vector<algebra::Expression>& conditions) {
  return std::any_of(conditions.begin(), conditions.end(),
                     [](const algebra::Expression& part) { return plan::mentions_of(*part).has_exists; });
}

}  // namespace

// EXISTS that are not joins: the pattern is planned and run for each different combination of what it can see.
class Builder::Exists final : public ExistsEvaluator {
 public:
  Exists(Builder& builder, runtime::ActiveGraph graph) : builder_(builder), graph_(std::move(graph)) {}

  [[nodiscard]] bool exists(const algebra::ExistsOperator& op, std::span<const Id> row,
                            const std::vector<Slot>& columns) override {
    Run& run = builder_.run();
    Known& known = known_for(op, columns);
    std::vector<std::uint64_t> key;
    for (const std::size_t column : known.columns) key.push_back(row[column].bits());
    if (const std::uint32_t number = known.rows.find(key.data()); number != KeyTable::kNone) {
      return known.answers[number];
    }
    algebra::Context context;
    for (const std::size_t column : known.columns) {
      if (!row[column].is_bound()) continue;
      context.emplace(columns[column], algebra::Constant{run.terms().term(row[column]), row[column]});
    }
    const algebra::NodePtr pattern = algebra::in_context(op.pattern, context);
    Batch batch;
    const bool answer = builder_.open(*pattern, graph_, {}, 1)->next(batch);
    // Nothing is lost but time when they are found out again.
    if (known.rows.memory_bytes() > run.budget().available() / 4) known.forget();
    known.rows.insert(key.data());
    known.answers.push_back(answer);
    known.charge.set(known.rows.memory_bytes());
    return answer;
  }

  [[nodiscard]] const runtime::ActiveGraph& graph() const noexcept { return graph_; }

 private:
  // Answers so far of one EXISTS over rows of certain columns.
  struct Known {
    Known(runtime::Budget& budget, std::vector<Slot> all, std::vector<std::size_t> seen)
        : row(std::move(all)), columns(std::move(seen)), rows(columns.size()), charge(budget) {}
    void forget() {
      rows = KeyTable(columns.size());
      answers.clear();
    }
    std::vector<Slot> row;
    std::vector<std::size_t> columns;  // that the pattern can see
    KeyTable rows;
    std::vector<bool> answers;
    Charge charge;
  };

  Known& known_for(const algebra::ExistsOperator& op, const std::vector<Slot>& columns) {
    std::vector<std::unique_ptr<Known>>& all = known_[&op];
    for (const auto& known : all) {
      if (known->row == columns) return *known;
    }
    std::vector<std::size_t> seen;
    const plan::SlotSet mentioned(algebra::mentions_of(*op.pattern));
    const bool minus = algebra::has_minus(*op.pattern);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool named =
          columns[i] < builder_.run().variables().size() && builder_.run().variables().is_named(columns[i]);
      if (minus ? named : mentioned.has(columns[i])) seen.push_back(i);
    }
    all.push_back(std::make_unique<Known>(builder_.run().budget(), columns, std::move(seen)));
    return *all.back();
  }

  Builder& builder_;
  runtime::ActiveGraph graph_;
  std::unordered_map<const algebra::ExistsOperator*, std::vector<std::unique_ptr<Known>>> known_;
};

struct Builder::Visitor {
  Builder& builder;
  const plan::NodePtr& shared;
  const plan::Node& node;
  const runtime::ActiveGraph& graph;
  bool ordered;
  plan::SlotSet kept;            // of its columns
  mutable bool passing = false;  // some input is, and so is what is made

  [[nodiscard]] Run& run() const { return builder.run(); }
  // Most operators hand the order of their input on.
  [[nodiscard]] OperatorPtr input(std::size_t i) const { return input(i, ordered); }
  [[nodiscard]] OperatorPtr input(std::size_t i, bool in_order) const {
    return builder.build(node.inputs[i], graph, {.ordered = in_order});
  }
  // An input of an operator that does not look back at its rows: no more of its columns are kept than of the operator's
  // own, and these.
  [[nodiscard]] OperatorPtr passing_input(std::size_t i, const plan::SlotSet& also = {}) const {
    return passing_input(i, ordered, also);
  }
  [[nodiscard]] OperatorPtr passing_input(std::size_t i, bool in_order, const plan::SlotSet& also = {}) const {
    plan::SlotSet all = kept;
    all.add(also);
    OperatorPtr made = builder.build(node.inputs[i], graph, {.ordered = in_order, .kept = all});
    passing = passing || made->is_passing();
    return made;
  }

  OperatorPtr operator()(const plan::Unit&) const {
    auto one_row = std::make_shared<const std::vector<std::vector<Id>>>(1);
    return std::make_unique<RowsOperator>(run(), std::vector<Slot>(), std::move(one_row), std::vector<Slot>());
  }
  OperatorPtr operator()(const plan::Empty&) const {
    auto no_rows = std::make_shared<const std::vector<std::vector<Id>>>();
    return std::make_unique<RowsOperator>(run(), node.columns, std::move(no_rows), node.columns);
  }
  OperatorPtr operator()(const plan::Rows& op) const {
    return std::make_unique<RowsOperator>(
        run(), op.slots, std::shared_ptr<const std::vector<std::vector<Id>>>(shared, &op.rows), node.columns);
  }
  OperatorPtr operator()(const plan::Scan& op) const {
    if (builder.part_ != nullptr) {
      const auto& narrowed = builder.part_->whole->narrowed;
      if (std::find(narrowed.begin(), narrowed.end(), &node) != narrowed.end()) {
        plan::Scan part = op;
        part.ranges = plan::within(op.ranges, builder.part_->range);
        return std::make_unique<ScanOperator>(run(), part, node.columns);
      }
    }
    return std::make_unique<ScanOperator>(run(), op, node.columns);
  }
  OperatorPtr operator()(const plan::KeptRows& op) const {
    return std::make_unique<KeptRowsOperator>(run(), builder.kept_.at(op.number), node.columns);
  }
  OperatorPtr operator()(const plan::KeptKeys& op) const {
    return std::make_unique<KeptKeysOperator>(run(), builder.kept_.at(op.number), node.columns);
  }
  OperatorPtr operator()(const plan::Keep& op) const {
    OperatorPtr source = input(0, true);
    const auto table = std::make_shared<KeptTable>(run(), source->columns());
    builder.kept_[op.number] = table;
    return std::make_unique<KeepOperator>(run(), table, std::move(source), passing_input(1));
  }
  OperatorPtr operator()(const plan::Join& op) const {
    if (op.method == plan::Join::Method::merge) {
      return std::make_unique<MergeJoinOperator>(run(), op.kind, input(0, true), input(1, true), op.keys, op.loose,
                                                 node.columns);
    }
    OperatorPtr left = passing_input(0);
    switch (op.method) {
      case plan::Join::Method::merge:
        break;
      case plan::Join::Method::lookup: {
        std::vector<Slot> open;
        for (const std::vector<Slot>* common : {&op.keys, &op.loose}) {
          for (const Slot slot : *common) {
            if (!node.inputs[0]->is_certain(slot)) open.push_back(slot);
          }
        }
        return std::make_unique<LookupJoinOperator>(run(), op.kind, std::move(left),
                                                    std::get<plan::Scan>(node.inputs[1]->op), op.keys, op.loose, open,
                                                    node.columns);
      }
      case plan::Join::Method::hash:
        break;
    }
    OperatorPtr right = input(1, false);
    HashJoinSpec spec;
    spec.kind = op.kind;
    spec.keys = op.keys;
    spec.loose = op.loose;
    spec.ordered = ordered;
    spec.needs_common = op.needs_common;
    if (!op.conditions.empty()) {
      spec.condition_columns = all_columns_of(*left, *right);
      ExistsEvaluator* const exists = any_exists(op.conditions) ? builder.exists_for(graph) : nullptr;
      auto expressions = std::make_shared<ColumnExpressions>(run(), spec.condition_columns, exists);
      spec.condition = [expressions, conditions = op.conditions](const Batch& batch, std::vector<std::uint32_t>& rows) {
        expressions->matching(conditions, batch, rows);
      };
    }
    return std::make_unique<HashJoinOperator>(run(), std::move(spec), std::move(left), std::move(right), node.columns);
  }
  OperatorPtr operator()(const plan::Leapfrog& op) const {
    std::vector<OperatorPtr> inputs;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(input(i, true));
    return std::make_unique<LeapfrogJoinOperator>(run(), op.variables, std::move(inputs), node.columns);
  }
  OperatorPtr operator()(const plan::TripleParts& op) const {
    return std::make_unique<TriplePartsOperator>(run(), input(0), op, node.columns);
  }
  OperatorPtr operator()(const plan::Union& op) const {
    std::vector<OperatorPtr> inputs;
    if (op.sorted.empty()) {
      for (std::size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(passing_input(i));
      return std::make_unique<UnionOperator>(run(), std::move(inputs), node.columns);
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(input(i, true));
    return std::make_unique<SortedUnionOperator>(run(), std::move(inputs), op.sorted.front(), node.columns);
  }
  OperatorPtr operator()(const plan::Filter& op) const {
    ExistsEvaluator* const exists = any_exists(op.conditions) ? builder.exists_for(graph) : nullptr;
    return std::make_unique<FilterOperator>(run(), passing_input(0), op.conditions, exists);
  }
  OperatorPtr operator()(const plan::Extend& op) const {
    bool has_exists = false;
    for (const auto& [slot, expression] : op.bindings) has_exists |= plan::mentions_of(*expression).has_exists;
    plan::SlotSet also = kept;
    for (auto binding = op.bindings.rbegin(); binding != op.bindings.rend(); ++binding) {
      if (also.has(binding->first)) also.add(handed_on(*binding->second));
    }
    return std::make_unique<ExtendOperator>(run(), passing_input(0, also), op.bindings,
                                            has_exists ? builder.exists_for(graph) : nullptr);
  }
  OperatorPtr operator()(const plan::Path& op) const {
    const auto end = [&](const algebra::PatternTerm& term) -> PathEnd {
      if (const auto* variable = std::get_if<algebra::Variable>(&term)) return variable->slot;
      const auto& constant = std::get<algebra::Constant>(term);
      return constant.id.is_bound() ? constant.id : run().terms().id(constant.term);
    };
    OperatorPtr before = node.inputs.empty() ? nullptr : input(0);
    OperatorPtr path =
        std::make_unique<PathOperator>(run(), builder.path_graph(op.graph), *op.pattern.path, end(op.pattern.subject),
                                       end(op.pattern.object), std::move(before));
    if (path->columns() == node.columns) return path;
    return std::make_unique<ProjectOperator>(run(), std::move(path), node.columns);
  }
  OperatorPtr operator()(const plan::PathSearch& op) const {
    OperatorPtr before;
    if (!node.inputs.empty()) {
      plan::SlotSet ends;
      for (const algebra::PatternTerm* end : {&op.search->subject, &op.search->object}) {
        if (const auto* variable = std::get_if<algebra::Variable>(end)) ends.add(variable->slot);
      }
      before = passing_input(0, false, ends);
    }
    const auto plan = [&builder = builder, named = op.graph](const algebra::Node& pattern,
                                                             const std::vector<Slot>& needed, OperatorPtr* operators) {
      const plan::NodePtr made = builder.plan_pattern(pattern, named, needed);
      if (operators != nullptr) *operators = builder.build_nested(made, named);
      return made->cost;
    };
    const bool has_exists = std::any_of(op.search->inner.begin(), op.search->inner.end(),
                                        [](const auto& inner) { return any_exists(inner.conditions); });
    return std::make_unique<PathSearchOperator>(run(), op.search, op.wanted, builder.path_graph(op.graph),
                                                std::make_unique<StepEdges>(run(), op.search->steps, plan),
                                                has_exists ? builder.exists_for(op.graph) : nullptr, std::move(before),
                                                node.has(op.search->path) && !kept.has(op.search->path), node.columns);
  }
  OperatorPtr operator()(const plan::Unnest& op) const {
    ExistsEvaluator* const exists =
        plan::mentions_of(*op.unnest.expression).has_exists ? builder.exists_for(graph) : nullptr;
    return std::make_unique<UnnestOperator>(run(), passing_input(0), op.unnest, exists, !kept.has(op.unnest.edge),
                                            node.columns);
  }
  OperatorPtr operator()(const plan::Service& op) const {
    return std::make_unique<ServiceOperator>(run(), op.service, op.pattern, input(0), node.columns);
  }
  OperatorPtr operator()(const plan::GraphLoop& op) const {
    std::vector<Slot> needed = algebra::scope_of(*op.pattern);
    std::erase_if(needed, [&](Slot slot) {
      return slot != op.name && std::find(node.columns.begin(), node.columns.end(), slot) == node.columns.end();
    });
    const auto open = [&builder = builder, pattern = op.pattern, needed,
                       kept = kept](const runtime::ActiveGraph& named) {
      return builder.open(*pattern, named, needed, std::nullopt, {.kept = kept});
    };
    passing = true;
    return std::make_unique<GraphLoopOperator>(run(), op.name, open, node.columns);
  }
  OperatorPtr operator()(const plan::InGraph& op) const {
    return builder.build(node.inputs[0], op.graph, {.ordered = ordered, .kept = kept});
  }
  // Of counted cells nothing matters but whether they are bound.
  static plan::SlotSet kept_by(const plan::Group& op) {
    plan::SlotSet kept(op.keys);
    for (const plan::Group::Aggregate& each : op.aggregates) {
      if (each.aggregate.kind != expr::AggregateKind::count || each.aggregate.distinct) kept.add(each.arguments);
    }
    return kept;
  }
  OperatorPtr operator()(const plan::Group& op) const {
    std::vector<GroupAggregate> aggregates;
    const bool neighbours = std::any_of(op.aggregates.begin(), op.aggregates.end(),
                                        [](const plan::Group::Aggregate& aggregate) { return aggregate.sorted; });
    const bool in_order = op.sorted || neighbours || (op.partial && ordered);
    OperatorPtr from = builder.build(node.inputs[0], graph, {.ordered = in_order, .kept = kept_by(op)});
    for (const plan::Group::Aggregate& each : op.aggregates) {
      GroupAggregate& made = aggregates.emplace_back();
      made.kind = each.aggregate.kind;
      made.distinct = each.aggregate.distinct;
      made.rows = each.aggregate.kind == expr::AggregateKind::count && each.aggregate.arguments.empty();
      made.arguments = each.arguments;
      made.separator = each.aggregate.separator;
      made.iri = each.aggregate.iri;
      made.result = each.aggregate.slot;
      made.sorted = each.sorted;
    }
    // What no solution binds is a column too, unbound.
    std::vector<Slot> wanted = from->columns();
    const auto want = [&](Slot slot) {
      if (std::find(wanted.begin(), wanted.end(), slot) == wanted.end()) wanted.push_back(slot);
    };
    for (const Slot key : op.keys) want(key);
    for (const GroupAggregate& aggregate : aggregates) {
      for (const Slot slot : aggregate.arguments) want(slot);
    }
    if (wanted.size() != from->columns().size()) {
      from = std::make_unique<ProjectOperator>(run(), std::move(from), std::move(wanted));
    }
    return std::make_unique<GroupOperator>(run(), std::move(from), op.keys, aggregates, op.sorted, op.partial);
  }
  OperatorPtr operator()(const plan::Distinct& op) const {
    return std::make_unique<DistinctOperator>(run(), input(0, ordered || op.sorted || op.ordered),
                                              op.sorted               ? DistinctInput::sorted
                                              : op.ordered || ordered ? DistinctInput::ordered
                                                                      : DistinctInput::anything);
  }
  OperatorPtr operator()(const plan::Reduced&) const {
    return std::make_unique<ReducedOperator>(run(), passing_input(0));
  }
  OperatorPtr operator()(const plan::Sort& op) const {
    // With a limit it holds what it keeps by itself.
    OperatorPtr from = op.limit ? passing_input(0, false) : input(0, false);
    std::vector<SortKey> keys;
    for (const plan::Sort::Key& key : op.keys) {
      // What no solution binds orders nothing.
      if (from->column_of(key.slot)) keys.push_back({key.slot, key.descending});
    }
    return std::make_unique<SortOperator>(run(), std::move(from), keys, op.limit);
  }
  OperatorPtr operator()(const plan::Slice& op) const {
    return std::make_unique<SliceOperator>(run(), passing_input(0), op.offset, op.limit);
  }
  OperatorPtr operator()(const plan::Project&) const {
    return std::make_unique<ProjectOperator>(run(), passing_input(0), node.columns);
  }
  OperatorPtr operator()(const plan::Parallel& op) const {
    const auto open = [&builder = builder, node = shared, &op, graph = graph, ordered = ordered](
                          Run& run, std::size_t part) -> OperatorPtr {
      const Part built{&run, &op, op.parts[part]};
      const Part* const before = std::exchange(builder.part_, &built);
      OperatorPtr result = builder.build(node->inputs[0], graph, {.ordered = ordered});
      builder.part_ = before;
      if (result->columns() == node->columns) return result;
      return std::make_unique<ProjectOperator>(run, std::move(result), node->columns);
    };
    return std::make_unique<ParallelOperator>(run(), open, op.parts.size(), threads_of(run()), node.columns);
  }
};

Builder::Builder(Run& run, plan::PlannerOptions options) : run_(run), options_(options) {}
Builder::~Builder() = default;

std::shared_ptr<path::Graph> Builder::path_graph(const runtime::ActiveGraph& graph) {
  for (const auto& [active, known] : path_graphs_) {
    if (active == graph) return known;
  }
  path_graphs_.emplace_back(graph, std::make_shared<path::Graph>(graph, run_.terms(), run_.budget()));
  return path_graphs_.back().second;
}

ExistsEvaluator* Builder::exists_for(const runtime::ActiveGraph& graph) {
  const auto found =
      std::find_if(exists_.begin(), exists_.end(), [&](const auto& known) { return known->graph() == graph; });
  if (found != exists_.end()) return found->get();
  exists_.push_back(std::make_unique<Exists>(*this, graph));
  return exists_.back().get();
}

OperatorPtr Builder::build(const plan::NodePtr& node, const runtime::ActiveGraph& graph, const RowsUse& use) {
  plan::SlotSet kept;
  for (const Slot slot : node->columns) {
    if (!use.kept || use.kept->has(slot)) kept.add(slot);
  }
  const Visitor visitor{*this, node, *node, graph, use.ordered, std::move(kept)};
  OperatorPtr made = std::visit(visitor, node->op);
  if (visitor.passing) made->set_passing();
  if (depth_ == 0) operators_[node.get()].push_back(made.get());
  return made;
}

void Builder::finish() noexcept {
  for (const auto& [node, operators] : operators_) {
    for (Operator* const each : operators) each->finish();
  }
}

plan::NodePtr Builder::plan_pattern(const algebra::Node& pattern, const runtime::ActiveGraph& graph,
                                    const std::vector<Slot>& needed, std::optional<std::uint64_t> limit) {
  plan::Planner planner(run_.variables(), run_.terms(), run_.dataset(), run_.budget(), run_.functions(), options_);
  return planner.plan(pattern, graph, needed, limit);
}

OperatorPtr Builder::build_nested(const plan::NodePtr& plan, const runtime::ActiveGraph& graph, const RowsUse& use) {
  auto kept = std::exchange(kept_, {});
  ++depth_;
  OperatorPtr result = build(plan, graph, use);
  --depth_;
  kept_ = std::move(kept);
  return result;
}

OperatorPtr Builder::open(const algebra::Node& pattern, const runtime::ActiveGraph& graph,
                          const std::vector<Slot>& needed, std::optional<std::uint64_t> limit, const RowsUse& use) {
  return build_nested(plan_pattern(pattern, graph, needed, limit), graph, use);
}

}  // namespace akyn::exec
